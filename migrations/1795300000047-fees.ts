/** Owner: billing. Fee rules with their versions, and on each line what its fee was reckoned from. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Fees1795300000047 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RULES);
    await runner.query(LINES);
  }

  down = forwardOnly;
}

const RULES = `
  create table billing.fee_rule (
    id uuid primary key,
    name text not null,
    -- What it is for; null: for anything.
    product_id uuid,
    vendor_id uuid,
    category text,
    offer_kind text check (offer_kind in ('public', 'private')),
    is_resale boolean,
    volume_from_minor bigint check (volume_from_minor > 0),
    currency text check (currency ~ '^[a-z]{3}$'),
    created_at timestamptz not null,
    check (volume_from_minor is null or currency is not null)
  );

  create table billing.fee_rule_version (
    id uuid primary key,
    rule_id uuid not null references billing.fee_rule (id),
    number integer not null check (number > 0),
    effective_from timestamptz not null,
    -- Null: the rule is over.
    model text check (model in ('percent', 'fixed', 'devpay')),
    basis_points integer not null check (basis_points between 0 and 10000),
    -- For each product on a bill.
    fixed_minor bigint not null check (fixed_minor >= 0),
    upstream_id uuid,
    upstream_basis_points integer not null check (upstream_basis_points between 0 and 10000),
    reason text not null,
    created_by text not null,
    created_at timestamptz not null,
    unique (rule_id, number),
    check ((upstream_id is null) = (upstream_basis_points = 0)),
    -- What is invoiced already is not charged anew: a version never begins before it was made.
    check (effective_from >= created_at)
  );
  revoke update, delete on billing.fee_rule, billing.fee_rule_version from billing;
  create trigger append_only before update or delete or truncate on billing.fee_rule execute function billing.append_only();
  create trigger append_only before update or delete or truncate on billing.fee_rule_version execute function billing.append_only();

  -- A rule may be for a category.
  grant select on api.listing to billing;`;

const LINES = `
  alter table billing.invoice_line
    add column fee_rule_version_id uuid references billing.fee_rule_version (id),
    add column fee_model text not null default 'percent',
    -- What the percentage is of; null on lines of an earlier version of billing: the amount.
    add column fee_base_minor bigint,
    add column fee_fixed_minor bigint not null default 0;

  -- Of a line's fee, what goes on to another.
  create table billing.line_part (
    line_id uuid not null references billing.invoice_line (id),
    kind text not null check (kind in ('reseller', 'upstream')),
    organization_id uuid not null,
    basis_points integer not null check (basis_points between 0 and 10000),
    amount_minor bigint not null,
    primary key (line_id, kind)
  );
  create index line_part_organization on billing.line_part (organization_id);
  revoke update, delete on billing.line_part from billing;`;
