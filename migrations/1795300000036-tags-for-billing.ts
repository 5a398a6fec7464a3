/** Owner: api. Buyers tag launches and fleets for cost allocation, so billing, which says what they cost, reads the tags. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class TagsForBilling1795300000036 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('grant select on api.launch, api.fleet to billing;');
  }

  down = forwardOnly;
}
