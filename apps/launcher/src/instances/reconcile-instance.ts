/**
 * Makes EC2 show what is wanted of one machine: launches, watches, stops, starts, reboots, terminates. Reads the order that the
 * machine was planned for. One step at a time: look, decide (domain/fleet), act, write.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { applianceUrl, decide, healthUrl, isFinal, isSuspended, type Action, type Situation } from '#domain/fleet.ts';
import { PLATFORM } from '#domain/aws-access.ts';
import { decideOutside } from '#domain/stray.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { LOG } from '#platform/tokens.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { Appliances } from '../appliances.ts';
import { LauncherConfig } from '../config.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';
import { Ec2Machines } from '../ec2/machines.ts';
import { Pacer } from '../ec2/pacer.ts';
import { LookAgain } from '../look-again.ts';
import { DataVolumes } from '../volumes/data-volumes.ts';
import { LaunchMachine } from './launch-machine.ts';
import { IS_STEADY, ObserveMachines } from './observe-machines.ts';
import { Observations, type Verdict } from './observations.ts';
import { Orders, type Order } from './order.ts';
import { Troubles } from './troubles.ts';

interface Loaded {
  instance: Instance;
  order: Order;
}

type Observed = Ec2Machine | 'missing';

/** How long a machine that does not answer yet is asked every few seconds, and not only when its turn comes. */
const EAGER_SECONDS = 600;

/** What a buyer started in an account that is no longer connected cannot be looked at. */
const IS_IN_SIGHT = `(instance.origin = 'launched' or exists (
  select from api.aws_connection where aws_connection.id = instance.aws_connection_id and aws_connection.removed_at is null))`;

const PLACE = `coalesce(instance.aws_connection_id::text, '${PLATFORM}') || ':' || instance.region`;

/** What failed waits for its next try, in real time. */
const IS_FREE = `not exists (select from launcher.stuck_work
  where stuck_work.queue = 'launcher.reconcile-instance' and stuck_work.row_id = instance.id::text and stuck_work.next_try_at > $3)`;

/** Launches of a throttled place in one sweep. */
const FEW = 10;

@Injectable()
export class ReconcileInstance extends Stage {
  readonly queue = 'launcher.reconcile-instance';
  override readonly concurrency = 4;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly orders: Orders,
    private readonly volumes: DataVolumes,
    private readonly machines: Ec2Machines,
    private readonly pacer: Pacer,
    private readonly observing: ObserveMachines,
    private readonly launching: LaunchMachine,
    private readonly observations: Observations,
    private readonly troubles: Troubles,
    private readonly appliances: Appliances,
    private readonly lookAgain: LookAgain,
    private readonly config: LauncherConfig,
    @Inject(LOG) private readonly log: Logger,
  ) {
    super();
  }

  /**
   * The longest waiting first, of one place and another in turns, so that none waits for ever behind the others. What waits to be launched in a
   * place that is throttled is left to PacedLaunches, but for a few; what is being looked through page by page needs no look of its own; what failed and has to wait takes no place here.
   */
  async due(): Promise<string[]> {
    const now = this.clock.now().getTime();
    const rows: Array<{ id: string }> = await this.db.query(
      `with due as (
         (select instance.id, ${PLACE} as place, instance.observed_at, instance.created_at, image.state is distinct from 'ready' as waits from launcher.instance
            join api.subscription on subscription.id = instance.subscription_id
            left join launcher.image on image.version_id = instance.version_id and image.region = instance.region
           where instance.state = 'planned' and (instance.desired <> 'stopped' or subscription.ended_at is not null or instance.attempted_at is not null)
             and ${IS_IN_SIGHT} and ${IS_FREE})
         union all
         (select instance.id, ${PLACE}, instance.observed_at, instance.created_at, null from launcher.instance
            join api.subscription on subscription.id = instance.subscription_id
            left join api.launch on launch.id = instance.launch_id
            left join api.fleet on fleet.id = instance.fleet_id
            left join billing.standing on standing.buyer_id = instance.buyer_id and standing.state in ('suspended', 'ended')
           where (instance.state in ('pending', 'stopping', 'terminating')
              or (instance.state in ('running', 'healthy', 'stopped')
                  and (instance.desired = 'terminated' or (subscription.ended_at is not null and (instance.origin = 'launched' or instance.draining_at is null))
                       or instance.observed_at is null or instance.observed_at <= $1))
              or (instance.state in ('running', 'healthy') and (instance.desired = 'stopped' or launch.reboot_at > coalesce(instance.rebooted_at, instance.created_at)))
              or (instance.state in ('running', 'healthy') and standing.buyer_id is not null and instance.origin = 'launched'
                  and coalesce(launch.market, fleet.market, 'on-demand') <> 'spot')
              or (instance.state = 'stopped' and instance.desired = 'running' and standing.buyer_id is null
                  and (instance.stop_told_at is not null or launch.desired_at > instance.observed_at))
              or (instance.state = 'running' and greatest(instance.created_at, instance.launched_at) > $2))
             and ${IS_IN_SIGHT} and ${IS_FREE} and not (${IS_STEADY} and ${PLACE} = any ($6))
           order by instance.observed_at nulls first, instance.created_at limit 3000)),
       ranked as (
         select due.*, row_number() over (partition by place, waits is null order by waits, observed_at nulls first, created_at) as rank from due)
       select ranked.id from ranked
        where ranked.waits is null or ranked.rank <= $5 or not (ranked.place = any ($4))
        order by ranked.rank, ranked.observed_at nulls first, ranked.created_at
        limit 300`,
      [
        new Date(now - this.config.OBSERVE_SECONDS * 1000),
        new Date(now - EAGER_SECONDS * 1000),
        new Date(),
        this.pacer.pacedPlaces('RunInstances'),
        FEW,
        [...this.observing.underWay],
      ],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const loaded = await this.load(id);
    if (!loaded) return;
    const observed = await this.look(loaded);
    if (loaded.instance.origin === 'outside') await this.follow(loaded, observed);
    else await this.act(loaded, observed, decide(await this.situation(loaded, observed)));
    await this.goOn(loaded);
  }

  private async load(id: string): Promise<Loaded | null> {
    const instance = await this.db.manager.findOneBy(Instance, { id });
    if (!instance || isFinal(instance.state)) return null;
    const order = await this.orders.of(instance);
    return order && { instance, order };
  }

  /** The token finds a machine whose making was never answered. */
  private async look({ instance, order: { place } }: Loaded): Promise<Observed> {
    if (instance.ec2InstanceId) return this.machines.machine(place, instance.ec2InstanceId);
    return instance.attemptedAt ? this.machines.machineByToken(place, instance.id) : 'missing';
  }

  private async situation({ instance, order }: Loaded, observed: Observed): Promise<Situation> {
    const { subscription, standing, image, imageShared, rebootAt } = order;
    const isReady = image?.state === 'ready' && imageShared;
    return {
      desired: order.desired,
      desiredAt: order.desiredAt,
      toldToStop: instance.stopToldAt !== null,
      rebootDue: rebootAt !== null && rebootAt > (instance.rebootedAt ?? instance.createdAt),
      hasVolumes: await this.volumes.areAttachedTo(instance),
      instance: { state: instance.state, address: instance.publicAddress },
      observed,
      subscriptionActive: subscription.endedAt === null,
      standing,
      isSpot: order.options.market === 'spot',
      image: isReady ? 'ready' : image?.state === 'rejected' ? 'rejected' : 'preparing',
      secondsSinceCall: instance.attemptedAt ? this.secondsSince(instance.attemptedAt) : null,
    };
  }

  private async act(loaded: Loaded, observed: Observed, action: Action): Promise<void> {
    switch (action.do) {
      case 'launch':
        return this.launching.launch(loaded.instance, loaded.order);
      case 'end':
        return this.end(loaded, observed, action);
      case 'wait':
      case 'nothing':
        return undefined;
    }
    if (observed === 'missing') return;
    switch (action.do) {
      case 'follow':
        return this.record(loaded, observed);
      case 'ask':
        return this.ask(loaded, observed);
      case 'start':
        return this.start(loaded, observed);
      case 'stop':
        return this.stop(loaded, observed);
      case 'reboot':
        return this.reboot(loaded, observed);
      case 'terminate':
        return this.terminate(loaded, observed);
    }
  }

  /** A machine that its buyer started is watched, and never told anything. */
  private async follow(loaded: Loaded, observed: Observed): Promise<void> {
    const { instance, order } = loaded;
    const { state, publicAddress: address, drainingAt, observedAt } = instance;
    const action = decideOutside({
      state,
      address,
      observed,
      subscriptionActive: order.subscription.endedAt === null,
      isReleased: drainingAt !== null,
      secondsSinceSeen: this.secondsSince(observedAt ?? instance.createdAt),
    });
    if (action.do !== 'release') return this.act(loaded, observed, action);
    await this.observations.release(instance.id, order.subscription.endedAt!);
    return this.act(loaded, observed, { do: 'follow' });
  }

  private async ask(loaded: Loaded, observed: Ec2Machine): Promise<void> {
    const { urlTemplate, healthPath } = loaded.order.version;
    const url = observed.address && applianceUrl(urlTemplate, observed.address);
    const { well, said } = url
      ? await this.appliances.ask(healthUrl(url, healthPath))
      : { well: false, said: 'it has no public address; choose a subnet that gives one' };
    await this.record(loaded, observed, well ? { state: 'healthy' } : undefined);
    if (!well) await this.troubles.silent(loaded.instance, loaded.order, observed, said);
  }

  /** What is told is written down first: a machine that stopped and that nobody told is left to whoever stopped it. */
  private async stop(loaded: Loaded, observed: Ec2Machine): Promise<void> {
    const { instance, order } = loaded;
    await this.record(loaded, observed);
    if (order.desired === 'running') await this.troubles.suspended(instance);
    await this.drain(instance, order);
    await this.db.manager.update(Instance, { id: instance.id }, { stopToldAt: this.clock.now() });
    await this.machines.stop(order.place, observed.instanceId);
    await this.lookAndRecord(loaded, observed.instanceId);
  }

  /** When it stopped is written first: once it runs again, EC2 no longer says so. */
  private async start(loaded: Loaded, observed: Ec2Machine): Promise<void> {
    const { instance, order } = loaded;
    await this.record(loaded, observed);
    await this.machines.start(order.place, observed.instanceId);
    const restartedAt = this.clock.now();
    await this.db.manager.update(Instance, { id: instance.id }, { stopToldAt: null });
    await this.lookAndRecord(loaded, observed.instanceId, restartedAt);
  }

  /** It has to answer again to be called healthy. */
  private async reboot(loaded: Loaded, observed: Ec2Machine): Promise<void> {
    const { instance, order } = loaded;
    await this.machines.reboot(order.place, observed.instanceId);
    await this.troubles.note(instance, 'rebooting', 'The machine reboots.');
    await this.db.manager.update(Instance, { id: instance.id }, { rebootedAt: order.rebootAt });
    await this.record(loaded, observed, { state: 'running' });
  }

  /** What runs until now is written before it ends. */
  private async terminate(loaded: Loaded, observed: Ec2Machine): Promise<void> {
    await this.record(loaded, observed);
    await this.machines.terminate(loaded.order.place, observed.instanceId);
    await this.lookAndRecord(loaded, observed.instanceId);
    this.log.info({ instanceId: loaded.instance.id, ec2InstanceId: observed.instanceId }, 'a machine was terminated');
  }

  private async end(loaded: Loaded, observed: Observed, verdict: Verdict): Promise<void> {
    const { instance, order } = loaded;
    if (verdict.failure && instance.ec2InstanceId) await this.troubles.console(instance, order.place);
    await this.observations.record(instance.id, observed, order.version.urlTemplate, verdict);
  }

  /** An appliance that can finish its work is let do so; one that cannot be asked is stopped all the same. */
  private async drain({ state, url }: Instance, { version }: Order): Promise<void> {
    if (state === 'healthy' && url && version.drainPath) await this.appliances.drain(healthUrl(url, version.drainPath));
  }

  private record({ instance, order }: Loaded, observed: Ec2Machine, verdict?: Verdict): Promise<void> {
    return this.observations.record(instance.id, observed, order.version.urlTemplate, verdict);
  }

  private async lookAndRecord(loaded: Loaded, ec2InstanceId: string, restartedAt: Date | null = null): Promise<void> {
    const { instance, order } = loaded;
    const observed = await this.machines.machine(order.place, ec2InstanceId);
    if (observed === 'missing') return;
    await this.observations.record(instance.id, observed, order.version.urlTemplate, undefined, restartedAt);
  }

  /** Rings for itself while something is under way; what runs is found by the sweep when its turn comes. */
  private async goOn({ instance: { id }, order }: Loaded): Promise<void> {
    const instance = await this.db.manager.findOneBy(Instance, { id });
    if (!instance || isFinal(instance.state) || instance.state === 'healthy') return;
    if (instance.state === 'stopped' && (instance.desired === 'stopped' || isSuspended(order.standing))) return;
    const began = [instance.createdAt, instance.launchedAt, order.desiredAt].map((instant) => instant?.getTime() ?? 0);
    const ageSeconds = (this.clock.now().getTime() - Math.max(...began)) / 1000;
    const isSlow = instance.state === 'running' || instance.state === 'stopped';
    if (!isSlow || ageSeconds < EAGER_SECONDS) this.lookAgain.soon(this.queue, id, ageSeconds);
  }

  private secondsSince(instant: Date): number {
    return (this.clock.now().getTime() - instant.getTime()) / 1000;
  }
}
