/** Owner: billing. Invoices that nobody expects to be paid any more. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class WriteOffs1795300000043 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table billing.write_off (
        id uuid primary key,
        -- Once: what is paid after all is paid.
        invoice_id uuid not null unique references billing.invoice (id),
        amount_minor bigint not null check (amount_minor > 0),
        reason text not null,
        written_off_by text not null,
        written_off_at timestamptz not null,
        recovered_at timestamptz
      );
      revoke update, delete on billing.write_off from billing;
      grant update (recovered_at) on billing.write_off to billing;
    `);
  }

  down = forwardOnly;
}
