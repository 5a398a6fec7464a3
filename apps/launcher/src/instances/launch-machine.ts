/** Has EC2 make a machine: once, however often it is tried, and where its data is. */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { Clock } from '#platform/clock.ts';
import { LOG } from '#platform/tokens.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { Ec2Error, isThrottled } from '../ec2/ec2.errors.ts';
import { isFinalRefusal, reasonOf, type Asked } from '../ec2/ec2.reasons.ts';
import { Ec2Machines, type MachineOrder } from '../ec2/machines.ts';
import { Pacer } from '../ec2/pacer.ts';
import { DataVolumes } from '../volumes/data-volumes.ts';
import { MachineOrders } from './machine-order.ts';
import { Observations } from './observations.ts';
import type { Order } from './order.ts';
import { PacedLaunches } from './paced-launches.ts';
import { Troubles } from './troubles.ts';

@Injectable()
export class LaunchMachine {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly volumes: DataVolumes,
    private readonly machineOrders: MachineOrders,
    private readonly machines: Ec2Machines,
    private readonly pacer: Pacer,
    private readonly paced: PacedLaunches,
    private readonly observations: Observations,
    private readonly troubles: Troubles,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** @throws Ec2Error when it may work another time. */
  async launch(instance: Instance, order: Order): Promise<void> {
    const amiId = instance.amiId ?? order.image!.amiId!;
    if (await this.hasToWait(instance))
      return this.troubles.waiting(instance, 'The machine that it takes the place of finishes its work first.');
    const whereabouts = await this.volumes.whereabouts(instance, order);
    if ('waitsFor' in whereabouts) return this.troubles.waiting(instance, whereabouts.waitsFor);
    const { zone } = whereabouts;
    const { region } = order.place;
    const { keyName, subnetId } = order.options;
    const asked: Asked = { region, zone, instanceType: order.instanceType, keyName, subnetId };
    try {
      this.pacer.expect(order.place, 'RunInstances');
      const machineOrder = await this.machineOrders.of(instance, order, amiId, zone);
      // The intent commits before EC2 is called: after a crash the row says that there may be a machine.
      const intent = { attemptedAt: this.clock.now(), amiId, zone };
      await this.db.manager.update(Instance, { id: instance.id, state: 'planned' }, intent);
      await this.run(instance, order, machineOrder);
    } catch (error) {
      await this.refused(instance, order, asked, error);
    }
  }

  /** In the upgrade of a fleet that may not have both at a time. */
  private async hasToWait({ id, fleetId }: Instance): Promise<boolean> {
    if (!fleetId) return false;
    const rows = await this.db.query(
      `select from launcher.fleet_replacement join launcher.instance on instance.id = fleet_replacement.replaces
        where fleet_replacement.instance_id = $1 and instance.draining_at is not null and instance.state not in ('terminated', 'failed')`,
      [id],
    );
    return rows.length > 0;
  }

  private async run(instance: Instance, order: Order, machineOrder: MachineOrder): Promise<void> {
    const machine = await this.machines.run(order.place, machineOrder).catch(async (error: unknown) => {
      // What was throttled made nothing, so that nothing has to be looked for: the row is as before.
      if (isThrottled(error))
        await this.db.manager.update(Instance, { id: instance.id, state: 'planned' }, { attemptedAt: instance.attemptedAt });
      throw error;
    });
    await this.observations.record(instance.id, machine, order.version.urlTemplate);
    const { region } = order.place;
    this.log.info({ instanceId: instance.id, ec2InstanceId: machine.instanceId, region }, 'a machine was launched');
  }

  /** What stays refused fails with a reason; what may work another time is thrown, and its buyer told once. */
  private async refused(instance: Instance, order: Order, asked: Asked, error: unknown): Promise<void> {
    const isOver = error instanceof DomainError || (error instanceof Ec2Error && isFinalRefusal(error));
    const reason = error instanceof Ec2Error ? reasonOf(error, asked) : null;
    if (!isOver) {
      if (isThrottled(error)) this.paced.waits(order.place);
      if (reason) await this.troubles.waiting(instance, reason);
      throw error;
    }
    const failure = reason ?? `The launch cannot be made: ${(error as Error).message}`;
    await this.observations.record(instance.id, 'missing', order.version.urlTemplate, { state: 'failed', failure });
  }
}
