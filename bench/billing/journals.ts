/** Journals posted by the ledger, one by one and many at once, beside the same rows written by plain SQL under the same triggers. */
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { invoiceFinalised } from '#domain/ledger/invoice.ts';
import { newId } from '#platform/ids.ts';
import { Ledger } from '../../apps/billing/src/ledger/ledger.ts';
import type { Row } from '../harness.ts';
import { startBilling, type Place } from './place.ts';

const CALLERS = 4;
const ROUNDS = 6;
const ROUND_SECONDS = 2;
/** Of a bulk close. */
const AT_ONCE = 100;

type Post = () => Promise<void>;

/** @returns one by one, and many at once */
export async function journals(place: Place): Promise<Row[]> {
  const billing = await startBilling(place);
  const ledger = billing.app.get(Ledger, { strict: false });
  const db = billing.app.get(DataSource, { strict: false });
  const pool = new Pool({ connectionString: place.url, max: CALLERS });
  try {
    const ours =
      (count: number): Post =>
      () =>
        db.transaction(async (tx) => {
          const effectiveAt = new Date();
          await ledger.postAll(
            tx,
            Array.from({ length: count }, () => ({ ...oneEntry(), effectiveAt })),
          );
        });
    const one = await inTurns(ours(1), plainOneByOne(pool));
    const many = await inTurns(ours(AT_ONCE), plainInBulk(pool));
    return [
      { name: 'billing.journal.vs-sql', limit: one.plain, measured: one.ours, goal: 0.7, goalIs: 'at least', unit: 'journals/s' },
      {
        name: 'billing.journal-bulk.vs-sql',
        limit: many.plain * AT_ONCE,
        measured: many.ours * AT_ONCE,
        goal: 0.7,
        goalIs: 'at least',
        unit: 'journals/s',
      },
    ];
  } finally {
    await pool.end();
    await billing.close();
  }
}

/** Two vendors on an invoice: four postings. */
function oneEntry(): ReturnType<typeof invoiceFinalised> {
  const lines = ['a', 'b'].map((vendorId) => ({ vendorId, fee: 200n, vendor: 800n }));
  return invoiceFinalised({ invoiceId: newId(), buyerId: newId(), currency: 'usd', lines });
}

/** Two statements in a transaction. */
const plainOneByOne =
  (pool: Pool): Post =>
  async () => {
    const client = await pool.connect();
    try {
      const id = newId();
      const { idemKey, kind, postings } = oneEntry();
      await client.query('begin');
      await client.query(
        `insert into billing.journal (id, idem_key, body_sha, kind, effective_at, created_at) values ($1, $2, sha256('x'), $3, now(), now())`,
        [id, idemKey, kind],
      );
      const values = postings.map((_, index) => `($1, ${index + 1}, $${index * 2 + 2}, 'usd', $${index * 2 + 3})`).join(', ');
      await client.query(`insert into billing.posting (journal_id, ordinal, account, currency, amount_minor) values ${values}`, [
        id,
        ...postings.flatMap(({ account, amountMinor }) => [account, String(amountMinor)]),
      ]);
      await client.query('commit');
    } finally {
      client.release();
    }
  };

/** Two statements for all of them. */
const plainInBulk =
  (pool: Pool): Post =>
  async () => {
    const client = await pool.connect();
    try {
      const all = Array.from({ length: AT_ONCE }, () => ({ id: newId(), ...oneEntry() }));
      const legs = all.flatMap(({ id, postings }) => postings.map((posting, index) => ({ id, ordinal: index + 1, ...posting })));
      await client.query('begin');
      await client.query(
        `insert into billing.journal (id, idem_key, body_sha, kind, effective_at, created_at)
         select id, idem_key, sha256('x'), kind, now(), now() from unnest($1::uuid[], $2::text[], $3::text[]) as own (id, idem_key, kind)`,
        [all.map(({ id }) => id), all.map(({ idemKey }) => idemKey), all.map(({ kind }) => kind)],
      );
      await client.query(
        `insert into billing.posting (journal_id, ordinal, account, currency, amount_minor)
         select own.* from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::bigint[]) as own`,
        [
          legs.map(({ id }) => id),
          legs.map(({ ordinal }) => ordinal),
          legs.map(({ account }) => account),
          legs.map(({ currency }) => currency),
          legs.map(({ amountMinor }) => String(amountMinor)),
        ],
      );
      await client.query('commit');
    } finally {
      client.release();
    }
  };

/** Calls per second of either, some seconds of one and then of the other, with a round before that does not count. */
async function inTurns(ours: Post, plain: Post): Promise<{ ours: number; plain: number }> {
  const count = { ours: 0, plain: 0 };
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [name, post] of [
      ['ours', ours],
      ['plain', plain],
    ] as const) {
      const done = await forSeconds(post);
      if (round > 0) count[name] += done;
    }
  return { ours: count.ours / (ROUNDS * ROUND_SECONDS), plain: count.plain / (ROUNDS * ROUND_SECONDS) };
}

async function forSeconds(post: Post): Promise<number> {
  const until = performance.now() + ROUND_SECONDS * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      for (; performance.now() < until; done += 1) await post();
    }),
  );
  return done;
}
