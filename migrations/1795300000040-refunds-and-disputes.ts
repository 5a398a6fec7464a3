/** Owner: billing. Money that goes back to buyers, what of each line it is, and taking it back from vendors who have it. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class RefundsAndDisputes1795300000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REFUNDS);
    await runner.query(DISPUTES);
    await runner.query(RETURNS);
    await runner.query(CLAW_BACK);
  }

  down = forwardOnly;
}

const REFUNDS = `
  create table billing.refund (
    id uuid primary key,
    invoice_id uuid not null references billing.invoice (id),
    payment_id uuid not null references billing.payment (id),
    buyer_id uuid not null,
    -- One line of the invoice; null for all that the one who asked may give back.
    line_id uuid references billing.invoice_line (id),
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    reason text not null,
    -- The person, or the API key's organisation, and on whose behalf.
    requested_by text not null,
    requested_for uuid not null,
    state text not null check (state in ('planned', 'pending', 'succeeded', 'failed')),
    external_call_id uuid not null unique references billing.external_call (id),
    stripe_refund_id text unique,
    failure text,
    created_at timestamptz not null,
    checked_at timestamptz,
    settled_at timestamptz
  );
  create index refund_invoice on billing.refund (invoice_id);
  create index refund_buyer on billing.refund (buyer_id, created_at);
  create index refund_unsettled on billing.refund (created_at) where state in ('planned', 'pending');`;

const DISPUTES = `
  -- A payment that its buyer disputes at the bank, as Stripe shows it.
  create table billing.dispute (
    id uuid primary key,
    stripe_dispute_id text not null unique,
    payment_id uuid not null references billing.payment (id),
    buyer_id uuid not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    reason text not null,
    -- inquiry: the bank only asks. closed: it asked, and no more came of it.
    state text not null check (state in ('inquiry', 'open', 'won', 'lost', 'closed')),
    -- What the bank has taken, and what Stripe keeps for it.
    withdrawn_minor bigint not null default 0,
    fee_minor bigint not null default 0,
    evidence_due_at timestamptz,
    opened_at timestamptz not null,
    checked_at timestamptz not null,
    closed_at timestamptz
  );
  create index dispute_open on billing.dispute (payment_id) where state in ('inquiry', 'open');

  -- A buyer's complaint to us about one line: that line only is held back.
  create table billing.line_dispute (
    id uuid primary key,
    line_id uuid not null references billing.invoice_line (id),
    buyer_id uuid not null,
    vendor_id uuid not null,
    reason text not null,
    opened_by text not null,
    opened_at timestamptz not null,
    state text not null check (state in ('open', 'rejected', 'refunded', 'withdrawn')),
    answer text,
    closed_by text,
    closed_at timestamptz,
    refund_id uuid references billing.refund (id)
  );
  create unique index line_dispute_open on billing.line_dispute (line_id) where state = 'open';
  create index line_dispute_vendor on billing.line_dispute (vendor_id, opened_at);
  create index line_dispute_buyer on billing.line_dispute (buyer_id, opened_at);

  -- A released share that is not sent while something about it is disputed.
  create table billing.held_share (
    id uuid primary key,
    line_id uuid not null references billing.invoice_line (id),
    vendor_id uuid not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    held_at timestamptz not null,
    over_at timestamptz
  );
  create unique index held_share_once on billing.held_share (line_id) where over_at is null;`;

const RETURNS = `
  -- What of a line went back to its buyer, by a refund or by a dispute that was lost (docs/MONEY.md R10).
  create table billing.line_return (
    id uuid primary key,
    line_id uuid not null references billing.invoice_line (id),
    refund_id uuid references billing.refund (id),
    dispute_id uuid references billing.dispute (id),
    amount_minor bigint not null check (amount_minor <> 0),
    fee_minor bigint not null,
    vendor_minor bigint not null,
    -- Whether the vendor's part was taken from what waits for release, or from what is payable.
    taken_from text not null check (taken_from in ('unsettled', 'payable')),
    created_at timestamptz not null,
    -- When the refund came to nothing; and the payout with which a vendor who was paid before has it again.
    undone_at timestamptz,
    again_payout_id uuid references billing.payout (id),
    check (fee_minor + vendor_minor = amount_minor),
    check (num_nonnulls(refund_id, dispute_id) = 1)
  );
  create index line_return_line on billing.line_return (line_id);
  create index line_return_refund on billing.line_return (refund_id);
  create index line_return_again on billing.line_return (line_id) where undone_at is not null and again_payout_id is null;
  revoke update, delete on billing.line_return from billing;
  grant update (undone_at, again_payout_id) on billing.line_return to billing;

  -- No more goes back than was invoiced on a line, nor than the buyer paid in money for its invoice, whoever tries.
  create function billing.keep_returns() returns trigger language plpgsql as $$
  begin
    if exists (select from billing.invoice_line where invoice_line.id = new.line_id and invoice_line.amount_minor >= 0 and invoice_line.amount_minor
         < (select sum(line_return.amount_minor) from billing.line_return where line_return.line_id = new.line_id and line_return.undone_at is null)) then
      raise exception 'more than line % would go back', new.line_id using errcode = 'restrict_violation';
    end if;
    if exists (select from billing.invoice join billing.invoice_line as own on own.invoice_id = invoice.id and own.id = new.line_id
         where invoice.total_minor - invoice.credit_minor < (select sum(line_return.amount_minor) from billing.line_return
           join billing.invoice_line on invoice_line.id = line_return.line_id
           where invoice_line.invoice_id = invoice.id and line_return.undone_at is null)) then
      raise exception 'more would go back than was paid for the invoice of line %', new.line_id using errcode = 'restrict_violation';
    end if;
    return null;
  end $$;
  create constraint trigger keep_returns after insert on billing.line_return
    deferrable initially deferred for each row execute function billing.keep_returns();`;

const CLAW_BACK = `
  create table billing.transfer_reversal (
    id uuid primary key,
    transfer_id uuid not null references billing.transfer (id),
    vendor_id uuid not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    state text not null check (state in ('planned', 'succeeded', 'refused')),
    external_call_id uuid not null unique references billing.external_call (id),
    stripe_reversal_id text unique,
    failure text,
    created_at timestamptz not null,
    settled_at timestamptz
  );
  create index transfer_reversal_transfer on billing.transfer_reversal (transfer_id);
  create index transfer_reversal_planned on billing.transfer_reversal (created_at) where state = 'planned';
  -- What was taken back from the vendor's account after it was sent there.
  alter table billing.payout add column reversed_minor bigint not null default 0 check (reversed_minor between 0 and amount_minor);`;
