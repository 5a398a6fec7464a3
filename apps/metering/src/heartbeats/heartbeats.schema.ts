/** Shapes of heartbeats, and of the silences of machines that send none. */
import { z } from 'zod';

export const HeartbeatView = z
  .object({ instanceId: z.uuid(), lastAliveAt: z.iso.datetime().describe('written down once a minute at most') })
  .meta({ id: 'Heartbeat' });
export type HeartbeatView = z.output<typeof HeartbeatView>;

export const SilenceQuery = z.object({
  subscriptionId: z.uuid().optional(),
  instanceId: z.uuid().optional(),
  state: z.enum(['open', 'ended']).optional(),
});
export type SilenceQuery = z.output<typeof SilenceQuery>;

export const SilenceView = z
  .object({
    subscriptionId: z.uuid(),
    instanceId: z.uuid().describe("the launch's id"),
    productId: z.uuid(),
    ec2InstanceId: z.string().nullable(),
    since: z.iso.datetime().describe('when it last reported usage or said that it is alive, or when it started'),
    noticedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable().describe('when it spoke again or no longer ran; null while it is silent'),
  })
  .meta({ id: 'Silence', description: 'A running machine that reports nothing. Its usage of that time is missing, not zero.' });
export type SilenceView = z.output<typeof SilenceView>;

export const SilenceList = z
  .object({ items: z.array(SilenceView).describe('newest first, at most 200') })
  .meta({ id: 'SilenceList' });
