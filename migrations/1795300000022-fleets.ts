/** Owner: api. Fleets: machines of one kind whose number follows a schedule or a load. The launcher reads prices for their ceilings. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Fleets1795300000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api.fleet (
        id uuid primary key,
        subscription_id uuid not null references api.subscription (id),
        buyer_id uuid not null references api.organization (id),
        version_id uuid not null references api.version (id),
        name text,
        aws_connection_id uuid,
        region text not null,
        zone text,
        instance_type text not null,
        key_name text,
        subnet_id text,
        ssh_from text,
        market text not null default 'on-demand' check (market in ('on-demand', 'spot')),
        placement text not null default 'none' check (placement in ('none', 'spread', 'partition')),
        tags jsonb not null default '{}' check (jsonb_typeof(tags) = 'object'),
        user_data jsonb not null default '{}' check (jsonb_typeof(user_data) = 'object'),
        min_machines integer not null check (min_machines >= 0),
        max_machines integer not null check (max_machines between 1 and 1000),
        -- The buyer's number, which goes before the target; null lets the target decide.
        fixed_machines integer,
        target jsonb check (jsonb_typeof(target) = 'object'),
        windows jsonb not null default '[]' check (jsonb_typeof(windows) = 'array'),
        scale_out_seconds integer not null check (scale_out_seconds between 0 and 3600),
        scale_in_seconds integer not null check (scale_in_seconds between 0 and 3600),
        -- Of all its machines together, in the subscription's currency.
        hourly_ceiling numeric(38, 12) check (hourly_ceiling > 0),
        -- How long all have to be idle before there are none.
        idle_minutes integer check (idle_minutes between 1 and 1440),
        drain_seconds integer not null check (drain_seconds between 0 and 3600),
        wake_requested_at timestamptz,
        created_at timestamptz not null,
        changed_at timestamptz not null,
        ended_at timestamptz check (ended_at >= created_at),
        check (min_machines <= max_machines),
        check (fixed_machines between min_machines and max_machines),
        -- Only a load that is reported says that nobody needs it, and only without a minimum may it be none.
        check (idle_minutes is null or (target is not null and min_machines = 0))
      );
      create index fleet_buyer on api.fleet (buyer_id, created_at);
      create index fleet_subscription on api.fleet (subscription_id);

      grant select on api.fleet, api.price_version, api.price to launcher;
    `);
  }

  down = forwardOnly;
}
