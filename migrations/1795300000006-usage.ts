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
      -- Days are made ahead; a record of a day that has no partition is kept here until it gets one.
      create table metering.usage_record_default partition of metering.usage_record default;

      create table metering.usage_allocation (
        subscription_id uuid not null,
        hour timestamptz not null,
        source_id uuid not null,
        dimension text not null,
        place integer not null,
        quantity bigint not null check (quantity between 0 and 2147483647),
        tags jsonb not null,
        primary key (subscription_id, hour, source_id, dimension, place)
      );

      create table metering.usage_client_token (
        subscription_id uuid not null,
        source_id uuid not null,
        client_token text not null,
        request_sha bytea not null,
        received_at timestamptz not null,
        primary key (subscription_id, source_id, client_token)
      );
      create index usage_client_token_received on metering.usage_client_token using brin (received_at);

      create table metering.usage_adjustment (
        subscription_id uuid not null,
        id uuid not null,
        hour timestamptz not null,
        dimension text not null,
        delta bigint not null check (delta <> 0),
        reason text not null,
        requested_by text not null,
        approved_by text not null,
        idem_key text not null,
        created_at timestamptz not null,
        primary key (subscription_id, id),
        unique (subscription_id, idem_key)
      );

      -- A day whose sums are not right any more, once for each transaction that made it so. Whoever sums up takes away the marks it
      -- saw with the records it saw; a mark that was written meanwhile stays. Nobody waits for anybody.
      create table metering.usage_dirty (
        -- A sixteenth of all subscriptions, which are summed together. First in the key, so that one index serves both questions:
        -- what of a bucket is dirty, and whether a subscription is.
        bucket text not null generated always as (right(subscription_id::text, 1)) stored,
        subscription_id uuid not null,
        day date not null,
        mark uuid not null,
        primary key (bucket, subscription_id, day, mark)
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

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

      -- What was accepted is never changed; a correction is a new row. Client tokens are forgotten when no repeat can come any more.
      revoke update, delete on metering.usage_record, metering.usage_record_default, metering.usage_allocation, metering.usage_adjustment from metering;
      revoke update on metering.usage_client_token from metering;
      grant select on metering.usage_rollup, metering.usage_dirty, metering.metered_until to billing;
    `);
    await runner.query(PARTITIONS);
  }

  down = forwardOnly;
}

/** Only the owner of a table may split it, so metering asks for days through functions that run as the owner. */
const PARTITIONS = `
  -- The partition of one UTC day, with whatever the default partition holds of it. False when it is there already.
  create function metering.open_day(day date) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    part text := 'usage_record_' || to_char(day, 'YYYYMMDD');
    starts timestamptz := day::timestamp at time zone 'UTC';
    ends timestamptz := (day + 1)::timestamp at time zone 'UTC';
  begin
    perform pg_advisory_xact_lock(hashtextextended('metering.usage_record partitions', 0));
    if to_regclass('metering.' || part) is not null or to_regclass('metering.archived_' || part) is not null then
      return false;
    end if;
    -- Nobody may add to the default partition what belongs into the new one while it is filled.
    lock table metering.usage_record_default in share row exclusive mode;
    execute format('create table metering.%I (like metering.usage_record including all)', part);
    execute format('insert into metering.%I select * from metering.usage_record_default where hour >= %L and hour < %L', part, starts, ends);
    execute format('delete from metering.usage_record_default where hour >= %L and hour < %L', starts, ends);
    execute format('alter table metering.usage_record attach partition metering.%I for values from (%L) to (%L)', part, starts, ends);
    execute format('revoke all on metering.%I from metering', part);
    execute format('grant select, insert on metering.%I to metering', part);
    return true;
  end $$;

  -- Takes a day out of metering.usage_record; its rows stay, readable, in metering.archived_usage_record_YYYYMMDD, for the operator to
  -- move elsewhere. False when there is no such day, or when its sums or receipts wait to be made.
  create function metering.archive_day(day date) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    part text := 'usage_record_' || to_char(day, 'YYYYMMDD');
  begin
    perform pg_advisory_xact_lock(hashtextextended('metering.usage_record partitions', 0));
    if to_regclass('metering.' || part) is null
       or exists (select from metering.usage_dirty dirty where dirty.day = archive_day.day)
       or exists (select from metering.usage_unreceipted waiting where waiting.day = archive_day.day) then
      return false;
    end if;
    execute format('alter table metering.usage_record detach partition metering.%I', part);
    execute format('alter table metering.%I rename to %I', part, 'archived_' || part);
    execute format('revoke all on metering.%I from metering', 'archived_' || part);
    execute format('grant select on metering.%I to metering', 'archived_' || part);
    return true;
  end $$;

  revoke all on function metering.open_day(date), metering.archive_day(date) from public;
  grant execute on function metering.open_day(date), metering.archive_day(date) to metering;
`;
