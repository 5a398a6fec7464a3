/** A month is closed once, whoever tries and however often; one that is out of line waits for a person. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { billingWorld, type World } from '../testing/world.ts';

interface Seen {
  id: string;
  number: string;
  totalMinor: string;
}
interface Held {
  id: string;
  state: string;
  totalMinor: string;
  usualMinor: string | null;
  inputSha256: string;
}

const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05'];

/** So many users on the 10th of a month, which is then over. */
async function month(world: World, index: number, users: bigint): Promise<void> {
  await world.app.settle();
  await world.used(`${MONTHS[index]}-10`, 'users', users);
  await world.metered(`${MONTHS[index + 1]}-01T00:00:00Z`);
  world.moveTo(`${MONTHS[index + 1]}-01T06:00:00Z`);
}

const invoices = async (world: World): Promise<Seen[]> =>
  (await world.as('buyer').get<{ items: Seen[] }>('/v1/invoices')).body.items;

const heldCloses = async (world: World, query = ''): Promise<Held[]> =>
  (await world.as('operator').get<{ items: Held[] }>(`/v1/held-closes${query}`)).body.items;

describe('a month of five workers', () => {
  let world: World;
  beforeAll(async () => {
    world = await billingWorld();
  });
  afterAll(() => world.close());

  it('becomes one invoice, with the hash of what it was made from, and stays it', async () => {
    const apps = [world.app, await world.another(), await world.another(), await world.another(), await world.another()];
    await world.january();
    for (const queue of ['billing.open-period', 'billing.rate-period', 'billing.close-period'] as const) {
      const ids = await world.stage(queue).due();
      await Promise.all(apps.flatMap((app) => ids.map((id) => world.stageOf(app, queue).work(id))));
    }
    await world.app.settle();
    expect(await invoices(world)).toMatchObject([{ number: 'SLW-2026-000001', totalMinor: '3863' }]);
    const closed = (): Promise<unknown[]> =>
      world.database.sql(
        `select period.state, encode(period.input_sha, 'hex') as rated, (select encode(invoice.input_sha, 'hex') from billing.invoice) as input_sha,
           (select last::text from billing.invoice_counter) as numbers, (select count(*)::int from billing.journal where kind = 'invoice_finalised') as journals
         from billing.period where starts_at < '2026-02-01'`,
      );
    const before = await closed();
    expect(before).toMatchObject([
      { state: 'invoiced', input_sha: expect.stringMatching(/^[0-9a-f]{64}$/), numbers: '1', journals: 1 },
    ]);
    const [period] = await world.database.sql<{ id: string }>(`select id from billing.period where starts_at < '2026-02-01'`);
    await Promise.all(apps.map((app) => world.stageOf(app, 'billing.close-period').work(period!.id)));
    expect(await closed()).toEqual(before);
  });

  it('has periods that tile time: the database refuses a gap, and a bound that moves', async () => {
    const insert = (from: string, to: string): Promise<unknown> =>
      world.database.sql(
        `insert into billing.period (id, subscription_id, buyer_id, currency, starts_at, ends_at, state)
         select gen_random_uuid(), subscription_id, buyer_id, currency, $1, $2, 'open' from billing.period limit 1`,
        [from, to],
      );
    await expect(insert('2026-04-01T00:00:00Z', '2026-05-01T00:00:00Z')).rejects.toThrow('leaves a gap');
    await expect(insert('2025-11-01T00:00:00Z', '2025-12-01T00:00:00Z')).rejects.toThrow('leaves a gap');
    await expect(insert('2026-02-28T23:59:59Z', '2026-04-01T00:00:00Z')).rejects.toThrow('exclusion constraint');
    await insert('2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z');
    const [rights] = await world.database.sql(
      `select has_column_privilege('billing', 'billing.period', 'ends_at', 'UPDATE') as bound, has_table_privilege('billing', 'billing.period', 'DELETE') as row,
         has_column_privilege('billing', 'billing.invoice', 'total_minor', 'UPDATE') as total, has_column_privilege('billing', 'billing.invoice', 'number', 'UPDATE') as number`,
    );
    expect(rights).toEqual({ bound: false, row: false, total: false, number: false });
  });
});

describe('a month that is out of line', () => {
  let world: World;
  beforeAll(async () => {
    world = await billingWorld();
    for (const index of [0, 1, 2]) await month(world, index, 1_000n);
    await month(world, 3, 10_000n);
    await world.app.settle();
  });
  afterAll(() => world.close());

  it('waits, with what it would come to and what is usual, for the operator alone', async () => {
    expect(await invoices(world)).toHaveLength(3);
    expect(await heldCloses(world, '?state=held')).toMatchObject([
      { buyer: 'Globex', cause: 'above_usual', totalMinor: '333000', usualMinor: '33300', periodEnd: '2026-05-01T00:00:00.000Z' },
    ]);
    for (const who of ['buyer', 'vendor'] as const) expect((await world.as(who).get('/v1/held-closes')).status).toBe(403);
    expect(
      await world.as('operator').put(`/v1/held-closes/${newId()}/decision`, { decision: 'released', reason: 'x' }),
    ).toMatchObject({
      status: 404,
    });
    expect(await world.stage('billing.close-period').due()).toEqual([]);
  });

  it('stays uninvoiced when it is rejected, until its usage is corrected', async () => {
    const [held] = await heldCloses(world, '?state=held');
    const decision = { decision: 'rejected', reason: 'Acme counted every user ten times.' };
    expect(await world.as('operator').put(`/v1/held-closes/${held!.id}/decision`, decision)).toMatchObject({
      status: 200,
      body: { state: 'rejected', reason: decision.reason },
    });
    world.advance({ hours: 2 });
    await world.app.settle();
    expect(await invoices(world)).toHaveLength(3);
    await world.database.sql(
      `update metering.usage_rollup set quantity = 5000, computed_at = $1, rows_sha = sha256('corrected') where day = '2026-04-10'`,
      [world.clock.now()],
    );
    world.advance({ hours: 1 });
    await world.app.settle();
    expect(await invoices(world)).toHaveLength(3);
    expect(await heldCloses(world)).toMatchObject([{ state: 'held', totalMinor: '166500' }, { state: 'superseded' }]);
    expect(
      await world.as('operator').put(`/v1/held-closes/${held!.id}/decision`, { ...decision, decision: 'released' }),
    ).toMatchObject({
      status: 409,
      body: { code: 'close_superseded' },
    });
  });

  it('is invoiced as it stands when it is released, made from what was looked at', async () => {
    const [held] = await heldCloses(world, '?state=held');
    const decision = { decision: 'released', reason: 'Globex has grown.' };
    await world.as('operator').put(`/v1/held-closes/${held!.id}/decision`, decision);
    await world.app.settle();
    const [latest] = await invoices(world);
    expect(latest).toMatchObject({ number: 'SLW-2026-000004', totalMinor: '166500' });
    expect(
      await world.database.sql(`select encode(input_sha, 'hex') as sha from billing.invoice where id = $1`, [latest!.id]),
    ).toEqual([{ sha: held!.inputSha256 }]);
    expect(
      await world.as('operator').put(`/v1/held-closes/${held!.id}/decision`, { ...decision, decision: 'rejected' }),
    ).toMatchObject({
      status: 409,
    });
  });

  it('waits as well when it is late usage alone, of a buyer who has left', async () => {
    await world.database.sql(`update api.subscription set ended_at = '2026-05-01T12:00:00Z'`);
    await world.metered('2026-06-01T00:00:00Z');
    world.moveTo('2026-06-01T06:00:00Z');
    await world.app.settle();
    // A month of half a day, in which nothing was used, is out of line too.
    const decide = async (): Promise<unknown> => {
      const [held] = await heldCloses(world, '?state=held');
      const decision = { decision: 'released', reason: 'Globex has left.' };
      await world.as('operator').put(`/v1/held-closes/${held!.id}/decision`, decision);
      await world.app.settle();
      return held;
    };
    expect(await decide()).toMatchObject({ cause: 'below_usual', totalMinor: '0' });
    await world.database.sql(
      `update metering.usage_rollup set quantity = 50000, computed_at = $1, rows_sha = sha256('later') where day = '2026-04-10'`,
      [world.clock.now()],
    );
    world.moveTo('2026-07-01T06:00:00Z');
    await world.app.settle();
    expect(await invoices(world)).toHaveLength(4);
    expect(await world.stage('billing.bill-late').due()).toEqual([]);
    const held = { cause: 'above_usual', totalMinor: '1498500', periodEnd: '2026-07-01T00:00:00.000Z' };
    expect(await decide()).toMatchObject(held);
    expect((await invoices(world))[0]).toMatchObject({ number: 'SLW-2026-000005', totalMinor: '1498500' });
  });
});
