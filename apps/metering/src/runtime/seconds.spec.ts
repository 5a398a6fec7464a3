/** Running that is priced by the second: an hour is recorded once, when its seconds are final, and they are those that were run. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runtimeWorld, type RuntimeWorld } from '../testing/runtime.ts';
import { MeterRuntime } from './meter-runtime.ts';

let world: RuntimeWorld;

beforeAll(async () => {
  world = await runtimeWorld();
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.open('2026-01-05T09:00:00Z');
  await world.bySecond(60);
});

const at = (time: string): string => `2026-01-05T${time.length > 5 ? time : `${time}:00`}Z`;
const launched = (seen: string, state?: string): Promise<string> => world.launched({ seen: at(seen), state });
const ran = (id: string, from: string, to?: string): Promise<unknown> => world.ran(id, at(from), to && at(to));
const settleAt = (time: string): Promise<void> => world.settleAt(at(time));

describe('seconds that machines run', () => {
  it('are counted over a stop and a start within the hour', async () => {
    const id = await launched('11:05', 'stopped');
    await ran(id, '10:00:10', '10:10:00');
    await ran(id, '10:20:00', '10:20:45');
    await settleAt('11:05');
    // 590 s, and a second start that ran 45 s and costs its minute.
    expect(await world.records()).toEqual(['05T10 650']);
  });

  it('are recorded when the hour is over and the machine was seen after it, not before', async () => {
    const id = await launched('10:59:59');
    await ran(id, '09:30');
    await settleAt('11:30');
    expect(await world.records()).toEqual(['05T09 1800']);
    expect(await world.countedUntil()).toBe('2026-01-05T10:00');
    await world.seen(id, at('11:30'));
    await settleAt('11:30');
    expect(await world.records()).toEqual(['05T09 1800', '05T10 3600']);
    expect(await world.countedUntil()).toBe('2026-01-05T11:00');
  });

  it('wait for a stopped machine to be seen after the hour, since it may be started again in it', async () => {
    const id = await launched('10:15', 'stopped');
    await ran(id, '10:00', '10:10');
    await settleAt('11:10');
    expect(await world.records()).toEqual([]);
    await ran(id, '10:50', '10:55');
    await world.seen(id, at('11:12'), 'stopped');
    await settleAt('11:12');
    expect(await world.records()).toEqual(['05T10 900']);
  });

  it('wait for no machine that is gone for good', async () => {
    const id = await launched('10:15', 'terminated');
    await ran(id, '10:00', '10:10');
    await settleAt('10:59');
    expect(await world.records()).toEqual([]);
    await settleAt('11:00');
    expect(await world.records()).toEqual(['05T10 600']);
  });

  it('of one machine do not wait for another of the same subscription, which the month waits for', async () => {
    await ran(await launched('11:00'), '10:00');
    await ran(await launched('10:30'), '10:30');
    await settleAt('11:00');
    expect(await world.records()).toEqual(['05T10 3600']);
    expect(await world.countedUntil()).toBe('2026-01-05T10:00');
  });

  it('of a start that is seen late take back that its hour was counted, until it is known what it comes to', async () => {
    await settleAt('11:00');
    expect(await world.countedUntil()).toBe('2026-01-05T11:00');
    const id = await launched('11:00:10');
    await ran(id, '10:59:30');
    await settleAt('11:00:10');
    expect(await world.countedUntil()).toBe('2026-01-05T10:00');
    await world.seen(id, at('11:00:40'));
    await settleAt('11:00:40');
    expect(await world.records()).toEqual(['05T10 30']);
    expect(await world.countedUntil()).toBe('2026-01-05T11:00');
  });

  it('of two runs in one second are that second, and a minute for each start', async () => {
    const id = await launched('11:00', 'stopped');
    await ran(id, '10:00:00.100', '10:00:00.200');
    await ran(id, '10:00:00.600', '10:00:00.900');
    await settleAt('11:00');
    expect(await world.records()).toEqual(['05T10 119']);
  });

  it('are counted again by nobody: two at once change nothing', async () => {
    await ran(await launched('12:00'), '10:59:59');
    world.clock.set(at('12:00'));
    const stage = world.app.nest.get(MeterRuntime, { strict: false });
    const { subscriptionId } = world.shop;
    await Promise.all([stage.work(subscriptionId), stage.work(subscriptionId), stage.work(subscriptionId)]);
    await stage.work(subscriptionId);
    expect(await world.records()).toEqual(['05T10 1', '05T11 3600']);
    expect(await world.corrections()).toEqual([]);
  });
});
