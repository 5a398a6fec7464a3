/** Owner: api. Prices of every model, their changes with notice, private offers, commitments, trials and coupons. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class PricesOfEveryKind1795300000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PRICES);
    await runner.query(OFFERS);
    await runner.query(AGREEMENTS);
  }

  down = forwardOnly;
}

const PRICES = `
  alter table api.price
    drop constraint price_model_check,
    add constraint price_model_check check (model in ('free', 'byol', 'hourly', 'metered', 'graduated', 'volume', 'package',
      'flat', 'monthly', 'one_time', 'annual', 'contract', 'infrastructure')),
    alter column rate drop not null,
    -- Of an hourly price: for machines of this type only. Of an annual price: the type it covers.
    add column instance_type text check (instance_type ~ '^[a-z0-9][a-z0-9.-]{0,39}$'),
    -- What a model has beside its rate: tiers, package size, included units, contract lengths, a share. Decimals are strings.
    add column terms jsonb not null default '{}' check (jsonb_typeof(terms) = 'object'),
    add constraint price_rate check ((rate is null) = (model in ('free', 'byol', 'graduated', 'volume', 'contract', 'infrastructure'))),
    add constraint price_instance_type check (case model when 'annual' then instance_type is not null when 'hourly' then true else instance_type is null end),
    add constraint price_terms check (case model
      when 'graduated' then jsonb_typeof(terms -> 'tiers') = 'array'
      when 'volume' then jsonb_typeof(terms -> 'tiers') = 'array'
      when 'package' then terms ->> 'size' ~ '^[1-9][0-9]*$'
      when 'contract' then jsonb_typeof(terms -> 'options') = 'array'
      when 'infrastructure' then terms ->> 'basisPoints' ~ '^[1-9][0-9]*$'
      else true end is true);
  -- One price for all types, and one for each that has its own.
  drop index api.price_hourly;
  create unique index price_hourly on api.price (price_version_id, instance_type) nulls not distinct where model = 'hourly';

  alter table api.price_version
    -- When those who had subscribed were told; null for the prices that an offer was made with.
    add column notice_given_at timestamptz,
    -- Taken back before it began.
    add column withdrawn_at timestamptz,
    add column minimum_spend numeric(38, 12) check (minimum_spend >= 0),
    add column trial jsonb check (jsonb_typeof(trial) = 'object' and trial ->> 'afterwards' in ('ends', 'converts')),
    drop constraint price_version_offer_id_effective_from_key,
    -- Usage is summed by UTC day, so every hour of a day has the same price.
    add constraint price_version_starts_with_a_day check (notice_given_at is null or effective_from = date_trunc('day', effective_from, 'UTC')),
    add constraint price_version_taken_back_before_it_began check (withdrawn_at < effective_from);
  create unique index price_version_start on api.price_version (offer_id, effective_from) where withdrawn_at is null;
  create unique index price_version_first on api.price_version (offer_id) where notice_given_at is null;
  grant update (withdrawn_at) on api.price_version to api;`;

const OFFERS = `
  alter table api.offer
    add column kind text not null default 'public' check (kind in ('public', 'private')),
    add column name text,
    -- Of a private offer: until when it can be accepted, and how long an agreement to it lasts.
    add column expires_at timestamptz check (expires_at > created_at),
    add column months integer check (months between 1 and 60),
    add constraint offer_private check ((kind = 'private') = (name is not null and expires_at is not null));
  drop index api.offer_standing;
  create unique index offer_standing on api.offer (product_id) where withdrawn_at is null and kind = 'public';
  create index offer_private on api.offer (product_id, created_at) where kind = 'private';

  create table api.offer_buyer (
    offer_id uuid not null references api.offer (id),
    buyer_id uuid not null references api.organization (id),
    primary key (offer_id, buyer_id)
  );
  create index offer_buyer_buyer on api.offer_buyer (buyer_id);
  revoke update, delete on api.offer_buyer from api;`;

const AGREEMENTS = `
  alter table api.subscription
    -- It began with the trial of its price version; a buyer has one trial of a product.
    add column has_trial boolean not null default false,
    -- When the buyer chose to go on and pay after a trial that ends by itself.
    add column trial_converted_at timestamptz,
    -- When it ends by itself: with its trial, or with the time a private offer is for.
    add column ends_at timestamptz check (ends_at > started_at);
  create index subscription_ends on api.subscription (ends_at) where ended_at is null and ends_at is not null;

  create table api.commitment (
    id uuid primary key,
    subscription_id uuid not null references api.subscription (id),
    price_version_id uuid not null references api.price_version (id),
    dimension text not null,
    quantity bigint not null check (quantity > 0),
    months integer not null check (months between 1 and 60),
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    -- Whether a term is followed by another; one that would begin after renewal was stopped is not.
    renews boolean not null,
    renewal_stopped_at timestamptz,
    -- The commitment that it was added to and ends with.
    added_to uuid references api.commitment (id),
    created_at timestamptz not null,
    foreign key (price_version_id, dimension) references api.price (price_version_id, dimension)
  );
  create index commitment_subscription on api.commitment (subscription_id, starts_at);
  -- What was committed to stays; only that it shall not renew itself is still written.
  revoke update, delete on api.commitment from api;
  grant update (renewal_stopped_at) on api.commitment to api;

  create table api.coupon (
    id uuid primary key,
    vendor_id uuid not null references api.organization (id),
    code text not null unique check (code ~ '^[A-Z0-9-]{4,40}$'),
    -- What it is for; null for all products, and for all dimensions.
    product_id uuid references api.product (id),
    dimension text,
    basis_points integer check (basis_points between 1 and 10000),
    amount_minor bigint check (amount_minor > 0),
    currency text check (currency ~ '^[a-z]{3}$'),
    -- How many invoices it is taken off; null for all.
    invoices integer check (invoices > 0),
    redeem_by timestamptz,
    most_redemptions integer check (most_redemptions > 0),
    created_at timestamptz not null,
    withdrawn_at timestamptz,
    constraint coupon_percent_or_amount check (num_nonnulls(basis_points, amount_minor) = 1 and (amount_minor is null) = (currency is null))
  );
  create index coupon_vendor on api.coupon (vendor_id, created_at);
  create table api.coupon_redemption (
    coupon_id uuid not null references api.coupon (id),
    subscription_id uuid not null references api.subscription (id),
    redeemed_at timestamptz not null,
    primary key (coupon_id, subscription_id)
  );
  create index coupon_redemption_subscription on api.coupon_redemption (subscription_id);
  revoke update, delete on api.coupon, api.coupon_redemption from api;
  grant update (withdrawn_at) on api.coupon to api;

  grant select on api.commitment, api.coupon, api.coupon_redemption to billing;`;
