/** Owner: launcher. Upgrades of fleets to another version, machine by machine. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class FleetUpgrades1795300000027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table launcher.fleet_upgrade (
        id uuid primary key,
        fleet_id uuid not null,
        from_version_id uuid not null,
        to_version_id uuid not null,
        state text not null check (state in ('replacing', 'rolling-back', 'done', 'rolled-back', 'failed')),
        -- For how long a machine may not be healthy before everything goes back.
        patience_seconds integer not null check (patience_seconds between 60 and 86400),
        failure text,
        -- The fleet's machines as they were left: when they are otherwise, something happened.
        members_seen text not null,
        asked_at timestamptz not null,
        -- When its state was entered.
        step_at timestamptz not null,
        ended_at timestamptz,
        check (from_version_id <> to_version_id),
        check ((ended_at is null) = (state in ('replacing', 'rolling-back')))
      );
      create unique index fleet_upgrade_open on launcher.fleet_upgrade (fleet_id) where ended_at is null;
      create index fleet_upgrade_fleet on launcher.fleet_upgrade (fleet_id, asked_at);

      create table launcher.fleet_replacement (
        instance_id uuid primary key references launcher.instance (id),
        upgrade_id uuid not null references launcher.fleet_upgrade (id),
        -- A machine is replaced once in each direction, and again in another upgrade.
        replaces uuid not null references launcher.instance (id),
        created_at timestamptz not null
      );
      create index fleet_replacement_upgrade on launcher.fleet_replacement (upgrade_id, created_at);
    `);
  }

  down = forwardOnly;
}
