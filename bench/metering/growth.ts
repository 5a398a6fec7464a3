/**
 * What a record costs when twenty million are stored, beside what it costs when one million are: two databases in one PostgreSQL, in turns,
 * since minutes apart a machine is not the same machine.
 */
import { Pool } from 'pg';
import type { Row } from '../harness.ts';
import { openShop } from './marketplace.ts';
import { batchTurns, type Place } from './wire.ts';

const FEW = 1_000_000;
const MANY = 20_000_000;
const AT_ONCE = 1_000_000;
const CUSTOMERS = 4_000;

export async function growth({ few, many }: { few: Place; many: Place }): Promise<Row> {
  const shops = [];
  for (const [place, records] of [
    [few, FEW],
    [many, MANY],
  ] as const) {
    const owner = new Pool({ connectionString: place.ownerUrl, max: 1 });
    owner.on('error', () => {}); // The database is stopped when something fails; what failed is to be seen then.
    shops.push({ place, shop: await openShop(place.ownerUrl, { customers: CUSTOMERS, machines: 1 }) });
    await fill(owner, records);
    await owner.query('vacuum analyze metering.usage_record, metering.usage_dirty');
    await owner.query('checkpoint');
    await owner.end();
  }
  const [ofFew, ofMany] = await batchTurns(shops);
  // Costs are the inverse of rates; they are given in microseconds for a record.
  return {
    name: 'metering.growth',
    limit: 1e6 / ofFew!,
    measured: 1e6 / ofMany!,
    goal: 1.2,
    goalIs: 'at most',
    unit: 'µs/record',
  };
}

/** Records of the last day, in the partitions that the load writes into, of as many subscriptions as come together. */
async function fill(owner: Pool, records: number): Promise<void> {
  for (const day of [0, 1]) await owner.query(`select metering.open_day((now() at time zone 'UTC')::date - $1::int)`, [day]);
  for (let start = 0; start < records; start += AT_ONCE)
    await owner.query(
      `insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
       select md5('s' || n % 50000)::uuid, date_trunc('hour', now()) - (n / 50000 % 20) * interval '1 hour', md5('m' || n / 1000000)::uuid, 'dimension_1', 7,
              gen_random_uuid(), sha256('x'), 'AKIABENCH', now()
         from generate_series($1::int, $2::int) n`,
      [start, start + AT_ONCE - 1],
    );
}
