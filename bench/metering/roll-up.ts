/** The roll-up of four million records beside one plain statement that computes the same sums and hashes of them. */
import { Pool } from 'pg';
import { build } from '#platform/app.ts';
import { metering } from '../../apps/metering/src/metering.app.ts';
import { RollUp } from '../../apps/metering/src/rollup/roll-up.ts';
import type { Row } from '../harness.ts';
import { CALLER_SECRET, RECEIPT_KEY, SECRETS_KEY } from './marketplace.ts';
import type { Place } from './wire.ts';

const SUBSCRIPTIONS = 10_000;
const RECORDS_EACH = 400;

/** The same columns as the roll-up's, in one go and into a table without an index. */
const PLAIN = `
create temporary table plain as
select record.subscription_id, record.hour::date as day, record.dimension, sum(record.quantity) as quantity, count(*) as records,
       sha256(convert_to(string_agg(
         concat_ws(' ', to_char(record.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24'), record.source_id::text, record.dimension, record.quantity, record.record_id),
         E'\\n' order by record.hour, record.source_id::text collate "C", record.record_id), 'UTF8')) as rows_sha
  from metering.usage_record record group by 1, 2, 3`;

export async function rollUp({ ownerUrl, url }: Place): Promise<Row> {
  // One connection for all of it: the plain sums are in a temporary table.
  const owner = new Pool({ connectionString: ownerUrl, max: 1, idleTimeoutMillis: 0 });
  owner.on('error', () => {}); // The database is stopped when something fails; what failed is to be seen then.
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await owner.query('select metering.open_day($1)', [yesterday]);
  // A day of each: 20 machines that report 4 dimensions for 5 hours.
  await owner.query(
    `insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
     select md5('s' || s)::uuid, $1::timestamptz + h * interval '1 hour', md5('m' || s || ' ' || m)::uuid, 'dimension_' || d, (s * 7 + m * 3 + h) % 1000,
            gen_random_uuid(), sha256('x'), 'AKIABENCH', now()
       from generate_series(1, $2) s, generate_series(0, 4) h, generate_series(1, 20) m, generate_series(1, 4) d`,
    [`${yesterday}T00:00:00Z`, SUBSCRIPTIONS],
  );
  await owner.query(
    `insert into metering.usage_dirty (subscription_id, day, mark) select md5('s' || s)::uuid, $1::date, gen_random_uuid() from generate_series(1, $2) s`,
    [yesterday, SUBSCRIPTIONS],
  );
  await owner.query('vacuum analyze metering.usage_record, metering.usage_dirty');
  const records = SUBSCRIPTIONS * RECORDS_EACH;
  const plain = await perSecond(records, () => owner.query(PLAIN));
  const config = metering.config({ DATABASE_URL: url, SECRETS_KEY, CALLER_SECRET, RECEIPT_KEY, LOG_LEVEL: 'error', PORT: '0' });
  const app = await build(metering, config, { stages: 'by-hand' });
  const stage = app.get(RollUp, { strict: false });
  const buckets = await stage.due();
  // As many at a time as one process works.
  const measured = await perSecond(records, () =>
    Promise.all(
      Array.from({ length: stage.concurrency }, async () => {
        for (let bucket = buckets.pop(); bucket !== undefined; bucket = buckets.pop()) await stage.work(bucket);
      }),
    ),
  );
  const { rows } = await owner.query(
    `select count(*)::int as sums, (select count(*)::int from plain join metering.usage_rollup rollup using (subscription_id, day, dimension, quantity, records, rows_sha)) as same
       from metering.usage_rollup`,
  );
  if (rows[0].sums !== SUBSCRIPTIONS * 4 || rows[0].same !== rows[0].sums)
    throw new Error(`The sums differ: ${JSON.stringify(rows[0])}`);
  await app.close();
  await owner.end();
  return { name: 'metering.rollup.vs-sql', limit: plain, measured, goal: 0.7, goalIs: 'at least', unit: 'records/s' };
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return count / ((performance.now() - started) / 1000);
}
