/** Shapes of upgrades of fleets. */
import { z } from 'zod';
import { patienceSeconds } from '../instances/patience.ts';

export const NewFleetUpgrade = z
  .object({
    fleetId: z.uuid(),
    versionId: z.uuid().describe('the version that its product is sold in now'),
    patienceSeconds: patienceSeconds.describe('how long each machine may take to be healthy, before everything goes back'),
  })
  .meta({ id: 'NewFleetUpgrade' });
export type NewFleetUpgrade = z.output<typeof NewFleetUpgrade>;

export const FleetUpgradeQuery = z.object({ fleetId: z.uuid().optional() });
export type FleetUpgradeQuery = z.output<typeof FleetUpgradeQuery>;

export const FleetUpgradeView = z
  .object({
    id: z.uuid(),
    fleetId: z.uuid(),
    fromVersionId: z.uuid(),
    toVersionId: z.uuid(),
    state: z
      .enum(['replacing', 'rolling-back', 'done', 'rolled-back', 'failed'])
      .describe('failed: it could not go back either, and failure says why'),
    failure: z.string().nullable().describe('why it went back'),
    patienceSeconds: z.number().int(),
    remaining: z.number().int().describe('machines that still have to be replaced'),
    replacements: z
      .array(
        z.object({
          instanceId: z.uuid(),
          replaces: z.uuid(),
          versionId: z.uuid(),
          state: z.string(),
          failure: z.string().nullable(),
          createdAt: z.iso.datetime(),
          healthyAt: z.iso.datetime().nullable(),
        }),
      )
      .describe('the machines that were launched for it, in their order; those on the way back as well'),
    askedAt: z.iso.datetime(),
    stepAt: z.iso.datetime().describe('when its state was entered'),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'FleetUpgrade' });
export type FleetUpgradeView = z.output<typeof FleetUpgradeView>;

export const FleetUpgradeList = z.object({ items: z.array(FleetUpgradeView) }).meta({ id: 'FleetUpgradeList' });
