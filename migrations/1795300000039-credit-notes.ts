/** Owner: billing. Credit notes: numbered without gaps, about lines of an invoice, never more than what is left of them. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class CreditNotes1795300000039 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table billing.credit_note (
        id uuid primary key,
        number text not null unique,
        invoice_id uuid not null references billing.invoice (id),
        buyer_id uuid not null,
        currency text not null,
        total_minor bigint not null check (total_minor > 0),
        reason text not null,
        -- The person, or the API key's organisation.
        issued_by text not null,
        issued_at timestamptz not null
      );
      create index credit_note_invoice on billing.credit_note (invoice_id);
      create index credit_note_buyer on billing.credit_note (buyer_id, issued_at);

      create table billing.credit_note_line (
        credit_note_id uuid not null references billing.credit_note (id),
        line_id uuid not null references billing.invoice_line (id),
        amount_minor bigint not null check (amount_minor <> 0),
        fee_minor bigint not null,
        vendor_minor bigint not null,
        primary key (credit_note_id, line_id),
        check (fee_minor + vendor_minor = amount_minor)
      );
      create index credit_note_line_line on billing.credit_note_line (line_id);

      -- Of the total, what credit notes took off what is due.
      alter table billing.invoice
        add column credited_minor bigint not null default 0 check (credited_minor >= 0),
        add constraint invoice_credited check (credit_minor + credited_minor <= total_minor);
      grant update (credited_minor) on billing.invoice to billing;

      revoke update, delete on billing.credit_note, billing.credit_note_line from billing;
      create trigger append_only before update or delete or truncate on billing.credit_note execute function billing.append_only();
      create trigger append_only before update or delete or truncate on billing.credit_note_line execute function billing.append_only();

      -- No more is credited than a line came to, and an invoice knows the sum of its notes, whoever writes.
      create function billing.keep_credit_notes() returns trigger language plpgsql as $$
      begin
        if exists (select from billing.invoice_line where invoice_line.id = new.line_id and invoice_line.amount_minor >= 0
             and invoice_line.amount_minor < (select sum(credit_note_line.amount_minor) from billing.credit_note_line where credit_note_line.line_id = new.line_id)) then
          raise exception 'more than line % would be credited', new.line_id using errcode = 'restrict_violation';
        end if;
        if exists (select from billing.credit_note
             join billing.invoice on invoice.id = credit_note.invoice_id
            where credit_note.id = new.credit_note_id and (
              invoice.credited_minor <> (select sum(own.total_minor) from billing.credit_note own where own.invoice_id = invoice.id)
              or credit_note.total_minor <> (select sum(part.amount_minor) from billing.credit_note_line part where part.credit_note_id = credit_note.id)
              or not exists (select from billing.invoice_line where invoice_line.id = new.line_id and invoice_line.invoice_id = invoice.id))) then
          raise exception 'credit note % does not add up', new.credit_note_id using errcode = 'restrict_violation';
        end if;
        return null;
      end $$;
      create constraint trigger keep_credit_notes after insert on billing.credit_note_line
        deferrable initially deferred for each row execute function billing.keep_credit_notes();

      -- As before; what credit notes took off only grows.
      create or replace function billing.keep_finalised() returns trigger language plpgsql as $$
      declare
        free constant text[] := array['state', 'paid_at', 'payment_id', 'collection_asked_at', 'credited_minor'];
      begin
        if tg_op = 'DELETE' then
          raise exception 'invoice % is finalised and cannot be deleted', old.number using errcode = 'restrict_violation';
        end if;
        if to_jsonb(new) - free is distinct from to_jsonb(old) - free or new.credited_minor < old.credited_minor then
          raise exception 'invoice % is finalised and cannot be changed', old.number using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
    `);
  }

  down = forwardOnly;
}
