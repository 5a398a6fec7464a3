/** Owner: api. What buyers agree to and want to run. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class SubscriptionsAndLaunches1795300000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api.subscription (
        id uuid primary key,
        buyer_id uuid not null references api.organization (id),
        vendor_id uuid not null references api.organization (id),
        product_id uuid not null references api.product (id),
        offer_id uuid not null references api.offer (id),
        price_version_id uuid not null references api.price_version (id),
        currency text not null,
        terms_sha256 text not null,
        accepted_by text,
        customer_identifier text not null unique,
        license_arn text not null unique,
        started_at timestamptz not null,
        ended_at timestamptz check (ended_at >= started_at)
      );
      -- One running agreement per buyer and product: subscribing twice is the same agreement.
      create unique index subscription_active on api.subscription (buyer_id, product_id) where ended_at is null;
      create index subscription_vendor on api.subscription (vendor_id);

      create table api.registration_token (
        token_sha256 text primary key,
        subscription_id uuid not null references api.subscription (id),
        expires_at timestamptz not null
      );

      create table api.launch (
        id uuid primary key,
        subscription_id uuid not null references api.subscription (id),
        buyer_id uuid not null references api.organization (id),
        version_id uuid not null references api.version (id),
        region text not null,
        instance_type text not null,
        desired text not null check (desired in ('running', 'terminated')),
        created_at timestamptz not null,
        desired_at timestamptz not null
      );
      create index launch_buyer on api.launch (buyer_id, created_at);
      create index launch_subscription on api.launch (subscription_id);

      create table api.vendor_key (
        access_key_id text primary key,
        vendor_id uuid not null references api.organization (id),
        secret_sealed bytea not null,
        created_at timestamptz not null,
        revoked_at timestamptz
      );
      create index vendor_key_vendor on api.vendor_key (vendor_id);

      grant select on api.subscription to launcher, metering, billing;
      grant select on api.launch to launcher;
      grant select on api.vendor_key, api.registration_token to metering;
      grant select on api.organization to launcher, metering, billing;
    `);
  }

  down = forwardOnly;
}
