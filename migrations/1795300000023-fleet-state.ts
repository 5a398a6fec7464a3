/** Owner: launcher. How many machines each fleet has been given and why, and what they reported. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class FleetState1795300000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table launcher.fleet_state (
        fleet_id uuid primary key,
        -- Null until the first decision.
        desired integer check (desired >= 0),
        why text not null,
        load double precision,
        scaled_out_at timestamptz,
        scaled_in_at timestamptz,
        asleep_since timestamptz,
        -- The newest wake and change of its buyer's that were taken into account.
        wake_seen_at timestamptz,
        change_seen_at timestamptz,
        -- Its machines as they were left: when they are otherwise, something happened.
        members_seen text not null,
        decided_at timestamptz not null,
        -- It is over and nothing of it runs.
        ended_at timestamptz
      );
      create index fleet_state_alive on launcher.fleet_state (decided_at) where ended_at is null;

      -- A machine that did not answer has no row: missing is not zero.
      create table launcher.fleet_metric (
        instance_id uuid not null references launcher.instance (id),
        at timestamptz not null,
        fleet_id uuid not null,
        metric text not null,
        value double precision not null check (value >= 0 and value < 'infinity'),
        idle_since timestamptz check (idle_since <= at),
        primary key (instance_id, at)
      );
      create index fleet_metric_fleet on launcher.fleet_metric (fleet_id, at);

      -- Members as they are now, and lately; those of years ago are not looked at.
      create index instance_fleet_alive on launcher.instance (fleet_id)
        where fleet_id is not null and state not in ('terminated', 'failed');
      create index instance_fleet_ended on launcher.instance (fleet_id, terminated_at) where fleet_id is not null;
      create index instance_fleet_healthy on launcher.instance (fleet_id, healthy_at) where fleet_id is not null;

      grant select on launcher.fleet_state to api;
    `);
  }

  down = forwardOnly;
}
