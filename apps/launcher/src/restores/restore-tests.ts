/** Tests of snapshots as their buyer asks for and reads them. Trying one is the work of TestRestore. Reads api.launch. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Launch } from '#tables/api/launch.ts';
import { RestoreTest, type TestDisk } from '#tables/launcher/restore-test.ts';
import type { Snapshot } from '#tables/launcher/snapshot.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { currentMachine } from '../instances/current-machine.ts';
import { newestSnapshot } from '../volumes/data-volumes.ts';
import { ownSnapshot } from '../volumes/snapshots.ts';
import { assertLaunchable } from './replaceable.ts';
import type { RestoreTestQuery, RestoreTestView } from './restore-tests.schema.ts';

@Injectable()
export class RestoreTests {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Asks for a test. While one of the same snapshot is under way, that is the one.
   * @throws DomainError `missing`, `snapshot_not_usable`, `image_not_ready`, `not_in_a_subnet`.
   */
  test(caller: Caller, snapshotId: string): Promise<RestoreTestView> {
    return this.db.transaction(async (tx) => {
      // Held, so that it is not found superfluous meanwhile, and is tested once.
      const snapshot = await ownSnapshot(tx, caller, snapshotId, 'held');
      const underWay = await tx.findOneBy(RestoreTest, { snapshotId, state: 'running' });
      if (underWay) return view(underWay);
      if (snapshot.state !== 'completed' || snapshot.unwantedAt)
        throw new DomainError('conflict', 'snapshot_not_usable', 'Only a snapshot that is complete can be tested.');
      return view(await this.plan(tx, snapshot));
    });
  }

  /**
   * Plans a test of a snapshot whose row is held and that is good.
   * @throws DomainError `image_not_ready`, `not_in_a_subnet`.
   */
  async plan(tx: EntityManager, snapshot: Snapshot): Promise<RestoreTest> {
    const launch = await tx.findOneByOrFail(Launch, { id: snapshot.launchId! });
    if (launch.subnetId)
      throw new DomainError(
        'conflict',
        'not_in_a_subnet',
        'The machine of a test is made in the default network, and this launch is in a subnet of its own. Restore into a second launch to see.',
      );
    const versionId = (await currentMachine(tx, launch.id))?.versionId ?? launch.versionId;
    await assertLaunchable(tx, versionId, launch.region);
    const test: RestoreTest = {
      id: newId(),
      launchId: launch.id,
      subscriptionId: launch.subscriptionId,
      snapshotId: snapshot.id,
      versionId,
      region: snapshot.region,
      awsConnectionId: snapshot.awsConnectionId,
      instanceType: launch.instanceType,
      disks: await disksOf(tx, snapshot),
      state: 'running',
      finding: null,
      groupId: null,
      ec2InstanceId: null,
      tries: 0,
      askedAt: this.clock.now(),
      attemptedAt: null,
      endedAt: null,
      cleanedAt: null,
    };
    await tx.insert(RestoreTest, test);
    await this.doorbell.ring(tx, 'launcher.test-restore', test.id);
    return test;
  }

  /** The newest 500 of the caller. */
  async list(caller: Caller, { launchId, snapshotId }: RestoreTestQuery): Promise<RestoreTestView[]> {
    const tests = await this.own(caller)
      .andWhere(launchId ? 'restore_test.launch_id = :launchId' : 'true', { launchId })
      .andWhere(snapshotId ? 'restore_test.snapshot_id = :snapshotId' : 'true', { snapshotId })
      .orderBy({ 'restore_test.asked_at': 'DESC', 'restore_test.id': 'DESC' })
      .take(500)
      .getMany();
    return tests.map(view);
  }

  /** @throws DomainError `missing` for a foreign one. */
  async get(caller: Caller, id: string): Promise<RestoreTestView> {
    const test = await this.own(caller).andWhere('restore_test.id = :id', { id }).getOne();
    if (!test) throw missing('restore test');
    return view(test);
  }

  private own({ organizationId }: Caller): SelectQueryBuilder<RestoreTest> {
    return this.db.manager
      .createQueryBuilder(RestoreTest, 'restore_test')
      .where('exists (select from api.launch where launch.id = restore_test.launch_id and launch.buyer_id = :organizationId)', {
        organizationId,
      });
  }
}

/** The volume that it is of, and the others of its launch, by the newest that is good of each. */
async function disksOf(tx: EntityManager, snapshot: Snapshot): Promise<TestDisk[]> {
  const own = await tx.findOneByOrFail(Volume, { id: snapshot.volumeId });
  const volumes = await tx.find(Volume, { where: { launchId: own.launchId! }, order: { createdAt: 'desc', id: 'desc' } });
  const newest = [...new Map(volumes.toReversed().map((volume) => [volume.name, volume])).values()];
  return Promise.all(
    newest.map(async (volume) => {
      const isOwn = volume.name === own.name;
      const source = isOwn ? snapshot : await newestSnapshot(tx, volume);
      const { name, device, type } = volume;
      const sizeGib = isOwn ? Math.max(volume.sizeGib, own.sizeGib) : volume.sizeGib;
      return { name, device, type, sizeGib, snapshotId: source?.id ?? null };
    }),
  );
}

const view = (test: RestoreTest): RestoreTestView => ({
  id: test.id,
  launchId: test.launchId,
  snapshotId: test.snapshotId,
  versionId: test.versionId,
  region: test.region,
  instanceType: test.instanceType,
  disks: test.disks.map(({ name, device, sizeGib, snapshotId }) => ({ name, device, sizeGib, snapshotId })),
  state: test.state,
  finding: test.finding,
  askedAt: test.askedAt.toISOString(),
  startedAt: test.attemptedAt?.toISOString() ?? null,
  endedAt: test.endedAt?.toISOString() ?? null,
  secondsToHealthy:
    test.state === 'passed' && test.attemptedAt && test.endedAt
      ? (test.endedAt.getTime() - test.attemptedAt.getTime()) / 1000
      : null,
  cleanedAt: test.cleanedAt?.toISOString() ?? null,
});
