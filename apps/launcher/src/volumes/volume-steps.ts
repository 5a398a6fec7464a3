/**
 * The steps of a data volume's life at EC2. Before each call the row says that it is made; what came of it is written after. A step that
 * was not answered is looked at before it is made again.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import type { VolumeState } from '#domain/volume.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { LOG } from '#platform/tokens.ts';
import type { Launch } from '#tables/api/launch.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { Places } from '../connections/places.ts';
import type { Tags } from '../ec2/clients.ts';
import { Ec2Error } from '../ec2/ec2.errors.ts';
import { reasonOf } from '../ec2/ec2.reasons.ts';
import { Ec2Volumes, type Ec2Volume } from '../ec2/volumes.ts';
import { Progress } from '../instances/progress.ts';

@Injectable()
export class VolumeSteps {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly places: Places,
    private readonly ec2: Ec2Volumes,
    private readonly progress: Progress,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** The zone is written with the intent: the token that was used for one zone is good for no other. */
  async create(volume: Volume, launch: Launch | null, machine: Instance): Promise<void> {
    const zone = volume.zone ?? machine.zone!;
    const snapshotId = await this.sourceOf(volume);
    await this.update(volume, { zone, attemptedAt: this.clock.now() });
    const { id: token, sizeGib, type } = volume;
    const order = { token, zone, sizeGib, type, snapshotId, tags: tagsOf(volume, machine, launch) };
    const made = await this.told(machine, zone, async () => this.ec2.create(await this.places.of(volume), order));
    await this.follow(volume, made, 'creating');
    this.log.info({ volumeId: volume.id, ec2VolumeId: made.volumeId, zone }, 'a data volume was made');
  }

  async attach(volume: Volume, { volumeId }: Ec2Volume, machine: Instance): Promise<void> {
    await this.intend(volume, volumeId);
    const attach = async (): Promise<void> =>
      this.ec2.attach(await this.places.of(volume), volumeId, machine.ec2InstanceId!, volume.device);
    await this.told(machine, volume.zone, attach);
    await this.write(volume, { state: 'attaching', instanceId: machine.id });
  }

  async detach(volume: Volume, { volumeId, heldBy }: Ec2Volume, force: boolean): Promise<void> {
    // Whoever is forced has been told before, and it is since then that it does not let go.
    if (!force) await this.intend(volume, volumeId);
    await this.ec2.detach(await this.places.of(volume), volumeId, heldBy!, force);
    await this.write(volume, { state: 'detaching' });
  }

  async delete(volume: Volume, { volumeId }: Ec2Volume): Promise<void> {
    await this.intend(volume, volumeId);
    await this.ec2.delete(await this.places.of(volume), volumeId);
    await this.end(volume, 'deleted', null);
  }

  /**
   * Makes a volume its buyer's, whatever becomes of the product. In the buyer's own account nothing of ours is on it from then on but a
   * tag that says so. One in the platform's account cannot change hands: the buyer's account may make volumes of its last snapshot.
   */
  async release(volume: Volume, { volumeId }: Ec2Volume): Promise<void> {
    const place = await this.places.of(volume);
    const releasedTo = place.connection?.accountId ?? volume.releasedTo;
    const snapshot = await this.db.manager.findOneBy(Snapshot, { volumeId: volume.id, reason: 'final', state: 'completed' });
    await this.intend(volume, volumeId);
    if (!place.connection && releasedTo && snapshot) await this.handOver(volume, snapshot, releasedTo);
    else await this.ec2.tag(place, volumeId, { 'slipway:released': releasedTo ?? 'true' });
    await this.update(volume, { releasedTo });
    await this.end(volume, 'released', null);
  }

  /** The volume goes once the snapshot is another's to use: nobody would pay for it. */
  private async handOver(volume: Volume, { id, ec2SnapshotId }: Snapshot, account: string): Promise<void> {
    const place = await this.places.of(volume);
    await this.ec2.shareSnapshot(place, ec2SnapshotId!, account);
    await this.db.manager.update(Snapshot, { id }, { sharedWith: account });
    await this.ec2.delete(place, volume.ec2VolumeId!);
  }

  /** Wants it kept after all. */
  async keep(volume: Volume, failure: string): Promise<void> {
    await this.update(volume, { wanted: 'kept', failure });
  }

  /** Writes down what EC2 shows. */
  async follow(volume: Volume, seen: Ec2Volume, state: VolumeState): Promise<void> {
    const holder =
      seen.heldBy === null
        ? null
        : await this.db.manager.findOneBy(Instance, { region: volume.region, ec2InstanceId: seen.heldBy });
    const { volumeId: ec2VolumeId, zone } = seen;
    await this.write(volume, { state, ec2VolumeId, zone, instanceId: holder?.id ?? null });
  }

  /** Nothing is done with it from then on. What is lost is restored, if its launch still wants it. */
  async end(volume: Volume, state: 'lost' | 'released' | 'deleted', failure: string | null): Promise<void> {
    await this.write(volume, { state, failure, instanceId: null, endedAt: this.clock.now() });
    this.log.info({ volumeId: volume.id, ec2VolumeId: volume.ec2VolumeId, state }, 'a data volume is over');
  }

  private async sourceOf({ fromSnapshotId }: Volume): Promise<string | null> {
    if (!fromSnapshotId) return null;
    return (await this.db.manager.findOneByOrFail(Snapshot, { id: fromSnapshotId })).ec2SnapshotId;
  }

  /** What EC2 does not do now, the buyer is told once. @throws Ec2Error all the same: it is tried again. */
  private async told<T>({ id, launchId, fleetId }: Instance, zone: string | null, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const reason = error instanceof Ec2Error ? reasonOf(error, { region: zone ?? '', zone }) : null;
      const subject = { launchId, fleetId, instanceId: id };
      if (reason) await this.progress.noteOnce(this.db.manager, subject, 'waiting', `The data volume waits. ${reason}`);
      throw error;
    }
  }

  /** Before EC2 is told to do something with it. */
  private intend(volume: Volume, ec2VolumeId: string): Promise<void> {
    return this.update(volume, { attemptedAt: this.clock.now(), ec2VolumeId });
  }

  private async update({ id, state }: Volume, changes: Partial<Volume>): Promise<void> {
    await this.db.manager.update(Volume, { id, state }, changes);
  }

  /** Only from the state that was decided on: another worker may have been faster. */
  private async write(volume: Volume, changes: Partial<Volume> & { state: VolumeState }): Promise<void> {
    const { id, state: before, launchId, fleetId, name } = volume;
    await this.db.transaction(async (tx) => {
      const { affected } = await tx.update(Volume, { id, state: before }, { ...changes, observedAt: this.clock.now() });
      const { state, instanceId } = changes;
      if (!affected || state === before) return;
      const ec2VolumeId = changes.ec2VolumeId ?? volume.ec2VolumeId;
      const sentence = SENTENCES[state]?.({ name, ec2VolumeId, failure: changes.failure ?? null });
      if (sentence) await this.progress.note(tx, { launchId, fleetId, instanceId }, `volume-${state}`, sentence);
      if (state === 'attached' && instanceId) await this.doorbell.ring(tx, 'launcher.reconcile-instance', instanceId);
      if (state === 'lost' && launchId) await this.doorbell.ring(tx, 'launcher.reconcile-launch', launchId);
      if (state === 'available') await this.ringSnapshots(tx, id);
    });
  }

  /** A last snapshot waits until nothing writes to the volume any more. */
  private async ringSnapshots(tx: EntityManager, volumeId: string): Promise<void> {
    const snapshots = await tx.findBy(Snapshot, { volumeId, state: 'planned' });
    for (const { id } of snapshots) await this.doorbell.ring(tx, 'launcher.take-snapshot', id);
  }
}

type Told = Pick<Volume, 'name' | 'ec2VolumeId' | 'failure'>;

const SENTENCES: Partial<Record<VolumeState, (volume: Told) => string>> = {
  creating: ({ name, ec2VolumeId }) => `EC2 makes the data volume "${name}" (${ec2VolumeId}).`,
  attached: ({ name, ec2VolumeId }) => `The data volume "${name}" (${ec2VolumeId}) is attached.`,
  detaching: ({ name }) => `The data volume "${name}" is taken from the machine.`,
  lost: ({ name, ec2VolumeId, failure }) =>
    `The data volume "${name}" (${ec2VolumeId}) is lost: ${failure ?? 'EC2 says no more.'}`,
  released: ({ name }) => `The data volume "${name}" is yours; Slipway leaves it alone from now on.`,
  deleted: ({ name }) => `The data volume "${name}" is deleted.`,
};

/** The buyer's own for cost allocation, and by which we find what is ours. */
const tagsOf = ({ id, name }: Volume, machine: Instance, launch: Launch | null): Tags => ({
  Name: `${launch?.name ?? 'slipway'} ${name}`,
  ...launch?.tags,
  'slipway:volume': id,
  'slipway:launch': machine.launchId ?? machine.fleetId!,
  'slipway:subscription': machine.subscriptionId,
  'slipway:product': machine.productId,
});
