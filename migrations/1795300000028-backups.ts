/** Owner: launcher. Snapshots by schedule and their end, volumes put back from them, and tests of whether that would work. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Backups1795300000028 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table launcher.snapshot
        -- When its turn came in the schedule that it was taken by.
        add column slot timestamptz,
        -- Since when it shall be deleted at EC2.
        add column unwanted_at timestamptz;
      -- Two workers that find the same turn come take one snapshot.
      create unique index snapshot_slot on launcher.snapshot (volume_id, slot);
      create index snapshot_unwanted on launcher.snapshot (launch_id) where unwanted_at is not null and state <> 'deleted';

      -- What a volume was restored in the place of may be kept beside it.
      drop index launcher.volume_of_launch;
      create unique index volume_of_launch on launcher.volume (launch_id, name)
        where state not in ('lost', 'released', 'deleted') and wanted = 'attached';

      create table launcher.volume_restore (
        id uuid primary key,
        launch_id uuid not null,
        -- That its buyer wanted replaced.
        volume_id uuid not null references launcher.volume (id),
        snapshot_id uuid not null references launcher.snapshot (id),
        -- Made from the snapshot, in its place.
        new_volume_id uuid not null references launcher.volume (id),
        -- What becomes of the old one once the machine is healthy with the new.
        old_volume text not null check (old_volume in ('keep', 'delete')),
        state text not null check (state in ('restoring', 'done', 'undone')),
        -- For how long the machine may not be healthy before the old one comes back.
        patience_seconds integer not null check (patience_seconds between 60 and 86400),
        failure text,
        asked_at timestamptz not null,
        ended_at timestamptz
      );
      create unique index volume_restore_open on launcher.volume_restore (launch_id) where ended_at is null;
      create index volume_restore_launch on launcher.volume_restore (launch_id, asked_at);

      create table launcher.restore_test (
        -- Also the ClientToken of its machine.
        id uuid primary key,
        launch_id uuid not null,
        subscription_id uuid not null,
        snapshot_id uuid not null references launcher.snapshot (id),
        version_id uuid not null,
        region text not null,
        aws_connection_id uuid,
        instance_type text not null,
        -- By device: what the machine's disks are made of.
        disks jsonb not null check (jsonb_typeof(disks) = 'array'),
        state text not null check (state in ('running', 'passed', 'failed')),
        -- What came of it, in a sentence.
        finding text,
        group_id text,
        ec2_instance_id text,
        tries integer not null default 0,
        asked_at timestamptz not null,
        attempted_at timestamptz,
        ended_at timestamptz,
        -- When nothing of it was left in EC2.
        cleaned_at timestamptz
      );
      create index restore_test_launch on launcher.restore_test (launch_id, asked_at);
      create index restore_test_unclean on launcher.restore_test (id) where cleaned_at is null;
      create unique index restore_test_open on launcher.restore_test (snapshot_id) where ended_at is null;
    `);
  }

  down = forwardOnly;
}
