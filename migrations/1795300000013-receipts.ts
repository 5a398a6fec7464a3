/** Owner: metering. One receipt for each usage record, signed, in one chain per subscription. Every key holds subscription_id. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Receipts1795300000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Days that were summed up and whose new records have no receipt yet.
      create table metering.usage_unreceipted (
        subscription_id uuid not null,
        day date not null,
        primary key (subscription_id, day)
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
      create index usage_unreceipted_bucket on metering.usage_unreceipted (right(subscription_id::text, 1), day, subscription_id);

      -- The chain: sha is over what the record says and over previous_sha, that of the receipt before. The record itself stays where it is.
      create table metering.usage_receipt (
        subscription_id uuid not null,
        sequence bigint not null check (sequence > 0),
        hour timestamptz not null,
        source_id uuid not null,
        dimension text not null,
        record_id uuid not null,
        previous_sha bytea not null check (length(previous_sha) = 32),
        sha bytea not null check (length(sha) = 32),
        signature bytea not null check (length(signature) = 64),
        key_id text not null,
        chained_at timestamptz not null,
        primary key (subscription_id, sequence),
        unique (subscription_id, hour, source_id, dimension)
      );

      revoke update, delete on metering.usage_receipt from metering;
    `);
  }

  down = forwardOnly;
}
