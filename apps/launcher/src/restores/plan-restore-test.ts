/**
 * Has the newest snapshot of a launch tried as often as its buyer wants, so that nobody finds out on the day it is needed. The trying is the work
 * of TestRestore. Reads api.launch, its subscription and connection.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { Launch } from '#tables/api/launch.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { RestoreTests } from './restore-tests.ts';

@Injectable()
export class PlanRestoreTest extends Stage {
  readonly queue = 'launcher.plan-restore-test';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly tests: RestoreTests,
  ) {
    super();
  }

  /** Launches whose turn has come, with a good snapshot, an image to try it with, and an account that can be asked. */
  due(): Promise<string[]> {
    return this.dueOf(null);
  }

  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      // Whoever comes second waits here, and then finds the test that the first has planned.
      const snapshot = await tx.findOne(Snapshot, {
        where: { launchId: id, state: 'completed' },
        order: { createdAt: 'desc', id: 'desc' },
        lock: { mode: 'pessimistic_write' },
      });
      if (!snapshot || snapshot.unwantedAt || !(await tx.existsBy(Launch, { id })) || !(await this.dueOf(id)).includes(id))
        return;
      await this.tests.plan(tx, snapshot);
    });
  }

  private async dueOf(id: string | null): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select launch.id from api.launch
         join api.subscription on subscription.id = launch.subscription_id and subscription.ended_at is null
         left join api.aws_connection on aws_connection.id = launch.aws_connection_id
         cross join lateral (
           select snapshot.unwanted_at from launcher.snapshot where snapshot.launch_id = launch.id and snapshot.state = 'completed'
            order by snapshot.created_at desc, snapshot.id desc limit 1) newest
        where launch.restore_test_every_days is not null and launch.desired <> 'terminated' and launch.subnet_id is null
          and ($2::uuid is null or launch.id = $2) and newest.unwanted_at is null
          and (launch.aws_connection_id is null or aws_connection.removed_at is null)
          and not exists (select from launcher.restore_test where restore_test.launch_id = launch.id
                           and (restore_test.ended_at is null or restore_test.asked_at > $1::timestamptz - launch.restore_test_every_days * interval '1 day'))
          and exists (select from launcher.instance join launcher.image
                          on image.version_id = instance.version_id and image.region = instance.region and image.state = 'ready'
                       where instance.launch_id = launch.id and not exists (select from launcher.instance newer where newer.replaces = instance.id))
        limit 300`,
      [this.clock.now(), id],
    );
    return rows.map((row) => row.id);
  }
}
