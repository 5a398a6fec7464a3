/** Owner: all. The house: four schemas, four roles of the same names, and each role owning nothing but writing only in its own. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class SchemasAndRoles1795300000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create extension if not exists btree_gist;

      do $$
      declare app text;
      begin
        foreach app in array array['api', 'launcher', 'metering', 'billing'] loop
          -- Roles belong to the whole cluster, so another Slipway in it may have made them.
          if not exists (select from pg_roles where rolname = app) then
            execute format('create role %I login', app);
          end if;
        end loop;
        foreach app in array array['api', 'launcher', 'metering', 'billing'] loop
          execute format('create schema %I', app);
          execute format('grant usage on schema %I to api, launcher, metering, billing', app);
          execute format('alter default privileges in schema %I grant select, insert, update, delete on tables to %I', app, app);
          execute format('alter role %I set search_path = %I', app, app);
          execute format('alter role %I set timezone = %L', app, 'UTC');
          -- What a stage of this app could not do, and why: the first place to look when something does not move.
          execute format('create table %I.stuck_work (
            queue text not null,
            row_id text not null,
            attempts integer not null,
            last_error text not null,
            since timestamptz not null,
            next_try_at timestamptz not null,
            primary key (queue, row_id))', app);
          execute format('grant select on %I.stuck_work to api', app);
        end loop;
      end $$;

      revoke create on schema public from public;
    `);
  }

  down = forwardOnly;
}
