/**
 * Writes down what EC2 shows of a machine: its state in launcher.instance, and when it ran in launcher.run_interval, which is
 * what its buyer is billed by. Rings metering with every interval that opens or closes.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { applianceUrl, intervalChange, isFinal, nextState, type InstanceState } from '#domain/fleet.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { RunInterval } from '#tables/launcher/run-interval.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';

export interface Verdict {
  /** Instead of the state that follows from what EC2 shows. */
  state: Extract<InstanceState, 'healthy' | 'terminated' | 'failed'>;
  failure?: string | null;
}

@Injectable()
export class Observations {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * @param observed `missing` only together with a final verdict.
   * @param urlTemplate of the version.
   */
  async record(id: string, observed: Ec2Machine | 'missing', urlTemplate: string, verdict?: Verdict): Promise<void> {
    await this.db.transaction(async (tx) => {
      // The row is held, so that two observers write their intervals one after the other.
      const instance = await tx.findOne(Instance, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!instance || isFinal(instance.state)) return;
      const now = this.clock.now();
      const opened = await this.recordInterval(tx, instance, observed, now);
      const seen = observed === 'missing' ? {} : asSeen(instance, observed, urlTemplate, opened);
      const { state = instance.state, ...rest } = { ...seen, ...(verdict && asJudged(instance, observed, verdict, now)) };
      await tx.update(Instance, { id }, { ...rest, state, observedAt: now });
      // A fleet whose machine came up or went away may have to do something about it.
      if (instance.fleetId && state !== instance.state) await this.doorbell.ring(tx, 'launcher.scale-fleet', instance.fleetId);
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

  /** @returns whether an interval was opened. */
  private async recordInterval(
    tx: EntityManager,
    instance: Instance,
    observed: Ec2Machine | 'missing',
    now: Date,
  ): Promise<boolean> {
    const last = await tx.findOne(RunInterval, { where: { instanceId: instance.id }, order: { startedAt: 'desc' } });
    const { launchedAt, observedAt, createdAt, drainingAt, subscriptionId } = instance;
    const { close, open } = intervalChange({ last, launchedAt, seenAt: observedAt, createdAt, drainingAt }, observed, now);
    if (close && last) await tx.update(RunInterval, { instanceId: instance.id, startedAt: last.startedAt }, { endedAt: close });
    if (open)
      await tx.upsert(RunInterval, { instanceId: instance.id, startedAt: open, subscriptionId, endedAt: null }, [
        'instanceId',
        'startedAt',
      ]);
    if (close || open) await this.doorbell.ring(tx, 'metering.meter-runtime', subscriptionId);
    return open !== null;
  }
}

function asSeen(instance: Instance, machine: Ec2Machine, urlTemplate: string, opened: boolean): Partial<Instance> {
  return {
    state: nextState({ state: instance.state, address: instance.publicAddress }, machine),
    ec2InstanceId: machine.instanceId,
    ec2AccountId: machine.accountId,
    zone: machine.zone ?? instance.zone,
    runsAmiId: machine.imageId ?? instance.runsAmiId,
    publicAddress: machine.address,
    url: machine.address ? applianceUrl(urlTemplate, machine.address) : null,
    launchedAt: opened || !instance.launchedAt ? machine.launchTime : instance.launchedAt,
  };
}

function asJudged(
  instance: Instance,
  observed: Ec2Machine | 'missing',
  { state, failure = null }: Verdict,
  now: Date,
): Partial<Instance> {
  if (state === 'healthy') return { state, healthyAt: instance.healthyAt ?? now };
  const endedAt = observed === 'missing' ? null : observed.endedAt;
  return { state, failure, publicAddress: null, url: null, terminatedAt: endedAt && endedAt < now ? endedAt : now };
}
