/** Owner: metering. Corrections that wait for approval, and machines that speak or have fallen silent. Every key holds subscription_id. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class CorrectionsAndHeartbeats1795300000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table metering.usage_correction (
        subscription_id uuid not null,
        id uuid not null,
        buyer_id uuid not null,
        vendor_id uuid not null,
        product_id uuid not null,
        hour timestamptz not null check (hour = date_trunc('hour', hour, 'UTC')),
        dimension text not null,
        delta bigint not null check (delta <> 0),
        reason text not null,
        state text not null check (state in ('proposed', 'approved', 'refused', 'withdrawn')),
        -- People; null where an API key acted.
        proposed_by text,
        proposed_at timestamptz not null,
        decided_kind text check (decided_kind in ('buyer', 'vendor', 'operator')),
        decided_by text,
        decided_at timestamptz,
        note text not null,
        primary key (subscription_id, id),
        check ((state = 'proposed') = (decided_at is null) and (decided_at is null) = (decided_kind is null)),
        -- What the buyer would pay more for is never the vendor's to decide; what the vendor gives, not one person's alone.
        constraint usage_correction_four_eyes check (
          state in ('proposed', 'withdrawn') or decided_kind = 'operator'
          or (decided_kind = 'buyer' and delta > 0)
          or (decided_kind = 'vendor' and delta < 0 and proposed_by is not null and decided_by is not null and proposed_by <> decided_by))
      );
      create index usage_correction_id on metering.usage_correction (id);
      create index usage_correction_vendor on metering.usage_correction (vendor_id, proposed_at);
      create index usage_correction_buyer on metering.usage_correction (buyer_id, proposed_at);
      -- A decision is never forgotten, and what was proposed never changes; only what became of it is written.
      revoke update, delete on metering.usage_correction from metering;
      grant update (state, decided_kind, decided_by, decided_at, note) on metering.usage_correction to metering;

      create table metering.heartbeat (
        subscription_id uuid not null,
        instance_id uuid not null,
        last_alive_at timestamptz not null,
        primary key (subscription_id, instance_id)
      ) with (fillfactor = 70);

      create table metering.silence (
        subscription_id uuid not null,
        instance_id uuid not null,
        since timestamptz not null,
        buyer_id uuid not null,
        vendor_id uuid not null,
        product_id uuid not null,
        ec2_instance_id text,
        noticed_at timestamptz not null,
        ended_at timestamptz check (ended_at >= since),
        primary key (subscription_id, instance_id, since)
      );
      -- One open alert per machine.
      create unique index silence_open on metering.silence (subscription_id, instance_id) where ended_at is null;
      create index silence_vendor on metering.silence (vendor_id, noticed_at);
      create index silence_buyer on metering.silence (buyer_id, noticed_at);
    `);
  }

  down = forwardOnly;
}
