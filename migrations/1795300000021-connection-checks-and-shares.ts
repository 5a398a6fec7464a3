/** Owner: launcher. Whether buyers' connections work, and which images are shared with which AWS accounts. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class ConnectionChecksAndShares1795300000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table launcher.connection_check (
        connection_id uuid primary key,
        -- What was tried, and the how manieth request for it was answered with this.
        role_arn text not null,
        answers integer not null,
        state text not null check (state in ('ok', 'failing')),
        problems jsonb not null,
        regions text[] not null,
        checked_at timestamptz not null,
        check ((state = 'ok') = (jsonb_array_length(problems) = 0))
      );

      create index instance_aws_connection on launcher.instance (aws_connection_id) where aws_connection_id is not null;

      create table launcher.image_share (
        image_id uuid not null references launcher.image (id),
        account_id text not null check (account_id ~ '^[0-9]{12}$' or account_id = 'all'),
        state text not null check (state in ('sharing', 'shared', 'unsharing', 'unshared', 'refused')),
        failure text,
        changed_at timestamptz not null,
        -- When EC2 was last asked whether it is so.
        checked_at timestamptz,
        primary key (image_id, account_id)
      );
      create index image_share_open on launcher.image_share (image_id) where state in ('sharing', 'unsharing');
      create index image_share_account on launcher.image_share (account_id) where state <> 'unshared';

      grant select on launcher.connection_check to api;
    `);
  }

  down = forwardOnly;
}
