/** Owner: metering. Which CloudEvents were taken, by their identity. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class UsageEvents1795300000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table metering.usage_event (
        subscription_id uuid not null,
        source text not null,
        event_id text not null,
        vendor_id uuid not null,
        -- SHA-256 over all that the event says of usage.
        request_sha bytea not null,
        -- The key of its record, together with the subscription.
        hour timestamptz not null,
        source_id uuid not null,
        dimension text not null,
        received_at timestamptz not null,
        primary key (subscription_id, source, event_id)
      );
      -- An identity is one of its vendor's, whichever subscription it is about the second time.
      create index usage_event_identity on metering.usage_event (vendor_id, source, event_id);
      create index usage_event_received on metering.usage_event using brin (received_at);
      revoke update on metering.usage_event from metering;
    `);
  }

  down = forwardOnly;
}
