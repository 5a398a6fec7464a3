/** Owner: metering. Credentials that machines get for proof of identity. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class InstanceSessions1795300000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table metering.instance_session (
        access_key_id text primary key,
        subscription_id uuid not null,
        instance_id uuid not null,
        product_id uuid not null,
        secret_sealed bytea not null,
        token_sha256 text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz
      );
      create index instance_session_instance on metering.instance_session (instance_id, created_at);

      create table metering.instance_binding (
        instance_id uuid primary key,
        subscription_id uuid not null,
        nonce_sha256 text not null,
        bound_at timestamptz not null
      );
    `);
  }

  down = forwardOnly;
}
