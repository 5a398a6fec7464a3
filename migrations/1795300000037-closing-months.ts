/** Owner: billing. Periods that touch each other, closes that wait for a person, and what an invoice was made from. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class ClosingMonths1795300000037 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PERIODS);
    await runner.query(HELD_CLOSES);
    await runner.query(INPUT);
  }

  down = forwardOnly;
}

/** The exclusion constraint keeps periods from overlapping; this keeps them from leaving a gap. Together they tile time. */
const PERIODS = `
  create function billing.must_touch() returns trigger language plpgsql as $$
  begin
    if (exists (select from billing.period where period.subscription_id = new.subscription_id and period.ends_at <= new.starts_at)
        and not exists (select from billing.period where period.subscription_id = new.subscription_id and period.ends_at = new.starts_at))
      or (exists (select from billing.period where period.subscription_id = new.subscription_id and period.starts_at >= new.ends_at)
        and not exists (select from billing.period where period.subscription_id = new.subscription_id and period.starts_at = new.ends_at)) then
      raise exception 'period % of subscription % leaves a gap', new.id, new.subscription_id using errcode = 'integrity_constraint_violation';
    end if;
    return null;
  end $$;
  -- Checked at commit, when all periods of a subscription that are opened together are there.
  create constraint trigger must_touch after insert or update of starts_at, ends_at, subscription_id on billing.period
    deferrable initially deferred for each row execute function billing.must_touch();
  -- Where a period begins and ends never changes, and none is taken away.
  revoke update, delete on billing.period from billing;
  grant update (state, input_sha, rated_from, rated_at) on billing.period to billing;`;

const HELD_CLOSES = `
  create table billing.held_close (
    id uuid primary key,
    buyer_id uuid not null,
    currency text not null,
    period_start timestamptz not null,
    period_end timestamptz not null,
    -- SHA-256 over all that the invoice would be made from: a decision is about this and nothing else.
    input_sha bytea not null,
    state text not null check (state in ('held', 'released', 'rejected', 'superseded')),
    cause text not null check (cause in ('above_usual', 'below_usual', 'above_limit')),
    total_minor bigint not null,
    -- The median that it was compared with; null where there was none.
    usual_minor bigint,
    held_at timestamptz not null,
    looked_at timestamptz not null,
    decided_at timestamptz,
    decided_by text,
    note text,
    unique (buyer_id, currency, period_end, input_sha),
    check ((state in ('released', 'rejected')) = (decided_at is not null) or state = 'superseded')
  );
  create index held_close_waiting on billing.held_close (held_at) where state in ('held', 'rejected');
  revoke update, delete on billing.held_close from billing;
  grant update (state, looked_at, decided_at, decided_by, note) on billing.held_close to billing;`;

const INPUT = `
  alter table billing.invoice
    -- SHA-256 over charges, discounts and fees; null for invoices of an earlier version of billing.
    add column input_sha bytea;
  revoke update, delete on billing.invoice from billing;
  grant update (state, paid_at, payment_id) on billing.invoice to billing;

  create or replace function billing.keep_finalised() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' then
      raise exception 'invoice % is finalised and cannot be deleted', old.number using errcode = 'restrict_violation';
    end if;
    if (new.id, new.buyer_id, new.currency, new.period_start, new.period_end, new.series, new.number, new.total_minor, new.credit_minor, new.input_sha, new.finalised_at, new.due_at)
       is distinct from
       (old.id, old.buyer_id, old.currency, old.period_start, old.period_end, old.series, old.number, old.total_minor, old.credit_minor, old.input_sha, old.finalised_at, old.due_at) then
      raise exception 'invoice % is finalised and cannot be changed', old.number using errcode = 'restrict_violation';
    end if;
    return new;
  end $$;`;
