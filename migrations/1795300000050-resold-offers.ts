/** Owner: api. Who resells a private offer, and the margin that its vendor agreed to. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class ResoldOffers1795300000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api.offer
        add column reseller_id uuid references api.organization (id),
        add column reseller_basis_points integer check (reseller_basis_points between 1 and 10000),
        add constraint offer_resold check ((reseller_id is null) = (reseller_basis_points is null) and (reseller_id is null or kind = 'private'));
    `);
  }

  down = forwardOnly;
}
