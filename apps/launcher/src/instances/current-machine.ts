/** A launch has one machine at a time: the last in the row of those that replaced each other. */
import type { EntityManager } from 'typeorm';
import { Instance } from '#tables/launcher/instance.ts';

/** @returns null when no machine was planned yet. */
export const currentMachine = (tx: EntityManager, launchId: string): Promise<Instance | null> =>
  tx
    .createQueryBuilder(Instance, 'instance')
    .where('instance.launch_id = :launchId', { launchId })
    .andWhere('not exists (select from launcher.instance newer where newer.replaces = instance.id)')
    .getOne();
