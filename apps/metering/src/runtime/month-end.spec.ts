/** What billing relies on when it closes a month: no hour or second is on the wrong side of midnight UTC, and none comes after. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runtimeWorld, type RuntimeWorld } from '../testing/runtime.ts';

let world: RuntimeWorld;

beforeAll(async () => {
  world = await runtimeWorld();
});
afterAll(() => world?.close());
beforeEach(() => world.open('2026-01-31T22:00:00Z'));

const START = '2026-01-31T22:10:00Z';

async function running(seen: string, from = START): Promise<string> {
  const id = await world.launched({ seen });
  await world.ran(id, from);
  return id;
}

const januaryIsCounted = async (): Promise<boolean> => (await world.countedUntil()) >= '2026-02-01T00:00';

describe('at the end of a month', () => {
  it('each hour is on its own side of midnight UTC', async () => {
    await running('2026-02-01T00:20:00Z');
    await world.settleAt('2026-02-01T00:20:00Z');
    expect(await world.sums()).toEqual([
      { day: '2026-01-31', quantity: '2' },
      { day: '2026-02-01', quantity: '1' },
    ]);
    expect(await januaryIsCounted()).toBe(true);
  });

  it('the month stays open while a machine was last seen in it, and takes its end as EC2 tells it later', async () => {
    const id = await running('2026-01-31T22:59:30Z');
    await world.settleAt('2026-02-01T05:00:00Z');
    expect(await world.sums()).toEqual([{ day: '2026-01-31', quantity: '1' }]);
    expect(await januaryIsCounted()).toBe(false);

    await world.ended(id, '2026-02-01T00:00:00Z');
    await world.seen(id, '2026-02-01T05:00:00Z', 'stopped');
    await world.app.settle();
    // A run that ended at midnight sharp has no hour in February.
    expect(await world.sums()).toEqual([{ day: '2026-01-31', quantity: '2' }]);
    expect(await januaryIsCounted()).toBe(true);
  });

  it('a minute around midnight is half in each month, to the second', async () => {
    await world.bySecond(60);
    const id = await world.launched({ seen: '2026-02-01T01:02:00Z', state: 'stopped' });
    await world.ran(id, '2026-01-31T23:59:30Z', '2026-02-01T00:00:30Z');
    await world.settleAt('2026-02-01T01:02:00Z');
    expect(await world.sums()).toEqual([
      { day: '2026-01-31', quantity: '30' },
      { day: '2026-02-01', quantity: '30' },
    ]);
    expect(await world.countedUntil()).toBe('2026-02-01T01:00');
  });

  it('the month stays open while it is not known what a start just before midnight comes to', async () => {
    await world.bySecond(60);
    const id = await running('2026-02-01T00:00:10Z', '2026-01-31T23:59:30Z');
    await world.settleAt('2026-02-01T00:00:12Z');
    expect(await world.records()).toEqual([]);
    expect(await januaryIsCounted()).toBe(false);

    // It stopped right then: what is missing of its minute belongs to the hour in which it started.
    await world.ended(id, '2026-02-01T00:00:10Z');
    await world.seen(id, '2026-02-01T00:01:00Z', 'stopped');
    await world.settleAt('2026-02-01T00:01:00Z');
    expect(await world.records()).toEqual(['31T23 50']);
    expect(await januaryIsCounted()).toBe(true);
    await world.seen(id, '2026-02-01T01:00:00Z', 'stopped');
    await world.settleAt('2026-02-01T01:00:00Z');
    expect(await world.records()).toEqual(['31T23 50', '01T00 10']);
  });

  it('a subscription without any machine is counted too', async () => {
    await world.settleAt('2026-02-01T00:01:00Z');
    expect(await world.sums()).toEqual([]);
    expect(await januaryIsCounted()).toBe(true);
  });
});
