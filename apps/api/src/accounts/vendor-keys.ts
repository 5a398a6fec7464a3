/** A vendor's access keys for the AWS metering wire: made, listed, revoked. Metering reads them. */
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { seal } from '#platform/seal.ts';
import { VendorKey } from '#tables/api/vendor-key.ts';
import { ApiConfig } from '../config.ts';
import type { NewVendorKey, VendorKeyView } from './vendor-keys.schema.ts';

const MOST_KEYS = 10;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

@Injectable()
export class VendorKeys {
  constructor(
    private readonly db: DataSource,
    private readonly config: ApiConfig,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `too_many_keys` at ten keys that are not revoked: rotate by revoking the old one. */
  async create(caller: Caller): Promise<NewVendorKey> {
    const accessKeyId = `AKIA${[...randomBytes(16)].map((byte) => BASE32[byte & 31]).join('')}`;
    const secretAccessKey = randomBytes(30).toString('base64');
    await this.db.transaction(async (tx) => {
      const keys = await tx.countBy(VendorKey, { vendorId: caller.organizationId, revokedAt: IsNull() });
      if (keys >= MOST_KEYS)
        throw new DomainError('conflict', 'too_many_keys', `There are ${MOST_KEYS} keys already; revoke one first.`);
      await tx.insert(VendorKey, {
        accessKeyId,
        vendorId: caller.organizationId,
        secretSealed: seal(this.config.SECRETS_KEY, `vendor_key:${accessKeyId}`, secretAccessKey),
        createdAt: this.clock.now(),
        revokedAt: null,
      });
    });
    return { accessKeyId, secretAccessKey };
  }

  async list(caller: Caller): Promise<VendorKeyView[]> {
    const keys = await this.db.manager.find(VendorKey, {
      where: { vendorId: caller.organizationId },
      order: { createdAt: 'asc' },
    });
    return keys.map((key) => ({
      accessKeyId: key.accessKeyId,
      createdAt: key.createdAt.toISOString(),
      revokedAt: key.revokedAt?.toISOString() ?? null,
    }));
  }

  /** Takes effect on the wire within seconds. Revoking twice is the same as once. */
  async revoke(caller: Caller, accessKeyId: string): Promise<void> {
    const key = await this.db.manager.findOneBy(VendorKey, { accessKeyId, vendorId: caller.organizationId });
    if (!key) throw missing('vendor_key');
    await this.db.manager.update(VendorKey, { accessKeyId, revokedAt: IsNull() }, { revokedAt: this.clock.now() });
  }
}
