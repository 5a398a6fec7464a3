/** Owner: api. What a vendor says its image runs; and the launcher may see what is listed, to look at that again. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class DeclaredOperatingSystem1795300000044 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api.version add column operating_system text check (length(operating_system) between 1 and 60);
      grant select on api.listing to launcher;
    `);
  }

  down = forwardOnly;
}
