/** Owner: api. Buyers' own AWS accounts, in which machines may run; the launcher reads which, and what is listed, to share images. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class AwsConnections1795300000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api.aws_connection (
        id uuid primary key,
        buyer_id uuid not null references api.organization (id),
        name text not null,
        account_id text not null check (account_id ~ '^[0-9]{12}$'),
        -- Random and ours, so that nobody can guide us into somebody else's account.
        external_id text not null unique check (length(external_id) >= 32),
        role_arn text check (role_arn like 'arn:aws:iam::' || account_id || ':role/%'),
        checks_asked integer not null default 0 check (checks_asked >= 0),
        created_at timestamptz not null,
        removed_at timestamptz check (removed_at >= created_at)
      );
      create unique index aws_connection_account on api.aws_connection (buyer_id, account_id) where removed_at is null;
      -- The template and the role that was made from it name the account and the external id.
      revoke update, delete on api.aws_connection from api;
      grant update (role_arn, checks_asked, removed_at) on api.aws_connection to api;

      alter table api.launch add foreign key (aws_connection_id) references api.aws_connection (id);
      create index launch_aws_connection on api.launch (aws_connection_id) where aws_connection_id is not null;

      grant select on api.aws_connection, api.listing to launcher;
    `);
  }

  down = forwardOnly;
}
