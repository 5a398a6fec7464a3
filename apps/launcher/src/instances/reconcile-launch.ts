/**
 * Makes EC2 show what a buyer wants: pulls api.launch into launcher.instance, launches, watches, terminates. Reads the launch,
 * its subscription, version and image, and the buyer's standing. One step at a time: look, decide (domain/fleet), act, write.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { applianceUrl, decide, healthUrl, isFinal, portOf, type Action, type Situation } from '#domain/fleet.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { LOG } from '#platform/tokens.ts';
import { Launch } from '#tables/api/launch.ts';
import { Product } from '#tables/api/product.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { Standing } from '#tables/billing/standing.ts';
import { Image } from '#tables/launcher/image.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { Appliances } from '../appliances.ts';
import { LauncherConfig } from '../config.ts';
import { isRefused } from '../ec2/ec2.errors.ts';
import { Ec2 } from '../ec2/ec2.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';
import { LookAgain } from '../look-again.ts';
import { Observations } from './observations.ts';

interface Loaded {
  launch: Launch;
  instance: Instance | null;
  subscription: Subscription;
  version: Version;
  product: Product;
  image: Image | null;
  standing: Situation['standing'];
}

/** How long a machine that does not answer yet is asked every few seconds, and not only when its turn comes. */
const EAGER_SECONDS = 600;

@Injectable()
export class ReconcileLaunch extends Stage {
  readonly queue = 'launcher.reconcile-launch';
  override readonly concurrency = 4;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly ec2: Ec2,
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
      `select launch.id from api.launch
       join api.subscription on subscription.id = launch.subscription_id
       left join launcher.instance on instance.id = launch.id
       where instance.id is null
          or instance.state in ('planned', 'pending', 'stopping', 'terminating')
          or (instance.state in ('running', 'healthy', 'stopped')
              and (launch.desired = 'terminated' or subscription.ended_at is not null or instance.observed_at is null or instance.observed_at <= $1
                   or (instance.state = 'running' and instance.created_at > $2)))
       order by instance.observed_at nulls first, launch.created_at
       limit 300`,
      [new Date(now - this.config.OBSERVE_SECONDS * 1000), new Date(now - EAGER_SECONDS * 1000)],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const loaded = await this.load(id);
    if (!loaded) return;
    const observed = await this.look(loaded.instance);
    await this.act(loaded, observed, decide(this.situation(loaded, observed)));
    await this.goOn(loaded.launch);
  }

  private async load(id: string): Promise<Loaded | null> {
    const db = this.db.manager;
    const launch = await db.findOneBy(Launch, { id });
    if (!launch) return null;
    const [instance, subscription, version, image, standing] = await Promise.all([
      db.findOneBy(Instance, { id }),
      db.findOneByOrFail(Subscription, { id: launch.subscriptionId }),
      db.findOneByOrFail(Version, { id: launch.versionId }),
      db.findOneBy(Image, { versionId: launch.versionId, region: launch.region }),
      db.findOneBy(Standing, { buyerId: launch.buyerId }),
    ]);
    const product = await db.findOneByOrFail(Product, { id: version.productId });
    return { launch, instance, subscription, version, product, image, standing: standing?.state ?? 'good' };
  }

  /** The token finds a machine whose making was never answered. */
  private async look(instance: Instance | null): Promise<Ec2Machine | 'missing'> {
    if (!instance || isFinal(instance.state)) return 'missing';
    if (instance.ec2InstanceId) return this.ec2.machine(instance.region, instance.ec2InstanceId);
    return instance.attemptedAt ? this.ec2.machineByToken(instance.region, instance.id) : 'missing';
  }

  private situation({ launch, instance, subscription, image, standing }: Loaded, observed: Ec2Machine | 'missing'): Situation {
    return {
      desired: launch.desired,
      instance: instance && { state: instance.state, address: instance.publicAddress },
      observed,
      subscriptionActive: subscription.endedAt === null,
      standing,
      image: image?.state === 'ready' || image?.state === 'rejected' ? image.state : 'preparing',
      secondsSinceCall: instance?.attemptedAt ? (this.clock.now().getTime() - instance.attemptedAt.getTime()) / 1000 : null,
    };
  }

  private async act(loaded: Loaded, observed: Ec2Machine | 'missing', action: Action): Promise<void> {
    switch (action.do) {
      case 'plan':
        return this.plan(loaded);
      case 'launch':
        return this.launch(loaded);
      case 'follow':
        return this.record(loaded, observed);
      case 'ask':
        return this.ask(loaded, observed);
      case 'terminate':
        return this.terminate(loaded, observed);
      case 'end':
        return this.observations.record(loaded.launch.id, observed, loaded.version.urlTemplate, action);
      case 'wait':
      case 'nothing':
        return undefined;
    }
  }

  private async plan({ launch, subscription, product }: Loaded): Promise<void> {
    const instance: Partial<Instance> = {
      id: launch.id,
      subscriptionId: subscription.id,
      buyerId: launch.buyerId,
      vendorId: subscription.vendorId,
      productId: product.id,
      region: launch.region,
      instanceType: launch.instanceType,
      state: 'planned',
      createdAt: this.clock.now(),
    };
    await this.db.transaction(async (tx) => {
      await tx.createQueryBuilder().insert().into(Instance).values(instance).orIgnore().execute();
      await this.doorbell.ring(tx, this.queue, launch.id);
    });
  }

  private async launch({ launch, version, product, image }: Loaded): Promise<void> {
    const securityGroupId = await this.ec2.groupFor(launch.region, portOf(version.urlTemplate));
    const amiId = image!.amiId!;
    // The intent commits before EC2 is called: after a crash the row says that there may be a machine.
    await this.db.manager.update(Instance, { id: launch.id, state: 'planned' }, { attemptedAt: this.clock.now(), amiId });
    try {
      const machine = await this.ec2.runMachine(launch.region, {
        token: launch.id,
        imageId: amiId,
        instanceType: launch.instanceType,
        securityGroupId,
        userData: JSON.stringify({
          slipway: { launchId: launch.id, productCode: product.productCode, meteringUrl: this.config.METERING_PUBLIC_URL },
        }),
        tags: {
          Name: `${product.name} ${version.title}`,
          'slipway:launch': launch.id,
          'slipway:subscription': launch.subscriptionId,
          'slipway:product': product.id,
        },
      });
      await this.observations.record(launch.id, machine, version.urlTemplate);
      this.log.info({ launchId: launch.id, ec2InstanceId: machine.instanceId, region: launch.region }, 'a machine was launched');
    } catch (error) {
      if (!isRefused(error)) throw error;
      await this.observations.record(launch.id, 'missing', version.urlTemplate, {
        state: 'failed',
        failure: `EC2 refused the launch: ${error.message}`,
      });
    }
  }

  private async ask(loaded: Loaded, observed: Ec2Machine | 'missing'): Promise<void> {
    const { urlTemplate, healthPath } = loaded.version;
    const address = observed === 'missing' ? null : observed.address;
    const url = address && applianceUrl(urlTemplate, address);
    const isWell = url ? (await this.appliances.ask(healthUrl(url, healthPath))).well : false;
    await this.observations.record(loaded.launch.id, observed, urlTemplate, isWell ? { state: 'healthy' } : undefined);
  }

  /** What runs until now is written before it ends. */
  private async terminate(loaded: Loaded, observed: Ec2Machine | 'missing'): Promise<void> {
    if (observed === 'missing') return;
    await this.record(loaded, observed);
    await this.ec2.terminate(loaded.launch.region, observed.instanceId);
    await this.record(loaded, await this.ec2.machine(loaded.launch.region, observed.instanceId));
    this.log.info({ launchId: loaded.launch.id, ec2InstanceId: observed.instanceId }, 'a machine was terminated');
  }

  private async record({ launch, version }: Loaded, observed: Ec2Machine | 'missing'): Promise<void> {
    if (observed !== 'missing') await this.observations.record(launch.id, observed, version.urlTemplate);
  }

  /** Rings for itself while something is under way; what runs is found by the sweep when its turn comes. */
  private async goOn(launch: Launch): Promise<void> {
    const instance = await this.db.manager.findOneBy(Instance, { id: launch.id });
    if (!instance || isFinal(instance.state) || instance.state === 'healthy' || instance.state === 'stopped') return;
    const ageSeconds = (this.clock.now().getTime() - launch.desiredAt.getTime()) / 1000;
    if (instance.state !== 'running' || ageSeconds < EAGER_SECONDS) this.lookAgain.soon(this.queue, launch.id, ageSeconds);
  }
}
