/** Owner: launcher. Each run of the controls over an image, what is told of it, and what was tested, kept as it was tested. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class ImageScans1795300000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table launcher.image
        -- Per cent of the copy; null where EC2 does not say.
        add column progress smallint check (progress between 0 and 100),
        add column snapshot_ids text[] not null default '{}',
        add column source_digest text check (source_digest ~ '^sha256:[0-9a-f]{64}$'),
        -- Boot tests belong to runs from now on. The old columns are the previous release's; a later migration drops them.
        alter column boot_test_token set default gen_random_uuid();

      -- What launches take is what was tested, for ever.
      create function launcher.keep_tested_image() returns trigger language plpgsql as $$
      begin
        if old.ready_at is not null and (
          new.version_id <> old.version_id or new.region <> old.region
          or new.ami_id is distinct from old.ami_id or new.ready_at is distinct from old.ready_at
          -- Images that were ready before this was written down may still get it.
          or (old.snapshot_ids <> '{}' and new.snapshot_ids <> old.snapshot_ids)
          or (old.source_digest is not null and new.source_digest is distinct from old.source_digest)
        ) then
          raise exception 'image % is what was tested and stays so', old.id using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      create trigger keep_tested_image before update on launcher.image for each row execute function launcher.keep_tested_image();

      create table launcher.image_scan (
        id uuid primary key,
        image_id uuid not null references launcher.image (id),
        reason text not null check (reason in ('first', 'again')),
        boot_test boolean not null,
        checks jsonb not null,
        started_at timestamptz not null,
        looked_at timestamptz,
        group_id text,
        attempted_at timestamptz,
        ec2_instance_id text,
        answered_at timestamptz,
        tries integer not null default 0,
        ended_at timestamptz check (ended_at >= started_at),
        failure text,
        cleaned_at timestamptz,
        check (failure is null or ended_at is not null),
        check (cleaned_at is null or ended_at is not null)
      );
      create index image_scan_image on launcher.image_scan (image_id, started_at);
      -- One run at a time, and the next only when nothing of it is left in EC2.
      create unique index image_scan_open on launcher.image_scan (image_id) where cleaned_at is null;
      revoke delete on launcher.image_scan from launcher;

      -- A run's results are history once it has ended.
      create function launcher.keep_ended_scan() returns trigger language plpgsql as $$
      begin
        if old.ended_at is not null and (
          new.ended_at is distinct from old.ended_at or new.checks <> old.checks or new.failure is distinct from old.failure
          or new.image_id <> old.image_id or new.reason <> old.reason or new.started_at <> old.started_at
        ) then
          raise exception 'scan % has ended and stays as it was', old.id using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      create trigger keep_ended_scan before update on launcher.image_scan for each row execute function launcher.keep_ended_scan();

      -- The token of a boot test becomes the id of its run, so that its machine is found again.
      insert into launcher.image_scan (id, image_id, reason, boot_test, checks, started_at, looked_at, attempted_at, ec2_instance_id, tries, ended_at, failure, cleaned_at)
      select image.boot_test_token, image.id, 'first', true, image.checks, image.created_at,
        case when image.boot_test_instance_id is not null then image.copied_at end,
        image.boot_test_started_at, image.boot_test_instance_id, image.boot_test_tries,
        case when image.state in ('ready', 'rejected') then coalesce(image.ready_at, image.boot_test_ended_at, image.copied_at, image.created_at) end,
        image.rejection,
        case when image.state in ('ready', 'rejected') and (image.boot_test_instance_id is null or image.boot_test_ended_at is not null)
          then coalesce(image.boot_test_ended_at, image.ready_at, image.copied_at, image.created_at) end
      from launcher.image;

      create table launcher.image_notice (
        id uuid primary key,
        image_id uuid not null references launcher.image (id),
        kind text not null check (kind in ('scan_failed', 'other_image_runs')),
        -- The run that found it, or the machine that it is about.
        scan_id uuid references launcher.image_scan (id),
        instance_id uuid references launcher.instance (id),
        reason text not null,
        created_at timestamptz not null,
        resolved_at timestamptz check (resolved_at >= created_at),
        check ((kind = 'scan_failed') = (scan_id is not null)),
        check ((kind = 'other_image_runs') = (instance_id is not null))
      );
      create unique index image_notice_open_scan on launcher.image_notice (image_id) where kind = 'scan_failed' and resolved_at is null;
      create unique index image_notice_open_machine on launcher.image_notice (instance_id) where kind = 'other_image_runs' and resolved_at is null;
      create index image_notice_image on launcher.image_notice (image_id, created_at);
      revoke delete on launcher.image_notice from launcher;

      alter table launcher.instance
        -- What EC2 says that it runs; ami_id is what was launched.
        add column runs_ami_id text;
      create index instance_runs_other on launcher.instance (id) where runs_ami_id is not null and runs_ami_id is distinct from ami_id;
      create index instance_ami on launcher.instance (ami_id) where state not in ('terminated', 'failed');

      grant select on launcher.image_notice to api;
    `);
  }

  down = forwardOnly;
}
