/** Owner: billing. Refunds and credit notes together never give back more than a line came to, nor more than was paid in money. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class CreditedIsNotRefunded1795300000046 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function billing.keep_returns() returns trigger language plpgsql as $$
      begin
        if exists (select from billing.invoice_line where invoice_line.id = new.line_id and invoice_line.amount_minor >= 0 and invoice_line.amount_minor
             < (select coalesce(sum(line_return.amount_minor), 0) from billing.line_return where line_return.line_id = new.line_id and line_return.undone_at is null)
             + (select coalesce(sum(credit_note_line.amount_minor), 0) from billing.credit_note_line where credit_note_line.line_id = new.line_id)) then
          raise exception 'more than line % would go back', new.line_id using errcode = 'restrict_violation';
        end if;
        if exists (select from billing.invoice join billing.invoice_line as own on own.invoice_id = invoice.id and own.id = new.line_id
             where invoice.total_minor - invoice.credit_minor - invoice.credited_minor < (select sum(line_return.amount_minor) from billing.line_return
               join billing.invoice_line on invoice_line.id = line_return.line_id
               where invoice_line.invoice_id = invoice.id and line_return.undone_at is null)) then
          raise exception 'more would go back than was paid for the invoice of line %', new.line_id using errcode = 'restrict_violation';
        end if;
        return null;
      end $$;
    `);
  }

  down = forwardOnly;
}
