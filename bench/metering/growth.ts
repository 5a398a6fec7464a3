/** What a record costs when twenty million are stored, beside what it costs when one million are. */
import { Pool } from 'pg';
import type { Row } from '../harness.ts';
import { openShop } from './marketplace.ts';
import { batchRate, startMetering, Unused, type Place } from './wire.ts';

const FEW = 1_000_000;
const MANY = 20_000_000;
const AT_ONCE = 1_000_000;

export async function growth(place: Place): Promise<Row> {
  const owner = new Pool({ connectionString: place.ownerUrl, max: 1 });
  owner.on('error', () => {}); // The database is stopped when something fails; what failed is to be seen then.
  const shop = await openShop(place.ownerUrl, { customers: 4_000, machines: 1 });
  const unused = new Unused(shop);
  const measure = async (): Promise<number> => {
    await owner.query('vacuum analyze metering.usage_record, metering.usage_dirty');
    await owner.query('checkpoint');
    const { process, port } = await startMetering(place);
    const rate = await batchRate(port, unused);
    await process.stop();
    return rate;
  };
  await fill(owner, 0, FEW);
  const few = await measure();
  await fill(owner, FEW, MANY);
  const many = await measure();
  await owner.end();
  // Costs are the inverse of rates; they are given in microseconds for a record.
  return { name: 'metering.growth', limit: 1e6 / few, measured: 1e6 / many, goal: 1.2, goalIs: 'at most', unit: 'µs/record' };
}

/** Records of the last day, in the partitions that the load writes into, of as many subscriptions as come together. */
async function fill(owner: Pool, from: number, to: number): Promise<void> {
  for (const day of [0, 1]) await owner.query(`select metering.open_day((now() at time zone 'UTC')::date - $1::int)`, [day]);
  for (let start = from; start < to; start += AT_ONCE)
    await owner.query(
      `insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
       select md5('s' || n % 50000)::uuid, date_trunc('hour', now()) - (n / 50000 % 20) * interval '1 hour', md5('m' || n / 1000000)::uuid, 'dimension_1', 7,
              gen_random_uuid(), sha256('x'), 'AKIABENCH', now()
         from generate_series($1::int, $2::int) n`,
      [start, start + AT_ONCE - 1],
    );
}
