/** Owner: billing. How vendors are paid out, what is kept back for a while, and payouts that two people have to agree to. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class PayoutPolicies1795300000049 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table billing.payout_policy (
        vendor_id uuid primary key,
        interval text not null check (interval in ('daily', 'weekly', 'monthly')),
        -- Null: the platform's.
        minimum_minor bigint check (minimum_minor >= 0),
        reserve_basis_points integer not null check (reserve_basis_points between 0 and 10000),
        reserve_days integer not null check (reserve_days between 0 and 365),
        changed_by text not null,
        changed_at timestamptz not null
      );

      -- Of a share, what was kept back when it was released; the book has it apart until it is over.
      create table billing.reserve (
        id uuid primary key,
        line_id uuid not null references billing.invoice_line (id),
        vendor_id uuid not null,
        currency text not null,
        amount_minor bigint not null check (amount_minor > 0),
        held_at timestamptz not null,
        until timestamptz not null,
        over_at timestamptz,
        -- What it went into early: something that the vendor had to give back.
        is_absorbed boolean not null default false,
        -- The payout that carried it.
        payout_id uuid references billing.payout (id)
      );
      create index reserve_held on billing.reserve (until) where over_at is null;
      create index reserve_vendor on billing.reserve (vendor_id, currency) where over_at is null;
      create index reserve_waiting on billing.reserve (vendor_id, currency) where over_at is not null and payout_id is null;
      create index reserve_line on billing.reserve (line_id);
      revoke update, delete on billing.reserve from billing;
      grant update (over_at, is_absorbed, payout_id) on billing.reserve to billing;

      alter table billing.payout
        add column approval text not null default 'none' check (approval in ('none', 'waiting', 'asked', 'approved', 'refused'));
      create table billing.payout_approval (
        payout_id uuid primary key references billing.payout (id),
        asked_by text not null,
        asked_at timestamptz not null,
        reason text not null,
        decided_by text check (decided_by <> asked_by),
        decided_at timestamptz,
        note text,
        check ((decided_by is null) = (decided_at is null))
      );
    `);
  }

  down = forwardOnly;
}
