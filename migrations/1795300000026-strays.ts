/** Owner: launcher. Machines that somebody else started from our images, machines that nobody should have, and how far they were looked for. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Strays1795300000026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table launcher.instance
        -- launched: by us, for a launch or a fleet. outside: by its buyer, with other tools, from an image that is shared with them.
        add column origin text not null default 'launched' check (origin in ('launched', 'outside'));
      do $$
      declare old text;
      begin
        select conname into strict old from pg_constraint
         where conrelid = 'launcher.instance'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%num_nonnulls(launch_id, fleet_id)%';
        execute format('alter table launcher.instance drop constraint %I', old);
      end $$;
      alter table launcher.instance
        add constraint instance_wish check (num_nonnulls(launch_id, fleet_id) = case origin when 'launched' then 1 else 0 end);

      create or replace function launcher.instance_of_launch() returns trigger language plpgsql as $$
      begin
        if new.launch_id is null and new.fleet_id is null and new.origin = 'launched' then
          new.launch_id := new.id;
        end if;
        if new.version_id is null then
          select launch.version_id into new.version_id from api.launch where launch.id = new.launch_id;
        end if;
        return new;
      end $$;

      create table launcher.stray (
        id uuid primary key,
        kind text not null check (kind in ('ended', 'unknown', 'unentitled', 'outside', 'unseen')),
        account text not null,
        region text not null,
        -- The machine as EC2 names it, or, where EC2 shows none, our row.
        ec2_instance_id text,
        instance_id uuid references launcher.instance (id),
        ami_id text,
        -- Whom it concerns besides the operator; null where that is nobody.
        buyer_id uuid,
        product_id uuid,
        subscription_id uuid,
        reason text not null,
        found_at timestamptz not null,
        seen_at timestamptz not null check (seen_at >= found_at),
        -- When EC2 was first told to end it.
        end_told_at timestamptz,
        resolved_at timestamptz check (resolved_at >= found_at),
        check (num_nonnulls(ec2_instance_id, instance_id) > 0)
      );
      -- A machine is told of once for each thing that is odd about it.
      create unique index stray_open_machine on launcher.stray (region, ec2_instance_id, kind) where resolved_at is null and ec2_instance_id is not null;
      create unique index stray_open_row on launcher.stray (instance_id) where resolved_at is null and kind = 'unseen';
      create index stray_place on launcher.stray (account, region) where resolved_at is null;
      create index stray_buyer on launcher.stray (buyer_id, found_at) where buyer_id is not null;
      create index stray_found on launcher.stray (found_at);
      revoke delete on launcher.stray from launcher;

      -- A sweep asks of each page of machines which are ours.
      create index instance_ec2 on launcher.instance (region, ec2_instance_id) where ec2_instance_id is not null;
      create index image_ami on launcher.image (region, ami_id);

      create table launcher.stray_sweep (
        account text not null,
        region text not null,
        started_at timestamptz not null,
        -- Where the next page begins; null when the sweep is over.
        next_token text,
        machines integer not null,
        finished_at timestamptz,
        primary key (account, region)
      );
    `);
  }

  down = forwardOnly;
}
