/** Owner: billing. Periods that tile time, exact charges, immutable invoices with gapless numbers. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Invoicing1795300000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table billing.period (
        id uuid primary key,
        subscription_id uuid not null,
        buyer_id uuid not null,
        currency text not null,
        starts_at timestamptz not null,
        ends_at timestamptz not null check (ends_at > starts_at),
        state text not null check (state in ('open', 'rated', 'invoiced')),
        input_sha bytea,
        exclude using gist (subscription_id with =, tstzrange(starts_at, ends_at) with &&)
      );
      create index period_due on billing.period (state, ends_at);
      create index period_buyer on billing.period (buyer_id, currency, ends_at);

      create table billing.charge (
        id uuid primary key,
        period_id uuid not null references billing.period (id),
        subscription_id uuid not null,
        buyer_id uuid not null,
        vendor_id uuid not null,
        product_id uuid not null,
        dimension text not null,
        price_version_id uuid not null,
        description text not null,
        unit text not null,
        -- What is due is quantity / unit_size * rate. Seconds at a price by the hour often have no last decimal, so it is not stored.
        quantity numeric(38, 0) not null,
        unit_size bigint not null check (unit_size > 0),
        rate numeric(38, 12) not null,
        currency text not null,
        rows_sha bytea not null,
        unique (period_id, dimension, price_version_id)
      );

      create table billing.invoice (
        id uuid primary key,
        buyer_id uuid not null,
        currency text not null,
        period_start timestamptz not null,
        period_end timestamptz not null,
        series text not null,
        number text unique,
        state text not null check (state in ('draft', 'open', 'paid')),
        total_minor bigint not null check (total_minor >= 0),
        created_at timestamptz not null,
        finalised_at timestamptz,
        due_at timestamptz,
        paid_at timestamptz,
        -- The payment that collects it. One that is too small to be collected waits for the next invoice's (docs/MONEY.md R12).
        payment_id uuid,
        unique (buyer_id, currency, period_start, series),
        check ((state = 'draft') = (number is null))
      );
      create index invoice_open on billing.invoice (buyer_id, currency) where state = 'open';
      create index invoice_payment on billing.invoice (payment_id);

      create table billing.invoice_line (
        id uuid primary key,
        invoice_id uuid not null references billing.invoice (id),
        ordinal integer not null,
        charge_id uuid not null unique references billing.charge (id),
        vendor_id uuid not null,
        product_id uuid not null,
        description text not null,
        unit text not null,
        quantity numeric(38, 0) not null,
        unit_size bigint not null check (unit_size > 0),
        rate numeric(38, 12) not null,
        amount_minor bigint not null,
        fee_basis_points integer not null check (fee_basis_points between 0 and 10000),
        fee_minor bigint not null,
        vendor_minor bigint not null,
        released_at timestamptz,
        -- The transfer that carries the vendor's part; empty again when Stripe definitively refused it.
        transfer_id uuid,
        unique (invoice_id, ordinal),
        check (fee_minor + vendor_minor = amount_minor)
      );
      create index invoice_line_unreleased on billing.invoice_line (invoice_id) where released_at is null;
      create index invoice_line_payable on billing.invoice_line (vendor_id) where released_at is not null and transfer_id is null;
      create index invoice_line_vendor on billing.invoice_line (vendor_id);
      create index invoice_line_transfer on billing.invoice_line (transfer_id);
      -- What was rated and invoiced stays: only the way of the vendor's part is still written down.
      revoke update, delete on billing.charge, billing.invoice_line from billing;
      grant update (released_at, transfer_id) on billing.invoice_line to billing;

      create table billing.invoice_counter (
        series text primary key,
        last bigint not null
      );

      create table billing.standing (
        buyer_id uuid primary key,
        state text not null check (state in ('good', 'past_due', 'suspended')),
        since timestamptz not null
      );

      -- A finalised invoice stays as it was sent; only its payment may still be noted.
      create function billing.keep_finalised() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          raise exception 'invoice % is finalised and cannot be deleted', old.number using errcode = 'restrict_violation';
        end if;
        if (new.id, new.buyer_id, new.currency, new.period_start, new.period_end, new.series, new.number, new.total_minor, new.finalised_at, new.due_at)
           is distinct from
           (old.id, old.buyer_id, old.currency, old.period_start, old.period_end, old.series, old.number, old.total_minor, old.finalised_at, old.due_at) then
          raise exception 'invoice % is finalised and cannot be changed', old.number using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      create trigger keep_finalised before update or delete on billing.invoice
        for each row when (old.state <> 'draft') execute function billing.keep_finalised();

      grant select on billing.standing to api, launcher;
    `);
  }

  down = forwardOnly;
}
