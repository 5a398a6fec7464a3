/** Owner: metering. Credentials that machines get for proof of identity, and when vendors' keys were used. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class InstanceSessions1795300000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table metering.instance_session (
        access_key_id text not null,
        subscription_id uuid not null,
        instance_id uuid not null,
        product_id uuid not null,
        secret_sealed bytea not null,
        token_sha256 text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        primary key (subscription_id, access_key_id)
      );
      -- Access keys are random enough never to be the same twice; a request only brings the key.
      create index instance_session_key on metering.instance_session (access_key_id);
      create index instance_session_instance on metering.instance_session (instance_id, created_at);

      -- Of a vendor and not of a subscription: a small table that every node of a cluster may have.
      create table metering.vendor_key_use (
        vendor_id uuid not null,
        access_key_id text not null,
        last_used_at timestamptz not null,
        primary key (vendor_id, access_key_id)
      );

      create table metering.instance_binding (
        instance_id uuid not null,
        subscription_id uuid not null,
        nonce_sha256 text not null,
        bound_at timestamptz not null,
        primary key (subscription_id, instance_id)
      );
    `);
  }

  down = forwardOnly;
}
