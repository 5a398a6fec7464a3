/** Owner: launcher. What EC2 shows: images per region, machines, and when they ran. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class ImagesAndInstances1795300000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table launcher.image (
        id uuid primary key,
        version_id uuid not null,
        region text not null,
        state text not null check (state in ('copying', 'testing', 'ready', 'rejected')),
        ami_id text,
        copied_at timestamptz,
        boot_test_token uuid not null,
        boot_test_instance_id text,
        boot_test_started_at timestamptz,
        boot_test_tries integer not null default 0,
        -- The boot test's machine is on its way out; until then the image has work left, whatever its verdict.
        boot_test_ended_at timestamptz,
        checks jsonb not null,
        rejection text,
        created_at timestamptz not null,
        ready_at timestamptz,
        unique (version_id, region)
      );
      create index image_unfinished on launcher.image (version_id)
        where state in ('copying', 'testing') or (boot_test_instance_id is not null and boot_test_ended_at is null);

      create table launcher.instance (
        id uuid primary key,
        subscription_id uuid not null,
        buyer_id uuid not null,
        vendor_id uuid not null,
        product_id uuid not null,
        region text not null,
        ami_id text,
        instance_type text not null,
        state text not null check (state in ('planned', 'pending', 'running', 'healthy', 'stopping', 'stopped', 'terminating', 'terminated', 'failed')),
        ec2_instance_id text,
        ec2_account_id text,
        public_address text,
        url text,
        failure text,
        created_at timestamptz not null,
        attempted_at timestamptz,
        launched_at timestamptz,
        healthy_at timestamptz,
        terminated_at timestamptz,
        observed_at timestamptz,
        unique (region, ec2_instance_id)
      );
      create index instance_subscription on launcher.instance (subscription_id);
      create index instance_buyer on launcher.instance (buyer_id, created_at);
      create index instance_alive on launcher.instance (state) where state not in ('terminated', 'failed');

      create table launcher.run_interval (
        instance_id uuid not null,
        started_at timestamptz not null,
        subscription_id uuid not null,
        ended_at timestamptz check (ended_at >= started_at),
        primary key (instance_id, started_at),
        exclude using gist (instance_id with =, tstzrange(started_at, ended_at) with &&)
      );
      create index run_interval_subscription on launcher.run_interval (subscription_id, started_at);

      grant select on launcher.image, launcher.instance to api, metering;
      grant select on launcher.run_interval to metering;
    `);
  }

  down = forwardOnly;
}
