/** Facts about the calling account. Accounts themselves are made through the sign-in library. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import type { Me } from './accounts.schema.ts';

@Injectable()
export class Accounts {
  constructor(private readonly db: DataSource) {}

  async me(caller: Caller): Promise<Me> {
    const [organization] = await this.db.query(
      'select organization.id, organization.name, organization.slug, organization.kind, organization."awsAccountId" from api.organization where organization.id = $1',
      [caller.organizationId],
    );
    if (!organization) throw missing('organization');
    const [user] = await this.db.query('select "user".id, "user".name, "user".email from api."user" where "user".id = $1', [
      caller.userId,
    ]);
    return { user: user ?? null, organization };
  }
}
