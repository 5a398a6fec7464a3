/** What EC2 says late: records stay as they are, and what they said too much or too little is corrected beside them, once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runtimeWorld, type RuntimeWorld } from '../testing/runtime.ts';
import { MeterRuntime } from './meter-runtime.ts';

let world: RuntimeWorld;

beforeAll(async () => {
  world = await runtimeWorld();
});
afterAll(() => world?.close());
beforeEach(() => world.open('2026-01-05T09:00:00Z'));

const at = (time: string): string => `2026-01-05T${time}:00Z`;

/** A machine that runs since 09:30 and was last seen at 12:00. */
async function running(): Promise<string> {
  const id = await world.launched({ seen: at('12:00') });
  await world.ran(id, at('09:30'));
  await world.settleAt(at('12:00'));
  return id;
}

/** Its zone was lost: it is gone, and has been since then. */
async function lostSince(id: string, time: string): Promise<void> {
  await world.ended(id, at(time));
  await world.seen(id, at('12:30'), 'terminated');
  await world.settleAt(at('12:30'));
}

describe('a machine that was lost earlier than it seemed', () => {
  it('has its seconds taken back, and its records stay', async () => {
    await world.bySecond(60);
    const id = await running();
    const recorded = ['05T09 1800', '05T10 3600', '05T11 3600'];
    expect(await world.records()).toEqual(recorded);

    await lostSince(id, '10:20');
    expect(await world.records()).toEqual(recorded);
    expect(await world.corrections()).toEqual(['05T10 -2400', '05T11 -3600']);
    expect(await world.sums()).toEqual([{ day: '2026-01-05', quantity: '3000' }]);
  });

  it('has its whole hours taken back', async () => {
    await lostSince(await running(), '10:20');
    expect(await world.records()).toEqual(['05T09 1', '05T10 1', '05T11 1']);
    expect(await world.corrections()).toEqual(['05T11 -1']);
    expect(await world.sums()).toEqual([{ day: '2026-01-05', quantity: '2' }]);
  });

  it('is corrected once, however often and by however many it is counted again', async () => {
    await world.bySecond(0);
    const id = await running();
    await world.ended(id, at('10:20'));
    await world.seen(id, at('12:30'), 'terminated');
    world.clock.set(at('12:30'));
    const stage = world.app.nest.get(MeterRuntime, { strict: false });
    const { subscriptionId } = world.shop;
    await Promise.all([stage.work(subscriptionId), stage.work(subscriptionId), stage.work(subscriptionId)]);
    await stage.work(subscriptionId);
    await world.settleAt(at('16:00'));
    expect(await world.corrections()).toEqual(['05T10 -2400', '05T11 -3600']);
  });

  it('is corrected again when EC2 changes its mind, back and forth', async () => {
    await world.bySecond(60);
    const id = await running();
    for (const time of ['11:30', '12:00', '11:30', '11:45']) await lostSince(id, time);
    expect((await world.corrections()).sort()).toEqual(['05T11 -1800', '05T11 -1800', '05T11 1800', '05T11 900']);
    expect(await world.sums()).toEqual([{ day: '2026-01-05', quantity: String(1800 + 3600 + 2700) }]);
  });

  it('is found also when another machine ended later', async () => {
    const id = await running();
    await world.ended(id, at('11:40'));
    const other = await world.launched({ seen: at('12:00'), state: 'terminated' });
    await world.ran(other, at('11:10'), at('11:50'));
    await world.settleAt(at('12:10'));
    expect(await world.records()).toEqual(['05T09 1', '05T10 1', '05T11 1', '05T11 1']);
    await world.ended(id, at('10:40'));
    await world.settleAt(at('12:10'));
    expect(await world.corrections()).toEqual(['05T11 -1']);
  });

  it('loses no more than is left of an hour that was corrected by hand', async () => {
    await world.bySecond(60);
    const id = await running();
    await world.database.sql(
      `insert into metering.usage_adjustment (subscription_id, id, hour, dimension, delta, reason, requested_by, approved_by, idem_key, created_at)
       values ($1, gen_random_uuid(), $2, 'running_seconds', -3000, 'the zone was lost', 'vendor', 'operator', 'by hand', $3)`,
      [world.shop.subscriptionId, at('11:00'), at('12:10')],
    );
    await lostSince(id, '11:00');
    expect(await world.corrections()).toEqual(['05T11 -600']);
  });
});

describe('a run that EC2 shows late', () => {
  it('is recorded where there is nothing, and added to the hours that are recorded', async () => {
    await world.bySecond(60);
    const id = await world.launched({ seen: at('12:00'), state: 'stopped' });
    await world.ran(id, at('10:00'), at('10:10'));
    await world.settleAt(at('12:00'));
    expect(await world.records()).toEqual(['05T10 600']);

    await world.ran(id, at('10:50'), at('11:10'));
    await world.settleAt(at('12:05'));
    expect(await world.records()).toEqual(['05T10 600', '05T11 600']);
    expect(await world.corrections()).toEqual(['05T10 600']);
    expect(await world.sums()).toEqual([{ day: '2026-01-05', quantity: '1800' }]);
  });
});
