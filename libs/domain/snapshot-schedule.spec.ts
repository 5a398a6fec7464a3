/** Schedules of snapshots by example, and what must hold for every one. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueSlot, surplusSnapshots, type HeldSnapshot } from './snapshot-schedule.ts';

const since = new Date('2026-01-05T09:20:00Z');
const at = (time: string): Date => new Date(`2026-01-${time}:00Z`);

describe('a snapshot by schedule', () => {
  const table: Array<[string, { everyHours: number; lastSlot: Date | null; now: Date }, Date | null]> = [
    ['is not due while the volume is new', { everyHours: 6, lastSlot: null, now: at('05T15:19') }, null],
    ['is due after one span', { everyHours: 6, lastSlot: null, now: at('05T15:20') }, at('05T15:20')],
    ['is due once', { everyHours: 6, lastSlot: at('05T15:20'), now: at('05T21:19') }, null],
    ['is due again a span later', { everyHours: 6, lastSlot: at('05T15:20'), now: at('05T21:20') }, at('05T21:20')],
    [
      'is due once for all turns that were missed',
      { everyHours: 6, lastSlot: at('05T15:20'), now: at('07T10:00') },
      at('07T09:20'),
    ],
    ['is not due again because the spans got longer', { everyHours: 24, lastSlot: at('06T15:20'), now: at('06T16:00') }, null],
  ];
  for (const [what, { now, ...schedule }, slot] of table) {
    it(what, () => expect(dueSlot({ since, ...schedule }, now)).toEqual(slot));
  }

  it('is taken once in each span, however often and however late anybody looks', () => {
    const looks = fc.array(fc.integer({ min: 0, max: 400 * 60 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 48 }), looks, (everyHours, minutes) => {
        const taken: Date[] = [];
        for (const minute of minutes.sort((a, b) => a - b)) {
          const now = new Date(since.getTime() + minute * 60_000);
          const slot = dueSlot({ everyHours, since, lastSlot: taken.at(-1) ?? null }, now);
          if (!slot) continue;
          expect(now.getTime() - slot.getTime()).toBeLessThan(everyHours * 3_600_000);
          expect(now.getTime()).toBeGreaterThanOrEqual(slot.getTime());
          taken.push(slot);
        }
        const spans = new Set(minutes.map((minute) => Math.floor(minute / (everyHours * 60))).filter((span) => span > 0));
        expect(taken).toHaveLength(spans.size);
      }),
    );
  });
});

describe('what is kept', () => {
  const snapshots = fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      reason: fc.constantFrom<HeldSnapshot['reason']>('scheduled', 'asked', 'upgrade', 'final'),
      state: fc.constantFrom<HeldSnapshot['state']>('planned', 'pending', 'completed', 'failed', 'deleted'),
      createdAt: fc.integer({ min: 0, max: 1_000_000 }).map((minutes) => new Date(minutes * 60_000)),
      isInUse: fc.boolean(),
      isAtEc2: fc.boolean(),
    }),
    { selector: ({ createdAt }) => createdAt.getTime(), maxLength: 30 },
  );
  const ours = ({ reason }: HeldSnapshot): boolean => reason === 'scheduled' || reason === 'upgrade';
  const good = ({ state }: HeldSnapshot): boolean => state === 'completed';

  it('is never the less for the newest that is good, what somebody asked for, or what is in use', () => {
    fc.assert(
      fc.property(snapshots, fc.integer({ min: 1, max: 10 }), (all, kept) => {
        const surplus = new Set(surplusSnapshots(all, kept));
        const newest = all.filter(good).sort((a, b) => Number(b.createdAt) - Number(a.createdAt))[0];
        if (newest) expect(surplus).not.toContain(newest.id);
        for (const snapshot of all.filter(({ id }) => surplus.has(id))) {
          expect(ours(snapshot)).toBe(true);
          expect(snapshot.isInUse).toBe(false);
          expect(['completed', 'failed']).toContain(snapshot.state);
        }
      }),
    );
  });

  it('is as many as shall be kept, and older ones never for newer ones', () => {
    fc.assert(
      fc.property(snapshots, fc.integer({ min: 1, max: 10 }), (all, kept) => {
        const free = all.map((snapshot) => ({ ...snapshot, isInUse: false }));
        const surplus = new Set(surplusSnapshots(free, kept));
        const candidates = free.filter((snapshot) => good(snapshot) && ours(snapshot));
        const stay = candidates.filter(({ id }) => !surplus.has(id)).map(({ createdAt }) => Number(createdAt));
        const go = candidates.filter(({ id }) => surplus.has(id)).map(({ createdAt }) => Number(createdAt));
        expect(stay).toHaveLength(Math.min(kept, candidates.length));
        if (go.length > 0) expect(Math.max(...go)).toBeLessThan(Math.min(...stay));
      }),
    );
  });
});
