/** An hour of a million machines with four dimensions each, through POST /v1/usage, a thousand records a call; and what a record takes on disk. */
import { Pool } from 'pg';
import { signCaller } from '#platform/auth.ts';
import { hourOf } from '#domain/usage.ts';
import type { Row } from '../harness.ts';
import { CALLER_SECRET, DIMENSIONS, openShop } from './marketplace.ts';
import { startMetering, type Place } from './wire.ts';
import { send } from './wire-load.ts';

const SUBSCRIPTIONS = 10_000;
const MACHINES_EACH = Number(process.env.BENCH_MACHINES_EACH ?? 100);
const USED = DIMENSIONS.slice(0, 4);
const RECORDS_PER_CALL = 1_000;
const CONNECTIONS = 16;
const CALLS_PER_NOTE = 200;
const ACCEPTED = '"accepted"';

export async function hour(place: Place): Promise<Row[]> {
  const owner = new Pool({ connectionString: place.ownerUrl, max: 1 });
  owner.on('error', () => {}); // The database is stopped when something fails; what failed is to be seen then.
  const shop = await openShop(place.ownerUrl, { customers: SUBSCRIPTIONS, machines: 1 });
  await owner.query(`select metering.open_day((now() at time zone 'UTC')::date)`);
  await owner.query(
    `insert into launcher.instance (id, subscription_id, buyer_id, vendor_id, product_id, version_id, region, instance_type, state, created_at)
     select gen_random_uuid(), subscription.id, subscription.buyer_id, subscription.vendor_id, subscription.product_id, gen_random_uuid(), 'us-east-1', 't3.micro', 'healthy', subscription.started_at
       from api.subscription, generate_series(1, $1) m`,
    [MACHINES_EACH],
  );
  await owner.query('vacuum analyze launcher.instance, api.subscription');
  const { rows: machines } = await owner.query<{ id: string; subscription_id: string }>(
    'select id, subscription_id from launcher.instance where subscription_id = any($1) order by subscription_id, id',
    [shop.customers.map((customer) => customer.subscriptionId)],
  );
  const { process, port } = await startMetering(place);
  const at = hourOf(new Date()).toISOString();
  const calls = Math.floor((machines.length * USED.length) / RECORDS_PER_CALL);
  let done = 0;
  const started = performance.now();
  while (done < calls) {
    // A note of who is calling is good for a minute.
    const note = await signCaller({ organizationId: shop.vendorId, kind: 'vendor', userId: null }, CALLER_SECRET);
    const some = Math.min(CALLS_PER_NOTE, calls - done);
    const first = done;
    await send(port, requests(first, some, note), {
      connections: CONNECTIONS,
      seconds: 3600,
      expect: ACCEPTED,
      unless: '"rejected"',
    });
    done += some;
  }
  const seconds = (performance.now() - started) / 1000;
  await process.stop();
  const { rows } = await owner.query<{ records: number; bytes: string }>(
    `select count(*)::int as records, (select sum(pg_total_relation_size(relid)) from pg_partition_tree('metering.usage_record')) as bytes from metering.usage_record`,
  );
  const { records, bytes } = rows[0]!;
  if (records !== calls * RECORDS_PER_CALL) throw new Error(`${records} records are stored of ${calls * RECORDS_PER_CALL}.`);
  await owner.end();
  console.log(`  ${records} records in ${Math.round(seconds)} s, ${Math.round(records / seconds)} a second`);
  return [
    { name: 'metering.hour', limit: 3_600, measured: seconds, goal: null, goalIs: 'at most', unit: `s for ${records} records` },
    {
      name: 'metering.hour.bytes',
      limit: null,
      measured: Number(bytes) / records,
      goal: null,
      goalIs: 'at most',
      unit: 'bytes/record, index included',
    },
  ];

  function* requests(from: number, count: number, note: string): Generator<Buffer> {
    for (let call = from; call < from + count; call += 1) {
      const perCall = RECORDS_PER_CALL / USED.length;
      const some = machines.slice(call * perCall, (call + 1) * perCall);
      const reported = some.flatMap(({ id, subscription_id: subscriptionId }) =>
        USED.map((dimension, index) => ({ subscriptionId, instanceId: id, at, dimension, quantity: (call + index) % 1000 })),
      );
      const body = JSON.stringify({ records: reported });
      yield Buffer.from(
        `POST /v1/usage HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\nx-slipway-caller: ${note}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    }
  }
}
