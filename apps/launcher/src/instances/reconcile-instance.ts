/**
 * Makes EC2 show what is wanted of one machine: launches, watches, terminates. Reads the order that the machine was planned for. One
 * step at a time: look, decide (domain/fleet), act, write.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { applianceUrl, decide, healthUrl, isFinal, portOf, type Action, type Situation } from '#domain/fleet.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { LOG } from '#platform/tokens.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { Appliances } from '../appliances.ts';
import { LauncherConfig } from '../config.ts';
import { isRefused } from '../ec2/ec2.errors.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';
import { Ec2Groups } from '../ec2/groups.ts';
import { Ec2Machines } from '../ec2/machines.ts';
import { LookAgain } from '../look-again.ts';
import { Observations } from './observations.ts';
import { Orders, type Order } from './order.ts';

interface Loaded {
  instance: Instance;
  order: Order;
}

/** How long a machine that does not answer yet is asked every few seconds, and not only when its turn comes. */
const EAGER_SECONDS = 600;

@Injectable()
export class ReconcileInstance extends Stage {
  readonly queue = 'launcher.reconcile-instance';
  override readonly concurrency = 4;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly orders: Orders,
    private readonly machines: Ec2Machines,
    private readonly groups: Ec2Groups,
    private readonly observations: Observations,
    private readonly appliances: Appliances,
    private readonly lookAgain: LookAgain,
    private readonly config: LauncherConfig,
    @Inject(LOG) private readonly log: Logger,
  ) {
    super();
  }

  /** Longest unseen first, so that none waits for ever behind the others. */
  async due(): Promise<string[]> {
    const now = this.clock.now().getTime();
    const rows: Array<{ id: string }> = await this.db.query(
      `select instance.id from launcher.instance
       join api.subscription on subscription.id = instance.subscription_id
       where instance.state in ('planned', 'pending', 'stopping', 'terminating')
          or (instance.state in ('running', 'healthy', 'stopped')
              and (instance.desired = 'terminated' or subscription.ended_at is not null or instance.observed_at is null or instance.observed_at <= $1
                   or (instance.state = 'running' and instance.created_at > $2)))
       order by instance.observed_at nulls first, instance.created_at
       limit 300`,
      [new Date(now - this.config.OBSERVE_SECONDS * 1000), new Date(now - EAGER_SECONDS * 1000)],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const loaded = await this.load(id);
    if (!loaded) return;
    const observed = await this.look(loaded);
    await this.act(loaded, observed, decide(this.situation(loaded, observed)));
    await this.goOn(loaded);
  }

  private async load(id: string): Promise<Loaded | null> {
    const instance = await this.db.manager.findOneBy(Instance, { id });
    if (!instance || isFinal(instance.state)) return null;
    const order = await this.orders.of(instance);
    return order && { instance, order };
  }

  /** The token finds a machine whose making was never answered. */
  private async look({ instance, order: { place } }: Loaded): Promise<Ec2Machine | 'missing'> {
    if (instance.ec2InstanceId) return this.machines.machine(place, instance.ec2InstanceId);
    return instance.attemptedAt ? this.machines.machineByToken(place, instance.id) : 'missing';
  }

  private situation({ instance, order }: Loaded, observed: Ec2Machine | 'missing'): Situation {
    const { subscription, standing, image, imageShared, desired } = order;
    const isReady = image?.state === 'ready' && imageShared;
    return {
      desired,
      instance: { state: instance.state, address: instance.publicAddress },
      observed,
      subscriptionActive: subscription.endedAt === null,
      standing,
      image: isReady ? 'ready' : image?.state === 'rejected' ? 'rejected' : 'preparing',
      secondsSinceCall: instance.attemptedAt ? this.secondsSince(instance.attemptedAt) : null,
    };
  }

  private async act(loaded: Loaded, observed: Ec2Machine | 'missing', action: Action): Promise<void> {
    switch (action.do) {
      case 'launch':
        return this.launch(loaded);
      case 'follow':
        return this.record(loaded, observed);
      case 'ask':
        return this.ask(loaded, observed);
      case 'terminate':
        return this.terminate(loaded, observed);
      case 'end':
        return this.observations.record(loaded.instance.id, observed, loaded.order.version.urlTemplate, action);
      case 'wait':
      case 'nothing':
        return undefined;
    }
  }

  private async launch({ instance, order }: Loaded): Promise<void> {
    const { version, product, image, place } = order;
    const securityGroupId = await this.groups.groupFor(place, portOf(version.urlTemplate));
    const { id } = instance;
    const amiId = image!.amiId!;
    // The intent commits before EC2 is called: after a crash the row says that there may be a machine.
    await this.db.manager.update(Instance, { id, state: 'planned' }, { attemptedAt: this.clock.now(), amiId });
    const wishId = instance.launchId ?? instance.fleetId!;
    try {
      const machine = await this.machines.run(place, {
        token: id,
        imageId: amiId,
        instanceType: order.instanceType,
        securityGroupId,
        userData: JSON.stringify({
          slipway: { launchId: wishId, productCode: product.productCode, meteringUrl: this.config.METERING_PUBLIC_URL },
        }),
        tags: {
          Name: `${product.name} ${version.title}`,
          'slipway:launch': wishId,
          'slipway:instance': id,
          'slipway:subscription': instance.subscriptionId,
          'slipway:product': product.id,
        },
      });
      await this.observations.record(id, machine, version.urlTemplate);
      this.log.info({ instanceId: id, ec2InstanceId: machine.instanceId, region: place.region }, 'a machine was launched');
    } catch (error) {
      if (!isRefused(error)) throw error;
      await this.observations.record(id, 'missing', version.urlTemplate, {
        state: 'failed',
        failure: `EC2 refused the launch: ${error.message}`,
      });
    }
  }

  private async ask({ instance, order }: Loaded, observed: Ec2Machine | 'missing'): Promise<void> {
    const { urlTemplate, healthPath } = order.version;
    const address = observed === 'missing' ? null : observed.address;
    const url = address && applianceUrl(urlTemplate, address);
    const isWell = url ? (await this.appliances.ask(healthUrl(url, healthPath))).well : false;
    await this.observations.record(instance.id, observed, urlTemplate, isWell ? { state: 'healthy' } : undefined);
  }

  /** What runs until now is written before it ends. */
  private async terminate(loaded: Loaded, observed: Ec2Machine | 'missing'): Promise<void> {
    if (observed === 'missing') return;
    const { place } = loaded.order;
    await this.record(loaded, observed);
    await this.machines.terminate(place, observed.instanceId);
    await this.record(loaded, await this.machines.machine(place, observed.instanceId));
    this.log.info({ instanceId: loaded.instance.id, ec2InstanceId: observed.instanceId }, 'a machine was terminated');
  }

  private async record({ instance, order }: Loaded, observed: Ec2Machine | 'missing'): Promise<void> {
    if (observed !== 'missing') await this.observations.record(instance.id, observed, order.version.urlTemplate);
  }

  /** Rings for itself while something is under way; what runs is found by the sweep when its turn comes. */
  private async goOn({ instance: { id }, order }: Loaded): Promise<void> {
    const instance = await this.db.manager.findOneBy(Instance, { id });
    if (!instance || isFinal(instance.state) || instance.state === 'healthy' || instance.state === 'stopped') return;
    const ageSeconds = this.secondsSince(order.desiredAt);
    if (instance.state !== 'running' || ageSeconds < EAGER_SECONDS) this.lookAgain.soon(this.queue, id, ageSeconds);
  }

  private secondsSince(instant: Date): number {
    return (this.clock.now().getTime() - instant.getTime()) / 1000;
  }
}
