/** Owner: billing. Calls to Stripe with their keys, what came back, and vendors' money on its way. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class StripeAndPayouts1795300000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table billing.external_call (
        id uuid primary key,
        operation text not null,
        -- Fixed with the first attempt, so that a repeat says the same to the letter; Stripe refuses a key with other parameters.
        params jsonb,
        -- The id, until Stripe stops answering for that key and a look-up has found nothing.
        idempotency_key uuid not null unique,
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
        country text not null,
        email text not null,
        payouts_enabled boolean not null,
        created_at timestamptz not null
      );

      create table billing.payment (
        id uuid primary key,
        buyer_id uuid not null,
        amount_minor bigint not null check (amount_minor > 0),
        currency text not null,
        state text not null check (state in ('planned', 'processing', 'succeeded', 'failed')),
        external_call_id uuid not null unique references billing.external_call (id),
        stripe_payment_intent_id text unique,
        stripe_charge_id text,
        -- What Stripe kept of it, and from when on the rest can be paid out; known a little after the payment.
        stripe_fee_minor bigint,
        available_at timestamptz,
        failure text,
        created_at timestamptz not null,
        checked_at timestamptz,
        settled_at timestamptz
      );
      create index payment_unsettled on billing.payment (created_at) where state in ('planned', 'processing') or (state = 'succeeded' and stripe_fee_minor is null);

      alter table billing.invoice add foreign key (payment_id) references billing.payment (id);
      -- One attempt at a time: a second payment for the same invoice could collect twice.
      create function billing.keep_payment() returns trigger language plpgsql as $$
      begin
        if exists (select from billing.payment where payment.id = old.payment_id and payment.state <> 'failed') then
          raise exception 'invoice % is being collected by payment %', old.number, old.payment_id using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      create trigger keep_payment before update on billing.invoice for each row
        when (old.payment_id is not null and new.payment_id is distinct from old.payment_id) execute function billing.keep_payment();

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
        -- What arrived at the vendor's Stripe account; less than the amount when some of it was refused and given back.
        sent_minor bigint check (sent_minor between 0 and amount_minor),
        state text not null check (state in ('reserved', 'sent', 'paid', 'returned', 'void')),
        account_id text not null,
        external_call_id uuid not null unique references billing.external_call (id),
        stripe_payout_id text unique,
        failure text,
        created_at timestamptz not null,
        sent_at timestamptz,
        -- When to look at it again: Stripe lets money go days after the charge.
        due_at timestamptz not null,
        paid_at timestamptz,
        unique (vendor_id, currency, run_id)
      );
      create index payout_due on billing.payout (due_at) where state in ('reserved', 'sent');

      -- A payout has one transfer for each charge that its money comes from, for Stripe ties a transfer to one charge.
      create table billing.transfer (
        id uuid primary key,
        payout_id uuid not null references billing.payout (id),
        payment_id uuid not null references billing.payment (id),
        amount_minor bigint not null check (amount_minor > 0),
        external_call_id uuid not null unique references billing.external_call (id),
        stripe_transfer_id text unique,
        failure text,
        unique (payout_id, payment_id)
      );
      alter table billing.invoice_line add foreign key (transfer_id) references billing.transfer (id);
    `);
  }

  down = forwardOnly;
}
