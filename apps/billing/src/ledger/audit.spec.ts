/** The book's hash chain and its daily proof: what somebody with all rights does to the book is found and named. */
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { billingWorld, type World } from '../testing/world.ts';
import { Ledger } from './ledger.ts';

interface Chain {
  sealed: string;
  waiting: string;
  headSha256: string;
  findings: string[];
}

describe('auditing the book', () => {
  let world: World;
  beforeAll(async () => {
    world = await billingWorld();
    for (const [index, key] of ['first', 'second', 'third'].entries()) await post(key, BigInt(index + 1) * 100n);
  });
  afterAll(() => world.close());

  const post = (key: string, amount: bigint, account = 'stripe_clearing'): Promise<unknown> =>
    world.app.nest.get(DataSource, { strict: false }).transaction((tx) =>
      world.app.nest.get(Ledger, { strict: false }).post(tx, {
        idemKey: key,
        kind: 'payment_succeeded',
        effectiveAt: world.clock.now(),
        postings: [
          { account, currency: 'usd', amountMinor: amount },
          { account: 'buyer_receivable/globex', currency: 'usd', amountMinor: -amount },
        ],
      }),
    );
  const chain = async (): Promise<Chain> => (await world.as('operator').get<Chain>('/v1/ledger/chain')).body;
  // A journal is sealed once no transaction is open that began before it; other specs' count as well.
  const sealed = (count: number): Promise<void> => world.app.settle(async () => Number((await chain()).sealed) === count);
  const asOwner = async (statements: string): Promise<void> => {
    const client = new Client({ connectionString: world.database.ownerUrl });
    await client.connect();
    try {
      await client.query(statements);
    } finally {
      await client.end();
    }
  };

  it('seals what was posted, and what comes later after it', async () => {
    await sealed(3);
    const before = await chain();
    expect(before).toMatchObject({ waiting: '0', findings: [] });
    await post('fourth', 400n);
    expect(await chain()).toMatchObject({ sealed: '3', waiting: '1', headSha256: before.headSha256 });
    await sealed(4);
    const after = await chain();
    expect(after).toMatchObject({ waiting: '0', findings: [] });
    expect(after.headSha256).not.toBe(before.headSha256);
    await world.stage('billing.seal-journals').work('book');
    expect(await chain()).toEqual(after);
    expect(await world.as('vendor').get('/v1/ledger/chain')).toMatchObject({ status: 403 });
  });

  it('lets an auditor read the book of all, and write nothing', async () => {
    const auditor = world.as('auditor');
    for (const path of [
      'ledger/chain',
      'ledger/proofs',
      'ledger/trial-balance',
      'invoices',
      'credit-notes',
      'reports/receivables',
    ])
      expect(await auditor.get(`/v1/${path}`), path).toMatchObject({ status: 200 });
    const grant = { buyerId: world.market.buyerId, currency: 'usd', amountMinor: '100', reason: 'a gift' };
    for (const path of ['credits', 'credit-notes', 'refunds'])
      expect(await auditor.post(`/v1/${path}`, grant), path).toMatchObject({
        status: 403,
        body: { code: 'not_for_your_account' },
      });
    expect(await auditor.get('/v1/payment-method')).toMatchObject({ status: 403 });
  });

  it('does not let seals be rewritten', async () => {
    const client = new Client({ connectionString: world.database.urlFor('billing') });
    await client.connect();
    await expect(client.query('delete from billing.journal_seal')).rejects.toThrow('permission denied');
    await client.end();
    await expect(asOwner('delete from billing.journal_seal')).rejects.toThrow('append-only');
  });

  it('proves each day that the book is sound', async () => {
    await post('on its way', -500n, 'refund_clearing');
    await world.app.settle();
    world.advance({ days: 4 });
    await world.app.settle();
    await world.stage('billing.prove-ledger').work('2026-01-09');
    const { body } = await world.as('operator').get('/v1/ledger/proofs');
    expect(body).toMatchObject({
      items: [
        {
          day: '2026-01-09',
          journals: '5',
          isSound: false,
          findings: ['refund_clearing has held -500 usd for 4 days, more than 3.'],
          clearing: [{ account: 'refund_clearing', balanceMinor: '-500', since: '2026-01-05T09:20:00.000Z' }],
        },
        { day: '2026-01-05', isSound: true, findings: [] },
      ],
    });
  });

  it('names what was changed and what was slipped in by somebody with all rights', async () => {
    await sealed(5);
    await asOwner(`
      alter table billing.posting disable trigger append_only;
      update billing.posting set amount_minor = amount_minor * 2 from billing.journal where journal.id = posting.journal_id and journal.idem_key = 'second';
      insert into billing.journal (id, idem_key, body_sha, kind, effective_at, created_at, xid) values ('${newId()}', 'slipped in', '\\x00', 'x', now(), now(), '3');
      alter table billing.posting enable trigger append_only;`);
    expect((await chain()).findings).toEqual([
      'Seal 2: the journal second was changed after it was sealed.',
      'The journal slipped in stands among sealed ones and has no seal.',
    ]);
  });
});
