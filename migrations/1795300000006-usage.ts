/** Owner: metering. Accepted usage, its corrections, and the daily sums that billing reads. Every key holds subscription_id. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Usage1795300000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table metering.usage_record (
        subscription_id uuid not null,
        hour timestamptz not null,
        source_id uuid not null,
        dimension text not null,
        quantity bigint not null check (quantity between 0 and 2147483647),
        record_id uuid not null,
        request_sha bytea not null,
        signed_by text not null,
        received_at timestamptz not null,
        primary key (subscription_id, hour, source_id, dimension)
      ) partition by range (hour);
      create table metering.usage_record_default partition of metering.usage_record default;

      create table metering.usage_client_token (
        subscription_id uuid not null,
        source_id uuid not null,
        client_token text not null,
        request_sha bytea not null,
        record_id uuid not null,
        hour timestamptz not null,
        primary key (subscription_id, source_id, client_token)
      );

      create table metering.usage_adjustment (
        subscription_id uuid not null,
        id uuid not null,
        hour timestamptz not null,
        dimension text not null,
        delta bigint not null check (delta <> 0),
        reason text not null,
        approved_by text not null,
        idem_key text not null,
        created_at timestamptz not null,
        primary key (subscription_id, id),
        unique (subscription_id, idem_key)
      );

      create table metering.usage_dirty (
        subscription_id uuid not null,
        day date not null,
        -- Counts up with each change, so that a roll-up only clears what it has seen.
        touched bigint not null default 1,
        primary key (subscription_id, day)
      );

      create table metering.usage_rollup (
        subscription_id uuid not null,
        day date not null,
        dimension text not null,
        quantity numeric(38, 0) not null,
        records bigint not null,
        rows_sha bytea not null,
        computed_at timestamptz not null,
        primary key (subscription_id, day, dimension)
      );

      -- Up to where the hours of a subscription's machines are counted: a period that ends later may not be closed yet.
      -- 'infinity' once nothing can run any more.
      create table metering.metered_until (
        subscription_id uuid primary key,
        until timestamptz not null,
        -- What was known of its machines' runs; when that differs, they are counted again.
        runs_seen text not null default ''
      );

      -- What was accepted is never changed; a correction is a new row.
      revoke update, delete on metering.usage_record, metering.usage_record_default, metering.usage_client_token, metering.usage_adjustment from metering;
      grant select on metering.usage_rollup, metering.usage_adjustment, metering.usage_dirty, metering.metered_until to billing;
    `);
  }

  down = forwardOnly;
}
