/** The AWS wire under load: one process of metering against a bare server, and both against what PostgreSQL takes at all. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { hourOf } from '#domain/usage.ts';
import { newId } from '#platform/ids.ts';
import { sha256 } from '#platform/seal.ts';
import { freePort } from '#testing/ports.ts';
import { answering, NamedProcess } from '../../tools/processes.ts';
import { CALLER_SECRET, DIMENSIONS, openShop, RECEIPT_KEY, SECRETS_KEY, type Shop } from './marketplace.ts';
import { percentile, send, signedRequest, type Load } from './wire-load.ts';

const PER_CALL = 25;
const CONNECTIONS = 64;
const SECONDS = 8;
const WARM_UP_SECONDS = 3;
/** Of comparisons: so many turns of so many seconds each. */
const ROUNDS = 5;
const TURN_SECONDS = 2;
/**
 * Of turns in which waits are measured. The first answers of a turn come from 64 new connections, and in two seconds they would be more
 * than the one in a hundred that the figure is about.
 */
const CALM_TURN_SECONDS = 6;
/** How much faster than the turn before a turn may be and still find requests enough. */
const MARGIN = 1.6;
const CUSTOMERS = 2_000;
const MACHINES = 2_000;
const HOUR_MS = 3_600_000;

export interface Place {
  folder: string;
  /** The database as its owner and as the role metering. */
  ownerUrl: string;
  url: string;
}

/** Starts one process of metering as `npm start` would, without throttles. */
export async function startMetering({ folder, url }: Place): Promise<{ process: NamedProcess; port: number }> {
  const port = await freePort();
  const env = {
    NODE_ENV: 'production',
    DATABASE_URL: url,
    PORT: String(port),
    SECRETS_KEY,
    CALLER_SECRET,
    RECEIPT_KEY,
    LOG_LEVEL: 'error',
    // The roll-up is measured by itself.
    SWEEP_SECONDS: '3600',
    ...Object.fromEntries(['METER_USAGE', 'BATCH_METER_USAGE'].map((name) => [`THROTTLE_${name}`, '0'])),
  };
  return started('metering', { script: 'apps/metering/src/main.ts', env, port, folder });
}

export async function startBare({ folder, url }: Place, shop: Shop): Promise<{ process: NamedProcess; port: number }> {
  const port = await freePort();
  const keys = join(folder, 'keys.json');
  const known = [shop.vendor, ...shop.machines].map((signing) => [signing.accessKeyId, signing]);
  const customers = shop.customers.map((customer) => [customer.customerIdentifier, customer.subscriptionId]);
  writeFileSync(keys, JSON.stringify({ keys: Object.fromEntries(known), customers: Object.fromEntries(customers) }));
  return started('bare', {
    script: 'bench/metering/bare.ts',
    env: { DATABASE_URL: url, PORT: String(port), KEYS: keys },
    port,
    folder,
  });
}

async function started(
  name: string,
  { script, env, port, folder }: { script: string; env: Record<string, string>; port: number; folder: string },
): Promise<{ process: NamedProcess; port: number }> {
  const process = new NamedProcess({ name, script, env, logFile: join(folder, `${name}.log`) });
  process.start();
  await answering(`http://127.0.0.1:${port}/health/live`, process);
  return { process, port };
}

/** Keys that were not used yet: customers, hours and dimensions in turn, so that each call is of one hour and many customers. */
export class Unused {
  private batches = 0;
  private singles = 0;
  /** The hour that all count back from: while it lasts another may begin. */
  private readonly now = hourOf(new Date()).getTime() / 1000;

  constructor(private readonly shop: Shop) {}

  *batchCalls(port: number, count: number): Generator<Buffer> {
    const { customers, productCode, vendor } = this.shop;
    const perRound = Math.floor(customers.length / PER_CALL);
    for (let made = 0; made < count; made += 1) {
      const call = this.batches++;
      const round = Math.floor(call / perRound);
      const dimension = DIMENSIONS[round % DIMENSIONS.length]!;
      const hour = Math.floor(round / DIMENSIONS.length);
      if (hour > 20) throw new Error('The load has used all keys up; give the shop more customers.');
      const time = this.now - hour * 3600;
      const UsageRecords = Array.from({ length: PER_CALL }, (_, index) => ({
        Timestamp: time,
        CustomerIdentifier: customers[(call % perRound) * PER_CALL + index]!.customerIdentifier,
        Dimension: dimension,
        Quantity: (call + index) % 1000,
      }));
      yield signedRequest(port, 'BatchMeterUsage', { ProductCode: productCode, UsageRecords }, vendor);
    }
  }

  *singleCalls(port: number, count: number): Generator<Buffer> {
    const { machines, productCode } = this.shop;
    for (let made = 0; made < count; made += 1) {
      const call = this.singles++;
      const round = Math.floor(call / machines.length);
      const machine = machines[call % machines.length]!;
      const hour = Math.floor(round / DIMENSIONS.length);
      if (hour > 5) throw new Error('The load has used all keys up; give the shop more machines.');
      const body = {
        ProductCode: productCode,
        Timestamp: this.now - hour * 3600,
        UsageDimension: DIMENSIONS[round % DIMENSIONS.length],
        UsageQuantity: call % 1000,
        ClientToken: newId(),
      };
      yield signedRequest(port, 'MeterUsage', body, machine);
    }
  }
}

/** How one server did, on a database of its own. */
export interface WireResult {
  /** Records per second in batches of 25, single requests per second, all acknowledged. */
  batch: number;
  single: number;
  /** Milliseconds that 99 of 100 single requests took at half of that load. */
  p99: number;
}

/**
 * Both servers, each with a database of its own in the same PostgreSQL, in turns of some seconds: whatever else the machine does for a
 * while, it does to both.
 */
export async function besideBare(places: { bare: Place; metering: Place }): Promise<{ bare: WireResult; metering: WireResult }> {
  const bare = await Side.open(places.bare, startBare);
  const metering = await Side.open(places.metering, startMetering);
  try {
    const [bareSingle, single] = await inTurns([bare, metering], (side, seconds) => side.singles(seconds));
    const [bareCalm, calm] = await inTurns(
      [bare, metering],
      (side, seconds) => side.singles(seconds, (side === bare ? bareSingle! : single!).rate / 2),
      CALM_TURN_SECONDS,
    );
    const [bareBatch, batch] = await inTurns([bare, metering], (side, seconds) => side.batches(seconds));
    return {
      bare: { batch: bareBatch!.rate * PER_CALL, single: bareSingle!.rate, p99: percentile(bareCalm!.latencies, 0.99) },
      metering: { batch: batch!.rate * PER_CALL, single: single!.rate, p99: percentile(calm!.latencies, 0.99) },
    };
  } finally {
    await Promise.all([bare.close(), metering.close()]);
  }
}

/** Of all its turns together: answers per second, and how long each took, in milliseconds, sorted. */
interface Turns {
  rate: number;
  latencies: number[];
}

/**
 * What metering takes in batches of 25 from each of several databases, in turns.
 * @returns records per second, for each
 */
export async function batchTurns(shops: ReadonlyArray<{ place: Place; shop: Shop }>): Promise<number[]> {
  const sides: Side[] = [];
  try {
    for (const { place, shop } of shops) sides.push(await Side.of(place, shop, startMetering));
    const turns = await inTurns(sides, (side, seconds) => side.batches(seconds));
    return turns.map(({ rate }) => rate * PER_CALL);
  } finally {
    await Promise.all(sides.map((side) => side.close()));
  }
}

/** A turn to warm up, then `ROUNDS` turns each. */
async function inTurns(
  sides: Side[],
  turn: (side: Side, seconds: number) => Promise<Load>,
  turnSeconds = TURN_SECONDS,
): Promise<Turns[]> {
  for (const side of sides) await turn(side, WARM_UP_SECONDS);
  const loads = sides.map((): Load[] => []);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, side] of sides.entries()) loads[index]!.push(await turn(side, turnSeconds));
  return loads.map((own) => ({
    rate: own.reduce((sum, load) => sum + load.requests, 0) / own.reduce((sum, load) => sum + load.seconds, 0),
    latencies: own.flatMap((load) => load.latencies).sort((a, b) => a - b),
  }));
}

class Side {
  /** Requests are made before they are sent, so it has to be known about how many. */
  private expected = { single: 12_000, batch: 4_000 };

  private constructor(
    private readonly server: NamedProcess,
    private readonly port: number,
    private readonly unused: Unused,
  ) {}

  static async open(
    place: Place,
    start: (place: Place, shop: Shop) => Promise<{ process: NamedProcess; port: number }>,
  ): Promise<Side> {
    return Side.of(place, await openShop(place.ownerUrl, { customers: CUSTOMERS, machines: MACHINES }), start);
  }

  static async of(
    place: Place,
    shop: Shop,
    start: (place: Place, shop: Shop) => Promise<{ process: NamedProcess; port: number }>,
  ): Promise<Side> {
    const { process, port } = await start(place, shop);
    return new Side(process, port, new Unused(shop));
  }

  async singles(seconds: number, perSecond?: number): Promise<Load> {
    const load = await this.heard(singles(this.port, this.unused, seconds, perSecond, perSecond ?? this.expected.single));
    if (perSecond === undefined) this.expected.single = throughput(load) * MARGIN;
    return load;
  }

  async batches(seconds: number): Promise<Load> {
    const requests = [...this.unused.batchCalls(this.port, Math.ceil(this.expected.batch * seconds))];
    const load = await this.heard(
      send(this.port, requests.values(), { connections: CONNECTIONS, seconds, expect: '"Status":"Success"' }),
    );
    this.expected.batch = throughput(load) * MARGIN;
    return load;
  }

  close(): Promise<void> {
    return this.server.stop();
  }

  private heard(load: Promise<Load>): Promise<Load> {
    return load.catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.server.lastWords()}`, { cause: error });
    });
  }
}

function singles(port: number, unused: Unused, seconds: number, perSecond: number | undefined, expected: number): Promise<Load> {
  const requests = [...unused.singleCalls(port, Math.ceil(expected * seconds * 1.02))];
  return send(port, requests.values(), { connections: CONNECTIONS, seconds, perSecond, expect: 'MeteringRecordId' });
}

const throughput = ({ requests, seconds }: Load): number => requests / seconds;

/** Rows per second that PostgreSQL takes into the same table: multi-row inserts of a thousand, over three connections. */
export async function directInsert({ url }: Place): Promise<number> {
  const pool = new Pool({ connectionString: url, max: 3 });
  pool.on('error', () => {}); // The database is stopped when something fails; what failed is to be seen then.
  const hour = new Date(hourOf(new Date()).getTime() - 30 * HOUR_MS);
  const sha = sha256('something');
  const insert = async (): Promise<number> => {
    const ids = Array.from({ length: 1000 }, newId);
    await pool.query({
      name: 'direct insert',
      text: `insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
             select id, $2, id, 'dimension_1', 7, id, $3, 'AKIADIRECTINSERT00000', $2 from unnest($1::uuid[]) as id`,
      values: [ids, hour, sha],
    });
    return ids.length;
  };
  const forSeconds = async (seconds: number): Promise<number> => {
    const started = performance.now();
    let rows = 0;
    await Promise.all(
      [1, 2, 3].map(async () => {
        while (performance.now() - started < seconds * 1000) rows += await insert();
      }),
    );
    return rows / ((performance.now() - started) / 1000);
  };
  await forSeconds(WARM_UP_SECONDS);
  const rate = await forSeconds(SECONDS);
  await pool.end();
  return rate;
}
