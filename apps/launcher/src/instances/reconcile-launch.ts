/**
 * Sees to it that a launch has a machine in launcher.instance, and that this machine is told what its buyer wants of it now. Reads
 * api.launch and its subscription. What EC2 has to do for the machine is the work of ReconcileInstance.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isFinal } from '#domain/fleet.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Launch, type DesiredState } from '#tables/api/launch.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { currentMachine } from './current-machine.ts';
import { Progress } from './progress.ts';

@Injectable()
export class ReconcileLaunch extends Stage {
  readonly queue = 'launcher.reconcile-launch';
  override readonly concurrency = 4;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly progress: Progress,
  ) {
    super();
  }

  /** Launches without a machine, and those whose machine was not told yet what is wanted. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `(select launch.id from api.launch
         where not exists (select from launcher.instance where instance.id = launch.id)
         order by launch.created_at limit 300)
       union
       (select launch.id from launcher.instance
          join api.launch on launch.id = instance.launch_id
          join api.subscription on subscription.id = launch.subscription_id
         where instance.state not in ('terminated', 'failed')
           and instance.desired <> case when subscription.ended_at is null then launch.desired else 'terminated' end
         order by launch.desired_at limit 300)`,
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const launch = await this.db.manager.findOneBy(Launch, { id });
    if (!launch) return;
    const subscription = await this.db.manager.findOneByOrFail(Subscription, { id: launch.subscriptionId });
    const desired = subscription.endedAt ? 'terminated' : launch.desired;
    const current = await currentMachine(this.db.manager, id);
    if (!current) return this.plan(launch, subscription, desired);
    if (!isFinal(current.state)) await this.tell(current, desired);
  }

  /** The first machine of a launch carries its id: planned twice, it is there once. */
  private async plan(launch: Launch, subscription: Subscription, desired: DesiredState): Promise<void> {
    const { productId } = await this.db.manager.findOneByOrFail(Version, { id: launch.versionId });
    const instance: Partial<Instance> = {
      id: launch.id,
      launchId: launch.id,
      versionId: launch.versionId,
      subscriptionId: subscription.id,
      buyerId: launch.buyerId,
      vendorId: subscription.vendorId,
      productId,
      awsConnectionId: launch.awsConnectionId,
      region: launch.region,
      instanceType: launch.instanceType,
      desired,
      state: 'planned',
      createdAt: this.clock.now(),
    };
    await this.db.transaction(async (tx) => {
      const inserted = await tx
        .createQueryBuilder()
        .insert()
        .into(Instance)
        .values(instance)
        .orIgnore()
        .returning('id')
        .execute();
      if (inserted.raw.length > 0) await this.progress.note(tx, subjectOf(instance), 'accepted', 'The launch was accepted.');
      await this.doorbell.ring(tx, 'launcher.reconcile-instance', launch.id);
    });
  }

  private async tell({ id }: Instance, desired: DesiredState): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.update(Instance, { id }, { desired });
      await this.doorbell.ring(tx, 'launcher.reconcile-instance', id);
    });
  }
}

const subjectOf = ({ id, launchId }: Partial<Instance>) => ({ launchId, instanceId: id });
