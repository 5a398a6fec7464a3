/** The book: an event is posted once, and what must not be written the database itself refuses. */
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppName } from '#platform/tokens.ts';
import { newId } from '#platform/ids.ts';
import { billingWorld, type World } from '../testing/world.ts';
import { JournalConflict, Ledger } from './ledger.ts';

describe('the book', () => {
  let world: World;
  beforeAll(async () => {
    world = await billingWorld();
  });
  afterAll(() => world.close());

  const effectiveAt = new Date('2026-02-01T06:10:00Z');
  const entry = (idemKey: string, amount: bigint) => ({
    idemKey,
    kind: 'payment_succeeded',
    effectiveAt,
    postings: [
      { account: 'stripe_clearing', currency: 'usd', amountMinor: amount },
      { account: 'buyer_receivable/globex', currency: 'usd', amountMinor: -amount },
    ],
  });
  const post = (given: ReturnType<typeof entry>): Promise<string | null> => {
    const ledger = world.app.nest.get(Ledger, { strict: false });
    return world.app.nest.get(DataSource, { strict: false }).transaction((tx) => ledger.post(tx, given));
  };
  const balance = (): Promise<bigint> => world.app.nest.get(Ledger, { strict: false }).balance('stripe_clearing', 'usd');

  const as = async (role: AppName | 'owner', statements: string): Promise<unknown> => {
    const client = new Client({ connectionString: role === 'owner' ? world.database.ownerUrl : world.database.urlFor(role) });
    await client.connect();
    try {
      return await client.query(statements);
    } finally {
      await client.end();
    }
  };

  it('posts an event once, and gives a repeat the journal that is there', async () => {
    const first = await post(entry('stripe:pi_1:succeeded', 3863n));
    expect(await post({ ...entry('stripe:pi_1:succeeded', 3863n), effectiveAt: new Date('2026-03-01T00:00:00Z') })).toBe(first);
    expect(await balance()).toBe(3863n);
  });

  it('posts it once too when ten tell it at the same time', async () => {
    const before = await balance();
    const ids = await Promise.all(Array.from({ length: 10 }, () => post(entry('stripe:pi_2:succeeded', 100n))));
    expect(new Set(ids).size).toBe(1);
    expect((await balance()) - before).toBe(100n);
  });

  it('does not take another story for the same event', async () => {
    await post(entry('stripe:pi_3:succeeded', 1n));
    await expect(post(entry('stripe:pi_3:succeeded', 2n))).rejects.toThrow(JournalConflict);
  });

  it('does not commit a journal that is out of balance', async () => {
    const off = entry('stripe:pi_4:succeeded', 5n);
    off.postings[1]!.amountMinor = -4n;
    await expect(post(off)).rejects.toThrow('does not balance');
    expect(await world.database.sql(`select 1 from billing.journal where idem_key = 'stripe:pi_4:succeeded'`)).toEqual([]);
  });

  it('does not balance one currency with another', async () => {
    const mixed = entry('stripe:pi_5:succeeded', 5n);
    mixed.postings[1]!.currency = 'eur';
    await expect(post(mixed)).rejects.toThrow('does not balance');
  });

  it('lets nobody rewrite it, not even the owner of the tables', async () => {
    await post(entry('stripe:pi_6:succeeded', 6n));
    for (const statement of [
      'update billing.posting set amount_minor = 1',
      'delete from billing.posting',
      'delete from billing.journal',
    ]) {
      await expect(as('billing', statement), statement).rejects.toThrow('permission denied');
      await expect(as('owner', statement), statement).rejects.toThrow('append-only');
    }
    await expect(as('owner', 'truncate billing.journal, billing.posting')).rejects.toThrow('append-only');
  });

  it('lets an app write its own tables and no others', async () => {
    const rollup = `insert into metering.usage_rollup values ('${newId()}', '2026-01-01', 'users', 1, 1, '\\x00', now())`;
    await expect(as('billing', rollup)).rejects.toThrow('permission denied');
    await expect(as('metering', `update billing.invoice set state = 'paid'`)).rejects.toThrow('permission denied');
    await expect(as('billing', 'update billing.charge set quantity = 0')).rejects.toThrow('permission denied');
    await expect(as('billing', 'update billing.invoice_line set amount_minor = 0')).rejects.toThrow('permission denied');
  });
});
