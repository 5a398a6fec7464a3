/** Hours that machines run, each begun hour one: counted once, of every machine, and no further than it was seen. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runtimeWorld, type RuntimeWorld } from '../testing/runtime.ts';
import { MeterRuntime } from './meter-runtime.ts';

let world: RuntimeWorld;

beforeAll(async () => {
  world = await runtimeWorld();
});
afterAll(() => world?.close());
beforeEach(() => world.open('2026-01-05T09:00:00Z'));

const at = (time: string): string => (time.length > 8 ? time : `2026-01-05T${time.padEnd(8, ':00')}Z`);
const launched = ({ seen = '09:00', state = 'healthy' } = {}): Promise<string> => world.launched({ seen: at(seen), state });
const ran = (id: string, from: string, to?: string): Promise<unknown> => world.ran(id, at(from), to && at(to));
const ended = (id: string, time: string): Promise<unknown> => world.ended(id, at(time));
const seen = (id: string, time: string, state?: string): Promise<unknown> => world.seen(id, at(time), state);
const settleAt = (time: string): Promise<void> => world.settleAt(at(time));
const countedUntil = async (): Promise<string> => (await world.countedUntil()).slice(11);

async function hours(): Promise<string[]> {
  const records = await world.records();
  expect(records.every((record) => record.endsWith(' 1'))).toBe(true);
  return records.map((record) => record.slice(3, 5));
}

describe('hours that machines run', () => {
  it('are counted once each, also across a stop and a start', async () => {
    const id = await launched({ seen: '12:40' });
    await ran(id, '09:59:59', '10:10');
    await ran(id, '10:20', '10:30');
    await ran(id, '11:59', '12:00');
    await ran(id, '12:30');
    await settleAt('12:45');
    expect(await hours()).toEqual(['09', '10', '11', '12']);
  });

  it('are counted for each machine', async () => {
    for (const id of [await launched({ seen: '10:30' }), await launched({ seen: '10:30' })]) await ran(id, '09:10');
    await settleAt('10:30');
    expect(await hours()).toEqual(['09', '09', '10', '10']);
    expect(
      await world.database.sql('select day::text, quantity, records from metering.usage_rollup where subscription_id = $1', [
        world.shop.subscriptionId,
      ]),
    ).toEqual([{ day: '2026-01-05', quantity: '4', records: '4' }]);
  });

  it('are counted only up to when the machine was last seen', async () => {
    const id = await launched({ seen: '10:50' });
    await ran(id, '09:10');
    await settleAt('14:20');
    expect(await hours()).toEqual(['09', '10']);
    expect(await countedUntil()).toBe('10:00');

    // EC2 answers again, and says that it had stopped in the meantime.
    await ended(id, '11:30');
    await seen(id, '14:20', 'stopped');
    await world.app.settle();
    expect(await hours()).toEqual(['09', '10', '11']);
    expect(await countedUntil()).toBe('14:00');
  });

  it('are counted of a run that is seen late', async () => {
    await settleAt('13:10');
    expect(await countedUntil()).toBe('13:00');
    await ran(await launched({ seen: '13:10' }), '10:30', '12:15');
    await world.app.settle();
    expect(await hours()).toEqual(['10', '11', '12']);
  });

  it('are counted again by nobody: two at once change nothing', async () => {
    const id = await launched({ seen: '15:00' });
    await ran(id, '09:10', '14:10');
    world.clock.set(at('15:00'));
    const stage = world.app.nest.get(MeterRuntime, { strict: false });
    const { subscriptionId } = world.shop;
    await Promise.all([stage.work(subscriptionId), stage.work(subscriptionId), stage.work(subscriptionId)]);
    await stage.work(subscriptionId);
    expect(await hours()).toEqual(['09', '10', '11', '12', '13', '14']);
  });

  it('go on after the end of the subscription until the last machine is gone, then no more is expected', async () => {
    const id = await launched({ seen: '11:20' });
    await ran(id, '09:10');
    await world.database.sql('update api.subscription set ended_at = $2 where id = $1', [world.shop.subscriptionId, at('10:40')]);
    await settleAt('11:20');
    expect(await hours()).toEqual(['09', '10', '11']);
    expect(await countedUntil()).toBe('11:00');

    await ended(id, '12:01');
    await seen(id, '12:05', 'terminated');
    await settleAt('12:05');
    expect(await hours()).toEqual(['09', '10', '11', '12']);
    expect(await world.countedUntil()).toBe('infinity');
  });

  it('wait for a machine that was asked for and not seen yet', async () => {
    const id = await launched({ state: 'planned' });
    await world.database.sql('update launcher.instance set observed_at = null where id = $1', [id]);
    await settleAt('11:20');
    expect(await countedUntil()).toBe('09:00');
  });

  it('cost nothing where the offer has no price for them', async () => {
    await world.database.sql(`delete from api.price where price_version_id = $1 and model = 'hourly'`, [
      world.shop.priceVersionId,
    ]);
    await ran(await launched({ seen: '11:20' }), '09:10');
    await settleAt('11:20');
    expect(await hours()).toEqual([]);
    expect(await countedUntil()).toBe('11:00');
  });

  it('are counted of the last 45 days', async () => {
    await ran(await launched({ seen: '2026-03-01T10:20:00Z' }), '09:10');
    await settleAt('2026-03-01T10:20:00Z');
    expect(await hours()).toHaveLength(45 * 24 + 1);
  });
});
