/** Owner: launcher. What was done to a machine and its volumes, so that a launcher that was killed knows: told to stop, lost, released. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class LostMachines1795300000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table launcher.instance
        -- When we had EC2 stop it; null again once we had it start.
        add column stop_told_at timestamptz,
        -- When it was seen to have ended though it was wanted.
        add column lost_at timestamptz;
      create index instance_lost on launcher.instance (launch_id, lost_at) where lost_at is not null;
      create index instance_failed on launcher.instance (launch_id) where state = 'failed';

      alter table launcher.volume
        -- The buyer's AWS account that a released volume is tagged for; null when the buyer named none.
        add column released_to text,
        add column ended_at timestamptz;
      alter table launcher.snapshot
        -- The AWS account that may make volumes of it.
        add column shared_with text;
    `);
  }

  down = forwardOnly;
}
