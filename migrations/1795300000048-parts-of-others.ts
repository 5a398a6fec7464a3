/** Owner: billing. What resellers and projects inside products are owed of lines that were paid for. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class PartsOfOthers1795300000048 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table billing.part_share (
        id uuid primary key,
        line_id uuid not null references billing.invoice_line (id),
        kind text not null check (kind in ('reseller', 'upstream')),
        organization_id uuid not null,
        currency text not null,
        -- What was added to what it is owed; below zero when some of the line went back.
        amount_minor bigint not null,
        -- Of the line, when this was reckoned.
        left_minor bigint not null,
        created_at timestamptz not null,
        -- The payout that carried it.
        payout_id uuid references billing.payout (id)
      );
      create index part_share_line on billing.part_share (line_id, created_at);
      create index part_share_waiting on billing.part_share (organization_id, currency) where payout_id is null;
      revoke update, delete on billing.part_share from billing;
      grant update (payout_id) on billing.part_share to billing;
    `);
  }

  down = forwardOnly;
}
