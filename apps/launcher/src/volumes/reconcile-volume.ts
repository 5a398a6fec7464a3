/**
 * Makes EC2 show what is wanted of one data volume: makes it, attaches it to its launch's machine, takes it from one that is dead, keeps,
 * releases or deletes it. One step at a time: look, decide (domain/volume), act, write. Reads the machines of its launch.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, Not } from 'typeorm';
import { isFinal } from '#domain/fleet.ts';
import { decideVolume, isVolumeOver, type VolumeAction, type VolumeSituation } from '#domain/volume.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { Launch } from '#tables/api/launch.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { LauncherConfig } from '../config.ts';
import { Places } from '../connections/places.ts';
import { Ec2Placement } from '../ec2/placement.ts';
import { Ec2Volumes, type Ec2Volume } from '../ec2/volumes.ts';
import { currentMachine } from '../instances/current-machine.ts';
import { LookAgain } from '../look-again.ts';
import { VolumeSteps } from './volume-steps.ts';

interface Loaded {
  volume: Volume;
  launch: Launch | null;
  /** That it is wanted on. */
  machine: Instance | null;
}

@Injectable()
export class ReconcileVolume extends Stage {
  readonly queue = 'launcher.reconcile-volume';
  override readonly concurrency = 4;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly places: Places,
    private readonly ec2: Ec2Volumes,
    private readonly placement: Ec2Placement,
    private readonly steps: VolumeSteps,
    private readonly lookAgain: LookAgain,
    private readonly config: LauncherConfig,
  ) {
    super();
  }

  /** What moves, what its machine waits for, what a machine that is over holds, what is let go; and all that was not seen for long. */
  async due(): Promise<string[]> {
    const unseen = new Date(this.clock.now().getTime() - this.config.OBSERVE_SECONDS * 1000);
    const rows: Array<{ id: string }> = await this.db.query(
      `select volume.id from launcher.volume
         left join launcher.instance holder on holder.id = volume.instance_id
        where volume.state not in ('lost', 'released', 'deleted') and (
          volume.state in ('creating', 'attaching', 'detaching')
          or (volume.state = 'planned' and (volume.wanted <> 'attached' or volume.attempted_at is not null))
          or (volume.wanted = 'attached' and volume.state in ('planned', 'available') and exists (
                select from launcher.instance
                 where instance.launch_id = volume.launch_id and instance.zone = coalesce(volume.zone, instance.zone)
                   and instance.desired <> 'terminated' and instance.state in ('running', 'healthy', 'stopped')
                   and not exists (select from launcher.instance newer where newer.replaces = instance.id)))
          or (volume.state = 'attached' and holder.state in ('terminated', 'failed'))
          or (volume.state = 'attached' and holder.state = 'stopped' and (volume.wanted <> 'attached' or exists (
                select from launcher.instance newer where newer.replaces = holder.id)))
          or (volume.state = 'available' and volume.wanted in ('released', 'deleted') and not exists (
                select from launcher.snapshot
                 where snapshot.volume_id = volume.id and snapshot.reason = 'final' and snapshot.state in ('planned', 'pending')))
          or (volume.state <> 'planned' and (volume.observed_at is null or volume.observed_at <= $1)))
        order by volume.observed_at nulls first
        limit 300`,
      [unseen],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const loaded = await this.load(id);
    if (!loaded) return;
    const observed = await this.look(loaded.volume);
    const action = decideVolume(await this.situation(loaded, observed));
    await this.act(loaded, observed, action);
    await this.goOn(id);
  }

  private async load(id: string): Promise<Loaded | null> {
    const volume = await this.db.manager.findOneBy(Volume, { id });
    if (!volume || isVolumeOver(volume.state)) return null;
    const { launchId } = volume;
    const launch = launchId ? await this.db.manager.findOneBy(Launch, { id: launchId }) : null;
    const machine = launchId ? await currentMachine(this.db.manager, launchId) : null;
    const isWanted = machine && machine.desired !== 'terminated' && !isFinal(machine.state);
    return { volume, launch, machine: isWanted ? machine : null };
  }

  /** Its tag finds a volume whose making was never answered. */
  private async look(volume: Volume): Promise<Ec2Volume | 'missing'> {
    const place = await this.places.of(volume);
    if (volume.ec2VolumeId) return this.ec2.volume(place, volume.ec2VolumeId);
    return volume.attemptedAt ? this.ec2.volumeByTag(place, 'slipway:volume', volume.id) : 'missing';
  }

  private async situation({ volume, machine }: Loaded, observed: Ec2Volume | 'missing'): Promise<VolumeSituation> {
    const { heldBy = null, state = null } = observed === 'missing' ? {} : observed;
    // EC2 is asked about the zone only where its answer about the volume is in doubt.
    const isSound = observed !== 'missing' && state !== 'error';
    const takesVolumes = machine?.state === 'running' || machine?.state === 'healthy' || machine?.state === 'stopped';
    return {
      state: volume.state,
      wanted: volume.wanted,
      observed,
      secondsSinceCall: volume.attemptedAt ? (this.clock.now().getTime() - volume.attemptedAt.getTime()) / 1000 : null,
      zoneIsUp: isSound || !volume.zone || (await this.placement.isZoneUp(await this.places.of(volume), volume.zone)),
      machine: machine?.ec2InstanceId ? { ec2InstanceId: machine.ec2InstanceId, zone: machine.zone, takesVolumes } : null,
      holder: await this.holder(volume, heldBy),
      lastSnapshot: await this.lastSnapshot(volume),
    };
  }

  private async holder({ region }: Volume, heldBy: string | null): Promise<VolumeSituation['holder']> {
    if (heldBy === null) return 'none';
    const holder = await this.db.manager.findOneBy(Instance, { region, ec2InstanceId: heldBy });
    if (!holder) return 'foreign';
    if (isFinal(holder.state)) return 'over';
    return holder.state === 'stopped' ? 'stopped' : 'alive';
  }

  private async lastSnapshot({ id }: Volume): Promise<VolumeSituation['lastSnapshot']> {
    const asked = {
      where: { volumeId: id, reason: 'final' as const, state: Not('deleted' as const) },
      order: { createdAt: 'desc' as const, id: 'desc' as const },
    };
    const snapshot = await this.db.manager.findOne(Snapshot, asked);
    if (!snapshot) return 'none';
    if (snapshot.state === 'planned' || snapshot.state === 'pending') return 'unfinished';
    return snapshot.state === 'failed' ? 'failed' : 'completed';
  }

  private async act({ volume, launch, machine }: Loaded, observed: Ec2Volume | 'missing', action: VolumeAction): Promise<void> {
    switch (action.do) {
      case 'create':
        return this.steps.create(volume, launch, machine!);
      case 'keep':
        return this.steps.keep(volume, action.failure);
      case 'end':
        return this.steps.end(volume, action.state, action.failure);
      case 'wait':
      case 'nothing':
        return undefined;
    }
    if (observed === 'missing') return;
    switch (action.do) {
      case 'follow':
        return this.steps.follow(volume, observed, action.state);
      case 'attach':
        return this.steps.attach(volume, observed, machine!);
      case 'detach':
        return this.steps.detach(volume, observed, action.force);
      case 'delete':
        return this.steps.delete(volume, observed);
      case 'release':
        return this.steps.release(volume, observed);
    }
  }

  /** Rings for itself while something is under way; the rest is found by the sweep, or rung for by whoever changes it. */
  private async goOn(id: string): Promise<void> {
    const volume = await this.db.manager.findOneBy(Volume, { id });
    const moves = volume?.state === 'creating' || volume?.state === 'attaching' || volume?.state === 'detaching';
    const begun = volume?.attemptedAt ?? volume?.createdAt;
    if (moves && begun) this.lookAgain.soon(this.queue, id, (this.clock.now().getTime() - begun.getTime()) / 1000);
  }
}
