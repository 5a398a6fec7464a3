/** Owner: api. What a price version entitles to, and the keys that vouch for a product's running copies. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class EntitlementsAndProductKeys1795300000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api.entitlement_grant (
        price_version_id uuid not null references api.price_version (id),
        dimension text not null check (dimension ~ '^[A-Za-z0-9_.-]{1,60}$'),
        integer_value integer check (integer_value >= 0),
        double_value double precision check (double_value >= 0 and double_value < 'infinity'),
        boolean_value boolean,
        string_value text check (string_value <> ''),
        primary key (price_version_id, dimension),
        constraint entitlement_grant_one_value check (num_nonnulls(integer_value, double_value, boolean_value, string_value) = 1)
      );
      -- As with prices: what somebody accepted must stay what it was.
      revoke update, delete on api.entitlement_grant from api;

      -- A vendor asks for the entitlements of all customers of a product, page by page.
      create index subscription_product on api.subscription (product_id, id);

      create table api.product_key (
        product_id uuid not null references api.product (id),
        version integer not null check (version > 0),
        public_key_pem text not null,
        private_key_sealed bytea not null,
        created_at timestamptz not null,
        rotated_at timestamptz check (rotated_at >= created_at),
        primary key (product_id, version)
      );
      create unique index product_key_current on api.product_key (product_id) where rotated_at is null;
      -- Shipped software holds the public key: it never changes and never goes away, it only stops being the newest.
      revoke update, delete on api.product_key from api;
      grant update (rotated_at) on api.product_key to api;

      grant select on api.entitlement_grant, api.product_key to metering;
    `);
  }

  down = forwardOnly;
}
