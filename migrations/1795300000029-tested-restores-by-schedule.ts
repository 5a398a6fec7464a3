/** Owner: api. How often a buyer has the newest snapshot of a launch tried. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class TestedRestoresBySchedule1795300000029 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table api.launch add column restore_test_every_days integer check (restore_test_every_days between 1 and 365)',
    );
  }

  down = forwardOnly;
}
