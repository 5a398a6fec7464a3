/**
 * Writes down what EC2 shows of a machine: its state in launcher.instance, when it ran in launcher.run_interval, which is what its
 * buyer is billed by, and what its buyer should know in launcher.launch_event. Rings metering with every interval that opens or
 * closes, and whoever waits for the machine when its state changes.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { applianceUrl, intervalChange, isFinal, nextState, type InstanceState } from '#domain/fleet.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Standing } from '#tables/billing/standing.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { RunInterval } from '#tables/launcher/run-interval.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';
import { Progress } from './progress.ts';

export interface Verdict {
  /** Instead of the state that follows from what EC2 shows. */
  state: Extract<InstanceState, 'healthy' | 'running' | 'terminated' | 'failed'>;
  failure?: string | null;
}

@Injectable()
export class Observations {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly progress: Progress,
  ) {}

  /**
   * @param observed `missing` only together with a final verdict.
   * @param urlTemplate of the version.
   * @param restartedAt when EC2 answered that it starts the machine again, in the look that follows.
   */
  async record(
    id: string,
    observed: Ec2Machine | 'missing',
    urlTemplate: string,
    verdict?: Verdict,
    restartedAt: Date | null = null,
  ): Promise<void> {
    await this.db.transaction(async (tx) => {
      // The row is held, so that two observers write their intervals one after the other.
      const instance = await tx.findOne(Instance, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!instance || isFinal(instance.state)) return;
      const now = this.clock.now();
      const opened = await this.recordInterval(tx, instance, observed, now, restartedAt);
      const changes: Partial<Instance> = {
        ...(observed === 'missing' ? {} : asSeen(instance, observed, urlTemplate, opened)),
        ...((await this.isToldToRest(tx, instance)) && { stopToldAt: instance.stopToldAt }),
        ...(verdict && asJudged(instance, observed, verdict, now)),
        observedAt: now,
      };
      const after = { ...instance, ...changes };
      await tx.update(Instance, { id }, changes);
      await this.tell(tx, instance, after);
      // A fleet whose machine came up or went away may have to do something about it.
      if (instance.fleetId && after.state !== instance.state)
        await this.doorbell.ring(tx, 'launcher.scale-fleet', instance.fleetId);
    });
  }

  /** Ends what is billed of a machine that takes no more work, whatever EC2 shows of it from now on. The caller holds its row. */
  async stopMetering(
    tx: EntityManager,
    { id, subscriptionId }: Pick<Instance, 'id' | 'subscriptionId'>,
    at: Date,
  ): Promise<void> {
    const { affected } = await tx
      .createQueryBuilder()
      .update(RunInterval)
      .set({ endedAt: () => 'greatest(started_at, :at)' })
      .where('instance_id = :id and ended_at is null', { id })
      .setParameter('at', at)
      .execute();
    if (affected) await this.doorbell.ring(tx, 'metering.meter-runtime', subscriptionId);
  }

  /** Meters a machine no longer from `at` on, the end of its subscription, though it runs on: it is its buyer's own. */
  async release(id: string, at: Date): Promise<void> {
    await this.db.transaction(async (tx) => {
      const instance = await tx.findOne(Instance, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!instance || instance.drainingAt !== null) return;
      await tx.update(Instance, { id }, { drainingAt: at });
      await this.stopMetering(tx, instance, at);
    });
  }

  /** We had it stop for its buyer's debts: EC2 may still show it running, and it has to start again when they are paid. */
  private async isToldToRest(tx: EntityManager, { stopToldAt, buyerId }: Instance): Promise<boolean> {
    return stopToldAt !== null && (await tx.existsBy(Standing, { buyerId, state: In(['suspended', 'ended']) }));
  }

  /** @returns whether an interval was opened. */
  private async recordInterval(
    tx: EntityManager,
    instance: Instance,
    observed: Ec2Machine | 'missing',
    now: Date,
    restartedAt: Date | null,
  ): Promise<boolean> {
    const last = await tx.findOne(RunInterval, { where: { instanceId: instance.id }, order: { startedAt: 'desc' } });
    const { launchedAt, observedAt, createdAt, drainingAt, subscriptionId } = instance;
    const history = { last, launchedAt, seenAt: observedAt, createdAt, drainingAt, restartedAt };
    const { close, open } = intervalChange(history, observed, now);
    if (close && last) await tx.update(RunInterval, { instanceId: instance.id, startedAt: last.startedAt }, { endedAt: close });
    if (open)
      await tx.upsert(RunInterval, { instanceId: instance.id, startedAt: open, subscriptionId, endedAt: null }, [
        'instanceId',
        'startedAt',
      ]);
    if (close || open) await this.doorbell.ring(tx, 'metering.meter-runtime', subscriptionId);
    return open !== null;
  }

  private async tell(tx: EntityManager, before: Instance, after: Instance): Promise<void> {
    if (before.state === after.state && before.zone === after.zone) return;
    const { id, launchId, fleetId } = after;
    if (before.state !== after.state)
      await this.progress.note(tx, { launchId, fleetId, instanceId: id }, after.state, SENTENCES[after.state](after));
    if (launchId && isFinal(after.state)) await this.doorbell.ring(tx, 'launcher.reconcile-launch', launchId);
    const volumes: Array<{ id: string }> = await tx.query(
      `select volume.id from launcher.volume
        where (volume.launch_id = $1 or volume.instance_id = $2) and volume.state not in ('lost', 'released', 'deleted')`,
      [launchId, id],
    );
    for (const volume of volumes) await this.doorbell.ring(tx, 'launcher.reconcile-volume', volume.id);
  }
}

const SENTENCES: Record<InstanceState, (instance: Instance) => string> = {
  planned: () => 'The machine is planned.',
  pending: ({ ec2InstanceId, zone, region }) => `EC2 starts the machine ${ec2InstanceId} in ${zone ?? region}.`,
  running: ({ ec2InstanceId, zone, region }) =>
    `The machine ${ec2InstanceId} runs in ${zone ?? region}; its appliance has yet to answer.`,
  healthy: ({ url }) => `The appliance is healthy at ${url}`,
  stopping: () => 'The machine is stopping.',
  stopped: () => 'The machine is stopped. Its disks are kept, and its hours have ended.',
  terminating: () => 'The machine is being terminated.',
  terminated: ({ failure }) => failure ?? 'The machine is terminated, and its hours have ended.',
  failed: ({ failure }) => failure ?? 'The launch failed.',
};

function asSeen(instance: Instance, machine: Ec2Machine, urlTemplate: string, opened: boolean): Partial<Instance> {
  const runs = machine.state === 'running' || machine.state === 'pending';
  return {
    state: nextState({ state: instance.state, address: instance.publicAddress }, machine),
    ec2InstanceId: machine.instanceId,
    ec2AccountId: machine.accountId,
    zone: machine.zone ?? instance.zone,
    runsAmiId: machine.imageId ?? instance.runsAmiId,
    publicAddress: machine.address,
    url: machine.address ? applianceUrl(urlTemplate, machine.address) : null,
    // It runs again, whoever's answer got lost.
    stopToldAt: runs && instance.desired === 'running' ? null : instance.stopToldAt,
    launchedAt: opened || !instance.launchedAt ? machine.launchTime : instance.launchedAt,
  };
}

function asJudged(
  instance: Instance,
  observed: Ec2Machine | 'missing',
  { state, failure = null }: Verdict,
  now: Date,
): Partial<Instance> {
  if (state === 'running') return { state };
  if (state === 'healthy') return { state, healthyAt: instance.healthyAt ?? now };
  const endedAt = observed === 'missing' ? null : observed.endedAt;
  return {
    state,
    failure,
    publicAddress: null,
    url: null,
    terminatedAt: endedAt && endedAt < now ? endedAt : now,
    lostAt: state === 'terminated' && failure !== null ? now : null,
  };
}
