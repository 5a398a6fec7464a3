/** Whether the machine of a launch may be replaced now: what ends has to be able to come back. Reads api and billing.standing. */
import { IsNull, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Launch } from '#tables/api/launch.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Standing } from '#tables/billing/standing.ts';
import { Image } from '#tables/launcher/image.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { Upgrade } from '#tables/launcher/upgrade.ts';
import { VolumeRestore } from '#tables/launcher/volume-restore.ts';
import { currentMachine } from '../instances/current-machine.ts';

export interface Replaceable {
  launch: Launch;
  subscription: Subscription;
  machine: Instance;
}

/**
 * The launch and its machine, whose row is held until the transaction ends.
 * @throws DomainError `missing`, `launch_not_running`, `standing_past_due`, `standing_suspended`, `restore_under_way`,
 *   `upgrade_under_way`.
 */
export async function replaceableLaunch(tx: EntityManager, { organizationId }: Caller, id: string): Promise<Replaceable> {
  const launch = await tx.findOneBy(Launch, { id, buyerId: organizationId });
  if (!launch) throw missing('launch');
  const subscription = await tx.findOneByOrFail(Subscription, { id: launch.subscriptionId });
  const current = launch.desired === 'running' && !subscription.endedAt ? await currentMachine(tx, id) : null;
  if (!current)
    throw new DomainError(
      'conflict',
      'launch_not_running',
      'Its machine is not wanted running. Start the launch, then ask again.',
    );
  // Whoever comes second waits here, and then sees what the first has begun.
  const machine = await tx.findOneOrFail(Instance, { where: { id: current.id }, lock: { mode: 'pessimistic_write' } });
  const standing = await tx.findOneBy(Standing, { buyerId: launch.buyerId });
  if (standing && standing.state !== 'good')
    throw new DomainError(
      'conflict',
      `standing_${standing.state}`,
      'The machine would end and no new one be launched: settle what is due under Invoices, then ask again.',
    );
  if (await tx.existsBy(VolumeRestore, { launchId: id, state: 'restoring' }))
    throw new DomainError(
      'conflict',
      'restore_under_way',
      'A volume of this launch is being restored. Ask again once that is done.',
    );
  if (await tx.existsBy(Upgrade, { launchId: id, endedAt: IsNull() }))
    throw new DomainError('conflict', 'upgrade_under_way', 'The launch is being upgraded. Ask again once that is done.');
  return { launch, subscription, machine };
}

/** @throws DomainError `image_not_ready`. */
export async function assertLaunchable(tx: EntityManager, versionId: string, region: string): Promise<void> {
  if (await tx.existsBy(Image, { versionId, region, state: 'ready' })) return;
  throw new DomainError(
    'conflict',
    'image_not_ready',
    `The machine would end and no new one be launched: its version's image is not ready in ${region}.`,
  );
}
