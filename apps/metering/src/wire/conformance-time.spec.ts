/** Which hour usage belongs to, and how long ago it may have been: the same edges for machines and vendors, and the settings that move them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { saying } from '../testing/altered.ts';
import { meterUsage, refusal, wireWorld, type WireWorld } from '../testing/conformance.ts';

const OUT_OF_BOUNDS = refusal('TimestampOutOfBoundsException');
const at = (time: string): Date => new Date(time);
const epochSeconds = (time: string): number => Date.parse(time) / 1000;

let world: WireWorld;

describe('the hour of usage', () => {
  beforeAll(async () => {
    world = await wireWorld();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.open({ at: '2026-01-01T00:00:00Z', now: '2026-01-05T15:20:00Z' }));

  it('ends with 59:59 and its fractions, for machines and vendors', async () => {
    const times = ['2026-01-05T13:00:00Z', '2026-01-05T13:59:59.999Z', '2026-01-05T14:00:00.000Z', '2026-01-05T14:59:59Z'];
    const ids: string[] = [];
    for (const time of times) ids.push((await world.meter({ Timestamp: at(time) })).MeteringRecordId!);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[3]).toBe(ids[2]);
    expect(ids[2]).not.toBe(ids[1]);
    const { Results } = await world.send(times.map((Timestamp) => world.record({ Timestamp: at(Timestamp) })));
    expect(new Set(Results!.map(({ MeteringRecordId }) => MeteringRecordId)).size).toBe(2);
    expect((await world.rows()).map(({ hour }) => hour.toISOString())).toEqual([
      '2026-01-05T13:00:00.000Z',
      '2026-01-05T13:00:00.000Z',
      '2026-01-05T14:00:00.000Z',
      '2026-01-05T14:00:00.000Z',
    ]);
  });

  it('is the same for a whole and a fractional number of seconds, however fine', async () => {
    const { ProductCode, UsageDimension, UsageQuantity } = meterUsage(world).input;
    const meter = async (Timestamp: number) => {
      const body = JSON.stringify({ ProductCode, UsageDimension, UsageQuantity, Timestamp });
      return (await world.buyer.send(saying(meterUsage(world), body))).MeteringRecordId;
    };
    const second = epochSeconds('2026-01-05T13:59:59Z');
    const first = await meter(second);
    expect(await meter(second + 0.789)).toBe(first);
    expect(await meter(second + 0.999_9)).toBe(first);
    expect(await meter(second + 1)).not.toBe(first);
  });

  it('may be the sixth before this one for a machine, and not a second earlier', async () => {
    await world.meter({ Timestamp: at('2026-01-05T09:00:00Z') });
    await expect(world.meter({ Timestamp: at('2026-01-05T08:59:59Z') })).rejects.toThrow(OUT_OF_BOUNDS);
    world.clock.set('2026-01-05T15:59:59Z');
    await world.meter({ Timestamp: at('2026-01-05T09:00:00Z') });
    world.clock.set('2026-01-05T16:00:00Z');
    await expect(world.meter({ Timestamp: at('2026-01-05T09:59:59Z') })).rejects.toThrow(OUT_OF_BOUNDS);
  });

  it('may be the 24th before this one for a vendor, and not a second earlier', async () => {
    expect(await world.statuses([world.record({ Timestamp: at('2026-01-04T15:00:00Z') })])).toEqual(['Success']);
    await expect(world.send([world.record({ Timestamp: at('2026-01-04T14:59:59Z') })])).rejects.toThrow(OUT_OF_BOUNDS);
    await expect(world.send([world.record({ Timestamp: at('2026-01-05T15:25:01Z') })])).rejects.toThrow(OUT_OF_BOUNDS);
  });

  it('may be in the month before until 05:59:59 on the 1st, and not from 06:00:00 on', async () => {
    await world.open({ at: '2026-01-30T00:00:00Z', now: '2026-02-01T05:59:59Z' });
    const lastHour = at('2026-01-31T23:59:59Z');
    await world.meter({ Timestamp: lastHour });
    expect(await world.statuses([world.record({ Timestamp: at('2026-01-31T06:00:00Z') })])).toEqual(['Success']);
    world.clock.set('2026-02-01T06:00:00Z');
    await expect(world.meter({ Timestamp: lastHour })).rejects.toThrow(OUT_OF_BOUNDS);
    await expect(world.send([world.record({ Timestamp: lastHour })])).rejects.toThrow(OUT_OF_BOUNDS);
    await world.meter({ Timestamp: at('2026-02-01T00:00:00Z') });
    expect(await world.statuses([world.record({ Timestamp: at('2026-02-01T00:00:00Z') })])).toEqual(['Success']);
    expect(await world.rows()).toHaveLength(4);
  });

  it('is refused with the 24 good ones beside it, wherever in the batch it stands', async () => {
    const good = Array.from({ length: 24 }, () => world.record());
    const bad = world.record({ Timestamp: at('2026-01-04T14:59:59Z') });
    for (const place of [0, 12, 24]) await expect(world.send(good.toSpliced(place, 0, bad))).rejects.toThrow(OUT_OF_BOUNDS);
    expect(await world.rows()).toEqual([]);
  });
});

describe('an operator who allows other windows', () => {
  beforeAll(async () => {
    world = await wireWorld({
      METER_WINDOW_HOURS: '2',
      BATCH_WINDOW_HOURS: '6',
      CLOSE_GRACE_HOURS: '3',
      UNSUBSCRIBE_GRACE_MINUTES: '10',
      FUTURE_SKEW_SECONDS: '0',
    });
  });
  afterAll(() => world?.close());
  beforeEach(() => world.open({ at: '2026-01-01T00:00:00Z', now: '2026-01-05T15:20:00Z' }));

  it('has machines report two hours back, vendors six as AWS took for long, and nobody ahead', async () => {
    await world.meter({ Timestamp: at('2026-01-05T13:00:00Z') });
    await expect(world.meter({ Timestamp: at('2026-01-05T12:59:59Z') })).rejects.toThrow(OUT_OF_BOUNDS);
    expect(await world.statuses([world.record({ Timestamp: at('2026-01-05T09:00:00Z') })])).toEqual(['Success']);
    await expect(world.send([world.record({ Timestamp: at('2026-01-05T08:59:59Z') })])).rejects.toThrow(OUT_OF_BOUNDS);
    await expect(world.meter({ Timestamp: at('2026-01-05T15:20:01Z') })).rejects.toThrow(OUT_OF_BOUNDS);
  });

  it('has the month closed earlier', async () => {
    await world.open({ at: '2026-01-30T00:00:00Z', now: '2026-02-01T02:59:59Z' });
    const lastHour = at('2026-01-31T23:00:00Z');
    expect(await world.statuses([world.record({ Timestamp: lastHour })])).toEqual(['Success']);
    world.clock.set('2026-02-01T03:00:00Z');
    await expect(world.send([world.record({ Timestamp: lastHour })])).rejects.toThrow(OUT_OF_BOUNDS);
  });

  it('has usage of ended subscriptions reported sooner', async () => {
    await world.database.sql("update api.subscription set ended_at = '2026-01-05T15:10:01Z' where id = $1", [
      world.shop.subscriptionId,
    ]);
    expect(await world.statuses([world.record({ Timestamp: at('2026-01-05T14:00:00Z') })])).toEqual(['Success']);
    await world.meter({ Timestamp: at('2026-01-05T14:00:00Z') });
    world.clock.set('2026-01-05T15:20:02Z');
    expect(await world.statuses([world.record({ Timestamp: at('2026-01-05T13:00:00Z') })])).toEqual(['CustomerNotSubscribed']);
    await expect(world.meter({ Timestamp: at('2026-01-05T13:00:00Z') })).rejects.toThrow(refusal('CustomerNotEntitledException'));
  });
});
