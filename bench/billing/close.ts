/** Closing a month: daily sums become charges, charges an invoice with its lines, its journal and its planned payment. */
import { RatePeriod } from '../../apps/billing/src/rate/rate-period.ts';
import { ClosePeriod } from '../../apps/billing/src/invoice/close-period.ts';
import type { Stage } from '#platform/stage.ts';
import type { Row } from '../harness.ts';
import { fill, startBilling, type Billing, type Place } from './place.ts';

/** How many invoices plain SQL writes in a transaction: more at once make it no faster. */
const AT_ONCE = 100;

/** How many of a stage a turn works. */
const TURN = 200;

/** Tables in the order in which they refer to each other, without the periods, which are updated. */
const TABLES = ['charge', 'charge_source', 'external_call', 'payment', 'invoice', 'invoice_line', 'journal', 'posting'];

/**
 * Invoices a second from usage to a planned payment, beside the same rows written by plain SQL into the same tables, with the same
 * constraints and triggers, in another database.
 */
export async function closing([slipway, plain]: Place[], agreements: number): Promise<Row> {
  // With a month before: in tables that were empty when they were analysed, PostgreSQL would plan for few rows until it looks again.
  for (const place of [slipway!, plain!]) await fill(place, { agreements, months: 1 });
  const billing = await startBilling(slipway!);
  const measured = await close(billing, slipway!);
  await billing.close();
  const limit = await writeAgain(slipway!, plain!);
  return { name: 'billing.close.vs-sql', limit, measured, goal: 0.4, goalIs: 'at least', unit: 'invoices/s' };
}

/**
 * Works the two stages as one process does, until nothing is due.
 * @returns invoices a second
 */
export async function close({ app }: Billing, { owner }: Place): Promise<number> {
  const before = await invoices(owner);
  const started = performance.now();
  for (const type of [RatePeriod, ClosePeriod]) await workAll(app.get(type, { strict: false }));
  const seconds = (performance.now() - started) / 1000;
  return ((await invoices(owner)) - before) / seconds;
}

async function workAll(stage: Stage): Promise<void> {
  for (let due = await stage.due(); due.length > 0; due = await stage.due())
    await Promise.all(
      Array.from({ length: stage.concurrency }, async () => {
        while (due.length > 0) await stage.workAll(due.splice(0, stage.batch));
      }),
    );
}

async function invoices(owner: Place['owner']): Promise<number> {
  const { rows } = await owner.query('select count(*)::int as count from billing.invoice');
  return rows[0].count as number;
}

/** The rows that closing made, read from one database and written to the other. @returns invoices a second, without the reading */
async function writeAgain(from: Place, to: Place): Promise<number> {
  const ids = (await from.owner.query(`select id from billing.invoice where number not like 'H-%' order by number`)).rows.map(
    (row) => row.id as string,
  );
  const client = await to.owner.connect();
  let milliseconds = 0;
  try {
    for (let start = 0; start < ids.length; start += AT_ONCE) {
      const chunk = await rowsOf(from, ids.slice(start, start + AT_ONCE));
      const started = performance.now();
      await client.query('begin');
      await client.query(
        `update billing.period set state = 'invoiced', input_sha = sha256('x'), rated_at = now() where id in (select (jsonb_array_elements($1::jsonb)->>'period_id')::uuid)`,
        [chunk.charge],
      );
      for (const table of TABLES)
        await client.query(`insert into billing.${table} select * from jsonb_populate_recordset(null::billing.${table}, $1)`, [
          chunk[table],
        ]);
      await client.query('commit');
      milliseconds += performance.now() - started;
    }
  } finally {
    client.release();
  }
  const [made, again] = [await invoices(from.owner), await invoices(to.owner)];
  if (ids.length === 0 || made !== again) throw new Error(`${made} invoices are there, ${again} where they were written again.`);
  return ids.length / (milliseconds / 1000);
}

/** Of each table the rows that belong to these invoices, as JSON. */
async function rowsOf({ owner }: Place, invoiceIds: string[]): Promise<Record<string, string>> {
  const own: Record<string, string> = {
    invoice: 'select * from billing.invoice where id = any($1)',
    invoice_line: 'select * from billing.invoice_line where invoice_id = any($1)',
    charge:
      'select charge.* from billing.charge join billing.invoice_line line on line.charge_id = charge.id where line.invoice_id = any($1)',
    charge_source:
      'select source.* from billing.charge_source source join billing.invoice_line line using (charge_id) where line.invoice_id = any($1)',
    payment: 'select * from billing.payment where id in (select payment_id from billing.invoice where id = any($1))',
    external_call:
      'select call.* from billing.external_call call join billing.payment on payment.external_call_id = call.id where payment.id in (select payment_id from billing.invoice where id = any($1))',
    journal: `select * from billing.journal where idem_key in (select 'invoice:' || id || ':finalise' from unnest($1::uuid[]) id)`,
    posting: `select posting.* from billing.posting join billing.journal on journal.id = posting.journal_id where idem_key in (select 'invoice:' || id || ':finalise' from unnest($1::uuid[]) id)`,
  };
  const read = TABLES.map(async (table): Promise<[string, string]> => {
    const { rows } = await owner.query(`select coalesce(jsonb_agg(own), '[]')::text as rows from (${own[table]}) own`, [
      invoiceIds,
    ]);
    return [table, rows[0].rows as string];
  });
  return Object.fromEntries(await Promise.all(read));
}

/** What an invoice costs when there are ten times as many before it, in turns: a few hundred of one database, then of the other. */
export async function growth([few, many]: Place[], { agreements, months }: { agreements: number; months: number }): Promise<Row> {
  await fill(few!, { agreements, months });
  await fill(many!, { agreements, months: months * 10 });
  const sides = [];
  for (const place of [few!, many!]) sides.push({ place, billing: await startBilling(place), seconds: 0 });
  for (;;) {
    const turns: Array<Awaited<ReturnType<typeof turn>>> = [];
    for (const side of sides) turns.push(await turn(side.billing));
    sides.forEach((side, index) => (side.seconds += turns[index]!.seconds));
    if (turns.every(({ worked }) => worked === 0)) break;
  }
  for (const { billing } of sides) await billing.close();
  const [ofFew, ofMany] = sides.map(({ seconds }) => (seconds / agreements) * 1e3);
  return { name: 'billing.growth', limit: ofFew!, measured: ofMany!, goal: 1.2, goalIs: 'at most', unit: 'ms/invoice' };
}

/** What is due now, of either stage. */
async function turn({ app }: Billing): Promise<{ worked: number; seconds: number }> {
  const started = performance.now();
  let worked = 0;
  for (const type of [RatePeriod, ClosePeriod]) {
    const stage: Stage = app.get(type, { strict: false });
    const due = (await stage.due()).slice(0, TURN);
    worked += due.length;
    while (due.length > 0) await stage.workAll(due.splice(0, stage.batch));
  }
  return { worked, seconds: (performance.now() - started) / 1000 };
}
