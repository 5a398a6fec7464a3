/** Owner: launcher. Upgrades of launches to another version, and which snapshots were taken for one. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Upgrades1795300000032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table launcher.upgrade (
        id uuid primary key,
        launch_id uuid not null,
        from_version_id uuid not null,
        to_version_id uuid not null,
        state text not null check (state in ('preparing', 'replacing', 'rolling-back', 'done', 'rolled-back', 'failed')),
        -- For how long a machine may not be healthy before it goes back.
        patience_seconds integer not null check (patience_seconds between 60 and 86400),
        failure text,
        asked_at timestamptz not null,
        -- When its state was entered.
        step_at timestamptz not null,
        ended_at timestamptz,
        check (from_version_id <> to_version_id),
        check ((ended_at is null) = (state in ('preparing', 'replacing', 'rolling-back')))
      );
      create unique index upgrade_open on launcher.upgrade (launch_id) where ended_at is null;
      create index upgrade_launch on launcher.upgrade (launch_id, asked_at);

      alter table launcher.snapshot add column upgrade_id uuid references launcher.upgrade (id);
      create unique index snapshot_upgrade on launcher.snapshot (upgrade_id, volume_id) where upgrade_id is not null;
    `);
  }

  down = forwardOnly;
}
