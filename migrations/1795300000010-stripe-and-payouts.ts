/** Owner: billing. Calls to Stripe with their keys, what came back, and vendors' money on its way. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class StripeAndPayouts1795300000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table billing.external_call (
        id uuid primary key,
        operation text not null,
        params_sha bytea not null,
        state text not null check (state in ('planned', 'in_flight', 'succeeded', 'failed_final', 'unknown')),
        attempts integer not null default 0,
        created_at timestamptz not null,
        first_sent_at timestamptz,
        object_id text,
        last_error text
      );

      create table billing.stripe_customer (
        buyer_id uuid primary key,
        external_call_id uuid not null references billing.external_call (id),
        customer_id text unique,
        payment_method_id text,
        card_label text,
        created_at timestamptz not null
      );

      create table billing.stripe_account (
        vendor_id uuid primary key,
        external_call_id uuid not null references billing.external_call (id),
        account_id text unique,
        payouts_enabled boolean not null,
        created_at timestamptz not null
      );

      create table billing.payment (
        id uuid primary key,
        invoice_id uuid not null references billing.invoice (id),
        buyer_id uuid not null,
        amount_minor bigint not null check (amount_minor > 0),
        currency text not null,
        state text not null check (state in ('planned', 'processing', 'succeeded', 'failed')),
        external_call_id uuid not null references billing.external_call (id),
        stripe_payment_intent_id text unique,
        stripe_charge_id text,
        failure text,
        created_at timestamptz not null,
        settled_at timestamptz
      );
      -- One attempt at a time: a second intent for the same invoice could collect twice.
      create unique index payment_live on billing.payment (invoice_id) where state <> 'failed';

      create table billing.inbound_event (
        event_id text primary key,
        type text not null,
        object_id text not null,
        account text,
        received_at timestamptz not null,
        handled_at timestamptz
      );
      create index inbound_event_waiting on billing.inbound_event (received_at) where handled_at is null;

      create table billing.payout (
        id uuid primary key,
        vendor_id uuid not null,
        currency text not null,
        run_id text not null,
        amount_minor bigint not null check (amount_minor > 0),
        state text not null check (state in ('reserved', 'sent', 'paid', 'void')),
        transfer_call_id uuid not null references billing.external_call (id),
        payout_call_id uuid not null references billing.external_call (id),
        -- The Stripe charge that the money came from: a transfer tied to it need not wait for the charge to settle.
        source_charge_id text not null,
        stripe_transfer_id text unique,
        stripe_payout_id text unique,
        failure text,
        created_at timestamptz not null,
        look_at timestamptz not null,
        sent_at timestamptz,
        paid_at timestamptz,
        unique (vendor_id, currency, run_id)
      );
    `);
  }

  down = forwardOnly;
}
