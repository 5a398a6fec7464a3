/**
 * Takes one snapshot of a data volume, and watches until it can be used. EC2 takes no ClientToken for it, so after a call that was not
 * answered it is looked for by its tag for as long as EC2 may take to show it, before it is asked for again.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decideSnapshot, type SnapshotAction } from '#domain/snapshot.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { Places } from '../connections/places.ts';
import { isGone, isRefused } from '../ec2/ec2.errors.ts';
import { Ec2Volumes, type Ec2Snapshot } from '../ec2/volumes.ts';
import { Progress } from '../instances/progress.ts';
import { LookAgain } from '../look-again.ts';

@Injectable()
export class TakeSnapshot extends Stage {
  readonly queue = 'launcher.take-snapshot';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly places: Places,
    private readonly ec2: Ec2Volumes,
    private readonly progress: Progress,
    private readonly lookAgain: LookAgain,
  ) {
    super();
  }

  /** A last snapshot waits until nothing writes to the volume any more. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select snapshot.id from launcher.snapshot join launcher.volume on volume.id = snapshot.volume_id
        where snapshot.state = 'pending'
           or (snapshot.state = 'planned' and (snapshot.reason not in ('final', 'upgrade') or volume.state in ('available', 'lost', 'released', 'deleted')))
        order by snapshot.created_at limit 300`,
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const snapshot = await this.db.manager.findOneBy(Snapshot, { id });
    if (!snapshot || (snapshot.state !== 'planned' && snapshot.state !== 'pending')) return;
    const volume = await this.db.manager.findOneByOrFail(Volume, { id: snapshot.volumeId });
    const observed = await this.look(snapshot);
    const action = decideSnapshot({
      state: snapshot.state,
      isLast: snapshot.reason === 'final' || snapshot.reason === 'upgrade',
      volume: volume.state,
      observed,
      secondsSinceCall: snapshot.attemptedAt ? this.secondsSince(snapshot.attemptedAt) : null,
    });
    await this.act(snapshot, volume, observed, action);
  }

  private async look(snapshot: Snapshot): Promise<Ec2Snapshot | 'missing'> {
    if (!snapshot.attemptedAt) return 'missing';
    const place = await this.places.of(snapshot);
    if (snapshot.ec2SnapshotId) return this.ec2.snapshot(place, snapshot.ec2SnapshotId);
    return this.ec2.snapshotByTag(place, 'slipway:snapshot', snapshot.id);
  }

  private async act(
    snapshot: Snapshot,
    volume: Volume,
    observed: Ec2Snapshot | 'missing',
    action: SnapshotAction,
  ): Promise<void> {
    if (action.do === 'take') return this.take(snapshot, volume);
    if (action.do === 'fail') return this.write(snapshot, volume, { state: 'failed', failure: action.failure });
    if (action.do === 'follow' && observed !== 'missing') await this.follow(snapshot, volume, observed);
    this.lookAgain.soon(this.queue, snapshot.id, this.secondsSince(snapshot.attemptedAt ?? snapshot.createdAt));
  }

  private async take(snapshot: Snapshot, volume: Volume): Promise<void> {
    const place = await this.places.of(snapshot);
    await this.db.manager.update(Snapshot, { id: snapshot.id, state: 'planned' }, { attemptedAt: this.clock.now() });
    try {
      const taken = await this.ec2.createSnapshot(place, volume.ec2VolumeId!, `Slipway: ${volume.name}, ${snapshot.reason}`, {
        Name: `slipway ${volume.name}`,
        'slipway:snapshot': snapshot.id,
        'slipway:volume': volume.id,
        'slipway:launch': snapshot.launchId ?? volume.fleetId ?? '',
      });
      await this.follow(snapshot, volume, taken);
      this.lookAgain.soon(this.queue, snapshot.id, 0);
    } catch (error) {
      if (!isRefused(error) && !isGone(error)) throw error;
      await this.write(snapshot, volume, { state: 'failed', failure: String((error as Error).message) });
    }
  }

  private async follow(snapshot: Snapshot, volume: Volume, seen: Ec2Snapshot): Promise<void> {
    const { snapshotId: ec2SnapshotId, state, progress, reason } = seen;
    const completedAt = state === 'completed' ? (seen.completedAt ?? this.clock.now()) : null;
    const failure = state === 'failed' ? (reason ?? 'EC2 gives no reason.') : null;
    await this.write(snapshot, volume, { state, ec2SnapshotId, progress, completedAt, failure });
  }

  /** Whoever waits for it, as a volume that shall go does, hears when it is over. */
  private async write({ id, state: before, upgradeId }: Snapshot, volume: Volume, changes: Partial<Snapshot>): Promise<void> {
    await this.db.transaction(async (tx) => {
      const { affected } = await tx.update(Snapshot, { id, state: before }, changes);
      if (!affected || (changes.state !== 'completed' && changes.state !== 'failed')) return;
      const sentence =
        changes.state === 'completed'
          ? `The snapshot of "${volume.name}" (${changes.ec2SnapshotId}) is complete.`
          : `The snapshot of "${volume.name}" failed: ${changes.failure}`;
      const { launchId, fleetId } = volume;
      await this.progress.note(tx, { launchId, fleetId }, `snapshot-${changes.state}`, sentence);
      await this.doorbell.ring(tx, 'launcher.reconcile-volume', volume.id);
      if (launchId) await this.doorbell.ring(tx, 'launcher.keep-snapshots', launchId);
      if (upgradeId) await this.doorbell.ring(tx, 'launcher.upgrade-launch', upgradeId);
    });
  }

  private secondsSince(instant: Date): number {
    return (this.clock.now().getTime() - instant.getTime()) / 1000;
  }
}
