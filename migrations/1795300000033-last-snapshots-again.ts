/** Owner: launcher. The last snapshot of a volume that failed can be taken again. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class LastSnapshotsAgain1795300000033 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index launcher.snapshot_final;
      create unique index snapshot_final on launcher.snapshot (volume_id) where reason = 'final' and state not in ('failed', 'deleted');
    `);
  }

  down = forwardOnly;
}
