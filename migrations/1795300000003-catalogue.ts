/** Owner: api. What vendors publish: products, versions, listings, offers with immutable prices. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Catalogue1795300000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api.product (
        id uuid primary key,
        vendor_id uuid not null references api.organization (id),
        product_code text not null unique check (product_code ~ '^[a-z0-9]{25}$'),
        name text not null,
        created_at timestamptz not null
      );
      create index product_vendor on api.product (vendor_id);

      create table api.version (
        id uuid primary key,
        product_id uuid not null references api.product (id),
        title text not null,
        notes text not null,
        source_image_id text not null,
        source_region text not null,
        regions text[] not null check (cardinality(regions) > 0),
        instance_types text[] not null check (cardinality(instance_types) > 0),
        url_template text not null,
        health_path text not null,
        created_at timestamptz not null,
        unique (product_id, title)
      );

      create table api.listing (
        product_id uuid primary key references api.product (id),
        slug text not null unique,
        summary text not null,
        description text not null,
        category text not null,
        state text not null check (state in ('public', 'restricted')),
        version_id uuid not null references api.version (id),
        listed_at timestamptz not null
      );
      create index listing_state on api.listing (state, listed_at);

      create table api.offer (
        id uuid primary key,
        product_id uuid not null references api.product (id),
        currency text not null check (currency ~ '^[a-z]{3}$'),
        terms_text text not null,
        terms_sha256 text not null,
        created_at timestamptz not null,
        withdrawn_at timestamptz
      );
      create unique index offer_standing on api.offer (product_id) where withdrawn_at is null;

      create table api.price_version (
        id uuid primary key,
        offer_id uuid not null references api.offer (id),
        effective_from timestamptz not null,
        created_at timestamptz not null,
        unique (offer_id, effective_from)
      );

      create table api.price (
        price_version_id uuid not null references api.price_version (id),
        dimension text not null check (dimension ~ '^[A-Za-z0-9_.-]{1,60}$'),
        model text not null check (model in ('hourly', 'metered')),
        description text not null,
        unit text not null,
        rate numeric(38, 12) not null check (rate >= 0),
        -- Of the hourly price: whole hours, or seconds with the least that each start costs.
        increment text not null default 'hour' check (increment in ('hour', 'second')),
        minimum_seconds integer not null default 0 check (minimum_seconds between 0 and 3600),
        primary key (price_version_id, dimension),
        check (model = 'hourly' or increment = 'hour'),
        check (increment = 'second' or minimum_seconds = 0)
      );
      create unique index price_hourly on api.price (price_version_id) where model = 'hourly';
      -- A price that somebody accepted must stay what it was.
      revoke update, delete on api.price_version, api.price from api;

      grant select on api.product to launcher, metering, billing;
      grant select on api.version to launcher;
      grant select on api.offer, api.price_version, api.price to metering, billing;
    `);
  }

  down = forwardOnly;
}
