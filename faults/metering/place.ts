/** A PostgreSQL of its own, copies of metering behind a balancer, and a proxy between them and the database: what a fault run breaks. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '#testing/ports.ts';
import { CALLER_SECRET, openShop, RECEIPT_KEY, SECRETS_KEY, type Shop } from '../../bench/metering/marketplace.ts';
import { migrate } from '../../tools/migrations.ts';
import { ensureDatabase, startPostgres, type RunningPostgres } from '../../tools/postgres.ts';
import { answering, NamedProcess } from '../../tools/processes.ts';
import { temporaryFolder } from '../../tools/temporary.ts';
import { Proxy } from './proxy.ts';
import type { Workload } from './workload.ts';

const PASSWORD = 'faults-only';

interface Copy {
  process: NamedProcess;
  port: number;
}

export class Place {
  readonly copies: Copy[] = [];
  /** What the copies said when they ended without having been asked to. */
  readonly crashes: string[] = [];

  private constructor(
    readonly folder: string,
    private postgres: RunningPostgres,
    private readonly postgresPort: number,
    /** Between the copies and PostgreSQL. */
    readonly database: Proxy,
    /** In front of the copies, round robin. */
    readonly front: Proxy,
    readonly shop: Shop,
  ) {}

  static async open({ copies = 2 } = {}): Promise<Place> {
    const folder = temporaryFolder('slipway-faults-');
    const port = await freePort();
    const postgres = await startPostgres({ dataDir: join(folder, 'data'), port, password: PASSWORD });
    await ensureDatabase(postgres, 'slipway');
    await migrate(postgres.url(), { metering: PASSWORD });
    const shop = await openShop(postgres.url(), { customers: 20, machines: 40 });
    const database = await Proxy.before(() => [port]);
    const ready: Copy[] = [];
    const front = await Proxy.before(() => ready.map((copy) => copy.port));
    const place = new Place(folder, postgres, port, database, front, shop);
    for (let number = 1; number <= copies; number += 1) ready.push(await place.copy(`metering-${number}`));
    place.copies.push(...ready);
    await Promise.all(place.copies.map((one) => place.started(one)));
    return place;
  }

  get ownerUrl(): string {
    return this.postgres.url();
  }

  /** Starts a copy that was killed or stopped, and waits until it can work. */
  async start(copy: Copy): Promise<void> {
    copy.process.start();
    await this.started(copy);
  }

  /** `fast` lets nobody finish but the checkpoint; `immediate` is a power cut. */
  async restartDatabase(how: 'fast' | 'immediate'): Promise<void> {
    const server = this.postgres.process;
    const ended = new Promise((done) => server.once('exit', done));
    server.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
    this.postgres = await startPostgres({ dataDir: join(this.folder, 'data'), port: this.postgresPort, password: PASSWORD });
  }

  async sql<T>(text: string, values: unknown[] = []): Promise<T[]> {
    const client = new Client({ connectionString: this.postgres.url() });
    await client.connect();
    try {
      return (await client.query(text, values)).rows as T[];
    } finally {
      await client.end();
    }
  }

  /**
   * What is wrong in the end, when all is well again: I1, each acknowledged record is there once, as it was acknowledged; nothing is there
   * that nobody sent. I2, the sums are those of the records, and no day waits. I12, no work is stuck and no process ended by itself.
   */
  async violations({ acknowledged, sent, violations }: Workload): Promise<string[]> {
    const found = [...violations, ...this.crashes];
    const rows = await this.sql<{ key: string; record_id: string; quantity: string }>(
      `select concat_ws(' ', subscription_id, extract(epoch from hour)::bigint, source_id, dimension) as key, record_id, quantity from metering.usage_record`,
    );
    const stored = new Map(rows.map((row) => [row.key, row]));
    if (stored.size !== rows.length) found.push('a key is stored twice');
    for (const [key, { recordId, quantity }] of acknowledged) {
      const row = stored.get(key);
      if (row?.record_id !== recordId || row.quantity !== String(quantity))
        found.push(
          `${key}: ${quantity} was acknowledged as ${recordId}; stored is ${row ? `${row.quantity} as ${row.record_id}` : 'nothing'}`,
        );
    }
    for (const row of rows)
      if (!sent.get(row.key)?.has(Number(row.quantity))) found.push(`${row.key}: nobody sent ${row.quantity}`);
    await this.summed();
    const wrong = await this.sql<{ subscription_id: string }>(
      `select subscription_id from (
         select subscription_id, (hour at time zone 'UTC')::date as day, dimension, sum(quantity) as quantity, count(*) as records from metering.usage_record group by 1, 2, 3
       ) as row full join metering.usage_rollup rollup using (subscription_id, day, dimension)
        where row.quantity is distinct from rollup.quantity or row.records is distinct from rollup.records`,
    );
    if (wrong.length > 0) found.push(`${wrong.length} sums are not those of the records`);
    for (const row of await this.sql<{ last_error: string }>('select last_error from metering.stuck_work'))
      found.push(`stuck: ${row.last_error}`);
    return found;
  }

  async close(): Promise<void> {
    await Promise.all(this.copies.map((copy) => copy.process.stop()));
    await Promise.all([this.front.close(), this.database.close()]);
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async copy(name: string): Promise<Copy> {
    const port = await freePort();
    const env = {
      DATABASE_URL: `postgres://metering:${PASSWORD}@127.0.0.1:${this.database.port}/slipway`,
      PORT: String(port),
      SECRETS_KEY,
      CALLER_SECRET,
      RECEIPT_KEY,
      LOG_LEVEL: 'warn',
      SWEEP_SECONDS: '0.5',
      THROTTLE_METER_USAGE: '0',
      THROTTLE_BATCH_METER_USAGE: '0',
    };
    const process = new NamedProcess({
      name,
      script: 'apps/metering/src/main.ts',
      env,
      logFile: join(this.folder, `${name}.log`),
    });
    process.onCrash = (how) => this.crashes.push(`${name} ended by itself (${how}): ${process.lastWords()}`);
    process.start();
    return { process, port };
  }

  private started({ process, port }: Copy): Promise<void> {
    return answering(`http://127.0.0.1:${port}/health/ready`, process);
  }

  /** Until no day waits for its sum and nothing is stuck; what is stuck is tried again by itself. */
  private async summed(): Promise<void> {
    const until = Date.now() + 60_000;
    for (;;) {
      const [{ waiting }] = (await this.sql<{ waiting: boolean }>(
        'select exists (select from metering.usage_dirty) or exists (select from metering.stuck_work) as waiting',
      )) as [{ waiting: boolean }];
      if (!waiting) return;
      if (Date.now() > until) return;
      await sleep(200);
    }
  }
}
