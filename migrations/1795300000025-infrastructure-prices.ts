/** Owner: launcher. What machines, volumes and snapshots cost at AWS: versions that are added to and never changed. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class InfrastructurePrices1795300000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table launcher.infrastructure_price (
        region text not null,
        kind text not null check (kind in ('instance', 'volume', 'snapshot')),
        -- An instance type, a volume type, or a storage tier of snapshots.
        type text not null,
        currency text not null check (currency ~ '^[a-z]{3}$'),
        -- Major units: for an hour of an instance, for a month of a GiB of a volume or a snapshot.
        rate numeric(38, 12) not null check (rate >= 0),
        -- Whole hours, for it is the price of the hour that applies.
        effective_from timestamptz not null check (effective_from = date_trunc('hour', effective_from, 'UTC')),
        source text not null,
        imported_at timestamptz not null,
        primary key (region, kind, type, currency, effective_from)
      );
      -- Costs were said by them, and shares of them were charged.
      revoke update, delete on launcher.infrastructure_price from launcher;
      grant select on launcher.infrastructure_price to api, billing;
    `);
  }

  down = forwardOnly;
}
