/** Owner: api. What a vendor says its image runs. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class DeclaredOperatingSystem1795300000044 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api.version add column operating_system text check (length(operating_system) between 1 and 60);
    `);
  }

  down = forwardOnly;
}
