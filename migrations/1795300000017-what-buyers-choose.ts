/** Owner: api. What a buyer chooses for a launch, and what a version says of the machine it needs. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class WhatBuyersChoose1795300000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api.launch
        add column name text,
        add column aws_connection_id uuid,
        add column zone text,
        add column key_name text,
        add column subnet_id text,
        -- A CIDR. SSH is closed while it is null.
        add column ssh_from text,
        add column placement text not null default 'none' check (placement in ('none', 'spread', 'partition')),
        -- The buyer's own, for cost allocation.
        add column tags jsonb not null default '{}' check (jsonb_typeof(tags) = 'object'),
        -- Values for the version's user-data template.
        add column user_data jsonb not null default '{}' check (jsonb_typeof(user_data) = 'object'),
        add column reboot_at timestamptz,
        add column snapshot_on_end boolean not null default false,
        -- What becomes of its data volumes at its end: deleted, or kept until the buyer says otherwise.
        add column keep_volumes boolean not null default false,
        add column snapshot_every_hours integer check (snapshot_every_hours between 1 and 8760),
        add column snapshots_kept integer not null default 7 check (snapshots_kept between 1 and 1000),
        drop constraint launch_desired_check,
        add constraint launch_desired_check check (desired in ('running', 'stopped', 'terminated'));

      alter table api.version
        add column ports jsonb not null default '[]' check (jsonb_typeof(ports) = 'array'),
        add column user_data_template text,
        add column data_volumes jsonb not null default '[]' check (jsonb_typeof(data_volumes) = 'array'),
        add column recommended_instance_type text,
        add column drain_path text,
        add column metrics_path text;
    `);
  }

  down = forwardOnly;
}
