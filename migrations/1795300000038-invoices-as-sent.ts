/** Owner: billing. What is printed on an invoice is copied to it: the parties, their names, the order number, the terms. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class InvoicesAsSent1795300000038 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What a buyer wants printed on its invoices; its own to say.
      create table billing.buyer_details (
        buyer_id uuid primary key,
        legal_name text not null,
        address text[] not null,
        tax_id text,
        purchase_order text,
        updated_at timestamptz not null
      );
      -- How long a buyer may take to pay; the operator's to say. No row: at once.
      create table billing.buyer_terms (
        buyer_id uuid primary key,
        days integer not null check (days in (0, 15, 30, 45)),
        set_by text not null,
        set_at timestamptz not null
      );

      alter table billing.invoice
        add column issuer jsonb,
        add column bill_to jsonb,
        add column purchase_order text,
        add column terms_days integer not null default 0 check (terms_days in (0, 15, 30, 45)),
        -- When its collection was first asked for, because it had fallen due; null where that was when it was made.
        add column collection_asked_at timestamptz;
      grant update (collection_asked_at) on billing.invoice to billing;
      create index invoice_falls_due on billing.invoice (due_at) where state = 'open' and terms_days > 0 and collection_asked_at is null;

      -- Names as they were; null on invoices of an earlier version of billing.
      alter table billing.invoice_line
        add column product_name text,
        add column vendor_name text;

      -- Everything but how it is paid stays, also what later migrations add.
      create or replace function billing.keep_finalised() returns trigger language plpgsql as $$
      declare
        free constant text[] := array['state', 'paid_at', 'payment_id', 'collection_asked_at'];
      begin
        if tg_op = 'DELETE' then
          raise exception 'invoice % is finalised and cannot be deleted', old.number using errcode = 'restrict_violation';
        end if;
        if to_jsonb(new) - free is distinct from to_jsonb(old) - free then
          raise exception 'invoice % is finalised and cannot be changed', old.number using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
    `);
  }

  down = forwardOnly;
}
