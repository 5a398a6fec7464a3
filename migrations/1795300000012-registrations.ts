/** Owner: metering. Machines whose software registered: from then on it is not asked again whether it may run. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Registrations1795300000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table metering.usage_registration (
        subscription_id uuid not null,
        instance_id uuid not null,
        registered_at timestamptz not null,
        primary key (subscription_id, instance_id)
      );
      revoke update, delete on metering.usage_registration from metering;
    `);
  }

  down = forwardOnly;
}
