/** Owner: launcher. Machines apart from the wishes they serve, data volumes apart from machines, snapshots of them, and a progress log. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class MachinesAndVolumes1795300000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table launcher.instance
        add column launch_id uuid,
        add column fleet_id uuid,
        add column version_id uuid,
        add column replaces uuid,
        -- Null: the platform's own account.
        add column aws_connection_id uuid,
        add column zone text,
        add column desired text not null default 'running' check (desired in ('running', 'stopped', 'terminated')),
        add column draining_at timestamptz,
        -- The latest reboot that a buyer asked for and EC2 was told of.
        add column rebooted_at timestamptz;

      update launcher.instance set launch_id = instance.id, version_id = launch.version_id, desired = launch.desired
        from api.launch where launch.id = instance.id;

      alter table launcher.instance
        alter column version_id set not null,
        add check (num_nonnulls(launch_id, fleet_id) = 1),
        add check (replaces <> id);
      create index instance_launch on launcher.instance (launch_id) where launch_id is not null;
      create index instance_fleet on launcher.instance (fleet_id) where fleet_id is not null;
      -- Two workers that find the same machine lost plan one replacement.
      create unique index instance_replaces on launcher.instance (replaces);

      -- The release before this one makes one machine per launch and does not say whose it is.
      create function launcher.instance_of_launch() returns trigger language plpgsql as $$
      begin
        if new.launch_id is null and new.fleet_id is null then
          new.launch_id := new.id;
        end if;
        if new.version_id is null then
          select launch.version_id into new.version_id from api.launch where launch.id = new.launch_id;
        end if;
        return new;
      end $$;
      create trigger instance_of_launch before insert on launcher.instance for each row execute function launcher.instance_of_launch();

      create table launcher.volume (
        id uuid primary key,
        launch_id uuid,
        fleet_id uuid,
        name text not null,
        device text not null,
        size_gib integer not null check (size_gib > 0),
        type text not null,
        region text not null,
        zone text,
        aws_connection_id uuid,
        ec2_volume_id text,
        state text not null check (state in ('planned', 'creating', 'available', 'attaching', 'attached', 'detaching', 'lost', 'released', 'deleted')),
        -- The machine that holds it, or is about to.
        instance_id uuid references launcher.instance (id),
        from_snapshot_id uuid,
        -- What its buyer wants of it once no machine needs it.
        wanted text not null default 'attached' check (wanted in ('attached', 'kept', 'released', 'deleted')),
        replaces uuid,
        failure text,
        created_at timestamptz not null,
        attempted_at timestamptz,
        observed_at timestamptz,
        check (num_nonnulls(launch_id, fleet_id) = 1)
      );
      -- One volume of a name for a launch; a lost one makes room for what is restored in its place.
      create unique index volume_of_launch on launcher.volume (launch_id, name) where state not in ('lost', 'released', 'deleted');
      create unique index volume_at_ec2 on launcher.volume (region, ec2_volume_id);
      create unique index volume_replaces on launcher.volume (replaces);
      create index volume_launch on launcher.volume (launch_id) where launch_id is not null;
      create index volume_fleet on launcher.volume (fleet_id) where fleet_id is not null;
      create index volume_instance on launcher.volume (instance_id) where instance_id is not null;
      create index volume_alive on launcher.volume (state) where state not in ('lost', 'released', 'deleted');

      create table launcher.snapshot (
        id uuid primary key,
        volume_id uuid not null references launcher.volume (id),
        launch_id uuid,
        region text not null,
        aws_connection_id uuid,
        ec2_snapshot_id text,
        reason text not null check (reason in ('scheduled', 'asked', 'upgrade', 'final')),
        state text not null check (state in ('planned', 'pending', 'completed', 'failed', 'deleted')),
        progress integer not null default 0 check (progress between 0 and 100),
        failure text,
        created_at timestamptz not null,
        attempted_at timestamptz,
        completed_at timestamptz,
        deleted_at timestamptz
      );
      create index snapshot_volume on launcher.snapshot (volume_id, created_at);
      create index snapshot_launch on launcher.snapshot (launch_id, created_at);
      create unique index snapshot_at_ec2 on launcher.snapshot (region, ec2_snapshot_id);
      create unique index snapshot_final on launcher.snapshot (volume_id) where reason = 'final';
      create index snapshot_unfinished on launcher.snapshot (state) where state in ('planned', 'pending');

      create table launcher.launch_event (
        id bigint generated always as identity primary key,
        launch_id uuid,
        fleet_id uuid,
        instance_id uuid,
        at timestamptz not null,
        kind text not null,
        message text not null
      );
      create index launch_event_launch on launcher.launch_event (launch_id, id) where launch_id is not null;
      create index launch_event_fleet on launcher.launch_event (fleet_id, id) where fleet_id is not null;
      create index launch_event_instance on launcher.launch_event (instance_id, id) where instance_id is not null;
      -- What was said stays said.
      revoke update on launcher.launch_event from launcher;

      grant select on launcher.volume, launcher.snapshot to api;
    `);
  }

  down = forwardOnly;
}
