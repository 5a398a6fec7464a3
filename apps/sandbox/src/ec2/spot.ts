/** Spot instances: bought with RunInstances, and taken back with two minutes' notice when the sandbox is told to. */
import { z } from 'zod';
import { invalidValue, text } from './input.ts';
import type { Goal, Instance } from './instance-state.ts';
import { newId } from './world.ts';

export const marketOptions = z
  .strictObject({
    MarketType: z.literal('spot').optional(),
    SpotOptions: z
      .strictObject({
        MaxPrice: text.optional(),
        SpotInstanceType: z.literal('one-time', { error: 'the sandbox has one-time spot requests' }).optional(),
        InstanceInterruptionBehavior: z.literal('terminate', { error: 'the sandbox terminates what it reclaims' }).optional(),
      })
      .optional(),
  })
  .optional();

export interface Spot {
  requestId: string;
  notice?: Notice | undefined;
}

/** Epoch milliseconds, the sandbox's time. */
export interface Notice {
  at: number;
  /** When it starts to go, and how long that takes. */
  endsAt: number;
  takesMs: number;
}

/** What a launch says of each of its instances; undefined when they are bought on demand. */
export function spotFor(asked: z.output<typeof marketOptions>): Spot | undefined {
  if (asked?.MarketType !== 'spot') return undefined;
  const price = asked.SpotOptions?.MaxPrice;
  if (price !== undefined && !(Number(price) > 0)) throw invalidValue('MaxPrice', price, 'A price above zero is expected.');
  return { requestId: `sir-${newId('s').slice(3, 11)}` };
}

export const NOTICE_MS = 120_000;

/** The notice that an instance gets before it goes. */
export const reclaimed = (instance: Instance & { spot: Spot }, now: Date, takesMs: number, noticeMs = NOTICE_MS): Instance => ({
  ...instance,
  spot: { ...instance.spot, notice: { at: now.getTime(), endsAt: now.getTime() + noticeMs, takesMs } },
});

/** The end that a notice announced, once it has come. */
export function endByNotice({ spot }: Instance, now: Date): Goal | undefined {
  const { notice } = spot ?? {};
  if (!notice || now.getTime() < notice.endsAt) return undefined;
  return {
    state: 'terminated',
    setAt: notice.endsAt,
    takesMs: notice.takesMs,
    reason: { code: 'Server.SpotInstanceTermination', message: 'Server.SpotInstanceTermination: Spot instance termination' },
    note: 'Server.SpotInstanceTermination',
  };
}
