/**
 * Rows of launcher.instance for a launch: its first machine, and one in the place of another. What EC2 has to do for them is the work of
 * ReconcileInstance.
 */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { isFinal } from '#domain/fleet.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import type { DesiredState, Launch } from '#tables/api/launch.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { Instance } from '#tables/launcher/instance.ts';

/** Whose machine it is, and what is wanted of it. */
export interface Planned {
  launch: Launch;
  subscription: Subscription;
  versionId: string;
  wish: DesiredState;
}

@Injectable()
export class MachineRows {
  constructor(
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /** The first machine of a launch carries its id: planned twice, it is there once. @returns whether it is new. */
  first(tx: EntityManager, planned: Planned): Promise<boolean> {
    return this.insert(tx, planned, { id: planned.launch.id });
  }

  /**
   * Plans a machine in the place of another, which ends if it has not yet. Each is replaced once, whoever wants it replaced.
   * @returns its id; null when it was replaced already.
   */
  async replace(tx: EntityManager, planned: Planned, old: Instance): Promise<string | null> {
    const id = newId();
    if (!(await this.insert(tx, planned, { id, replaces: old.id }))) return null;
    if (isFinal(old.state)) return id;
    await tx.update(Instance, { id: old.id }, { desired: 'terminated' });
    await this.doorbell.ring(tx, 'launcher.reconcile-instance', old.id);
    return id;
  }

  /**
   * The same for whoever relies on being the one: a machine that somebody else planned meanwhile is not of this version, or these volumes.
   * @throws DomainError `machine_replaced`.
   */
  async replaceFirst(tx: EntityManager, planned: Planned, old: Instance): Promise<string> {
    const id = await this.replace(tx, planned, old);
    if (!id) throw new DomainError('conflict', 'machine_replaced', 'Its machine was replaced a moment ago; ask again.');
    return id;
  }

  private async insert(
    tx: EntityManager,
    { launch, subscription, versionId, wish }: Planned,
    identity: { id: string; replaces?: string },
  ): Promise<boolean> {
    const instance: Partial<Instance> = {
      ...identity,
      launchId: launch.id,
      versionId,
      subscriptionId: subscription.id,
      buyerId: launch.buyerId,
      vendorId: subscription.vendorId,
      productId: subscription.productId,
      awsConnectionId: launch.awsConnectionId,
      region: launch.region,
      instanceType: launch.instanceType,
      desired: wish,
      state: 'planned',
      createdAt: this.clock.now(),
    };
    const inserted = await tx.createQueryBuilder().insert().into(Instance).values(instance).orIgnore().returning('id').execute();
    await this.doorbell.ring(tx, 'launcher.reconcile-instance', identity.id);
    return inserted.raw.length > 0;
  }
}
