/** Owner: billing. Charges of every price model with what they were rated from, late usage, discounts and credit. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class ChargesOfEveryKind1795300000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHARGES);
    await runner.query(INVOICES);
    await runner.query(CREDIT);
    await runner.query(USAGE_MONEY);
  }

  down = forwardOnly;
}

const CHARGES = `
  alter table billing.charge
    add column model text not null default 'metered',
    -- Tells charges of one dimension and version apart: a commitment and its instalment.
    add column item text not null default '',
    -- 0 when the period was rated; 1, 2 … for what was found later.
    add column revision integer not null default 0 check (revision >= 0),
    -- Its place among the charges of its period and revision.
    add column ordinal integer not null default 0,
    alter column rate drop not null,
    -- Exact: what is due times unit_size. Null: quantity * rate.
    add column amount numeric(60, 12),
    -- How the amount comes about, where it is not quantity * rate.
    add column parts jsonb not null default '[]' check (jsonb_typeof(parts) = 'array'),
    -- What machines cost at the cloud, day by day, where it is a share of that.
    add column costs jsonb not null default '[]' check (jsonb_typeof(costs) = 'array'),
    add column is_segment boolean not null default false,
    add constraint charge_amount check (amount is not null or rate is not null),
    drop constraint charge_period_id_dimension_price_version_id_key,
    add constraint charge_once unique (period_id, dimension, price_version_id, item, revision);
  create index charge_late on billing.charge (buyer_id, currency) where revision > 0;

  -- The daily sums that a charge was rated from. What is found later is the difference to them.
  create table billing.charge_source (
    charge_id uuid not null references billing.charge (id),
    day date not null,
    quantity numeric(38, 0) not null,
    rows_sha bytea not null,
    primary key (charge_id, day)
  );
  revoke update, delete on billing.charge_source from billing;

  -- What else a period was rated from, so that it rates to the same again: units of a trial that were used before it.
  alter table billing.period
    add column rated_from jsonb not null default '{}',
    add column rated_at timestamptz;
  -- When the periods of a subscription that has ended were last looked at for late usage.
  create table billing.late_check (
    subscription_id uuid primary key,
    checked_at timestamptz not null
  );
  -- Costs at the cloud are those of the machines as the launcher saw them.
  grant select on launcher.instance, launcher.run_interval to billing;`;

const INVOICES = `
  alter table billing.invoice
    -- Of the total, what the buyer's credit paid.
    add column credit_minor bigint not null default 0,
    add constraint invoice_credit check (credit_minor between 0 and total_minor);
  alter table billing.invoice_line
    alter column rate drop not null,
    -- What was taken off; amount_minor is what is left.
    add column discount_minor bigint not null default 0,
    add column parts jsonb not null default '[]' check (jsonb_typeof(parts) = 'array');

  create table billing.line_discount (
    line_id uuid not null references billing.invoice_line (id),
    ordinal integer not null,
    -- Null where a late line is discounted as what it is late for was.
    coupon_id uuid,
    code text,
    amount_minor bigint not null check (amount_minor <> 0),
    primary key (line_id, ordinal)
  );
  create index line_discount_coupon on billing.line_discount (coupon_id);
  revoke update, delete on billing.line_discount from billing;

  create or replace function billing.keep_finalised() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' then
      raise exception 'invoice % is finalised and cannot be deleted', old.number using errcode = 'restrict_violation';
    end if;
    if (new.id, new.buyer_id, new.currency, new.period_start, new.period_end, new.series, new.number, new.total_minor, new.credit_minor, new.finalised_at, new.due_at)
       is distinct from
       (old.id, old.buyer_id, old.currency, old.period_start, old.period_end, old.series, old.number, old.total_minor, old.credit_minor, old.finalised_at, old.due_at) then
      raise exception 'invoice % is finalised and cannot be changed', old.number using errcode = 'restrict_violation';
    end if;
    return new;
  end $$;`;

const CREDIT = `
  create table billing.credit_grant (
    id uuid primary key,
    buyer_id uuid not null,
    currency text not null check (currency ~ '^[a-z]{3}$'),
    amount_minor bigint not null check (amount_minor > 0),
    reason text not null,
    granted_by text not null,
    created_at timestamptz not null,
    -- Exclusive; null for never.
    expires_at timestamptz check (expires_at > created_at),
    -- When what was left of it was written off after that.
    expired_at timestamptz
  );
  create index credit_grant_buyer on billing.credit_grant (buyer_id, currency);
  create index credit_grant_expires on billing.credit_grant (expires_at) where expired_at is null and expires_at is not null;
  create table billing.credit_use (
    invoice_id uuid not null references billing.invoice (id),
    grant_id uuid not null references billing.credit_grant (id),
    amount_minor bigint not null check (amount_minor > 0),
    primary key (invoice_id, grant_id)
  );
  create index credit_use_grant on billing.credit_use (grant_id);
  revoke update, delete on billing.credit_grant, billing.credit_use from billing;
  grant update (expired_at) on billing.credit_grant to billing;

  -- No more of a credit is used than there is, whoever tries.
  create function billing.keep_credit() returns trigger language plpgsql as $$
  begin
    if (select sum(credit_use.amount_minor) from billing.credit_use where credit_use.grant_id = new.grant_id)
       > (select credit_grant.amount_minor from billing.credit_grant where credit_grant.id = new.grant_id) then
      raise exception 'credit % is used up', new.grant_id using errcode = 'restrict_violation';
    end if;
    return null;
  end $$;
  create trigger keep_credit after insert on billing.credit_use for each row execute function billing.keep_credit();

  -- A share that credit paid for comes from the platform's own balance and from no payment.
  alter table billing.transfer
    alter column payment_id drop not null,
    drop constraint transfer_payout_id_payment_id_key,
    add constraint transfer_once unique nulls not distinct (payout_id, payment_id);`;

/** As before, and a line that gives something back has nothing left to pay out. */
const USAGE_MONEY = `
  create or replace view billing.usage_money as
    select period.subscription_id, period.starts_at, period.ends_at, charge.dimension,
           (array['rated', 'invoiced', 'collected', 'available', 'paid'])[min(case
             when invoice.number is null then 1
             when invoice.state <> 'paid' then 2
             when invoice_line.released_at is null then 3
             when payout.state in ('sent', 'paid', 'returned') or invoice_line.vendor_minor <= 0 then 5
             else 4
           end)] as state
      from billing.period
      join billing.charge on charge.period_id = period.id
      left join billing.invoice_line on invoice_line.charge_id = charge.id
      left join billing.invoice on invoice.id = invoice_line.invoice_id
      left join billing.transfer on transfer.id = invoice_line.transfer_id
      left join billing.payout on payout.id = transfer.payout_id
     group by period.subscription_id, period.starts_at, period.ends_at, charge.dimension;`;
