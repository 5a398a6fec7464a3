/** A database with its default durability, a sandbox, and processes of the launcher as `npm start` would run them: what the benchmark is about. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { PgBoss } from 'pg-boss';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { freePort } from '#testing/ports.ts';
import { startSandbox, type Sandbox } from '../../apps/sandbox/src/server.ts';
import { migrate } from '../../tools/migrations.ts';
import { ensureDatabase, startPostgres } from '../../tools/postgres.ts';
import { answering, NamedProcess } from '../../tools/processes.ts';
import { temporaryFolder } from '../../tools/temporary.ts';

const PASSWORD = 'bench-only';
export const IMAGE = 'ami-0acce550000000001';
export const REGION = 'us-east-1';

export interface BenchMachine {
  instanceId: string;
  clientToken?: string;
  /** Epoch milliseconds: when RunInstances was accepted. */
  launchedAt: number;
}

export interface Place {
  sandbox: Sandbox;
  market: Marketplace;
  settings: Record<string, string>;
  sql<T>(text: string, values?: unknown[]): Promise<T[]>;
  /** Launches, accepted as `api` accepts them: a row and a ring for each. */
  accept(count: number): Promise<string[]>;
  /** Of those that were accepted, not boot tests. */
  machines(): Promise<BenchMachine[]>;
  start(copies: number, settings?: Record<string, string>): Promise<NamedProcess[]>;
}

/** Gone afterwards, with all processes. */
export async function inNewPlace<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const folder = temporaryFolder('slipway-bench-');
  const undo: Array<() => unknown> = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const port = await freePort();
    const postgres = await startPostgres({ dataDir: join(folder, 'data'), port, password: PASSWORD });
    undo.push(() => postgres.stop());
    await ensureDatabase(postgres, 'slipway');
    await migrate(postgres.url(), { launcher: PASSWORD });
    const owner = new Client({ connectionString: postgres.url() });
    owner.on('error', () => {}); // The database is stopped when something fails; what failed is to be seen then.
    await owner.connect();
    undo.push(() => owner.end());
    const boss = new PgBoss({
      connectionString: postgres.url(),
      schema: 'pgboss',
      max: 4,
      supervise: false,
      schedule: false,
      migrate: false,
      useListenNotify: true,
    });
    boss.on('error', () => {}); // While a hundred thousand machines are made, nothing else has a turn here; it comes again.
    await boss.start();
    undo.push(() => boss.stop({ graceful: false, close: true }));
    const sandbox = await startSandbox();
    undo.push(() => sandbox.close());
    return await work(await prepared({ folder, port, sandbox, owner, doorbell: new Doorbell(boss), undo }));
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

interface Parts {
  folder: string;
  port: number;
  sandbox: Sandbox;
  owner: Client;
  doorbell: Doorbell;
  undo: Array<() => unknown>;
}

async function prepared({ folder, port, sandbox, owner, doorbell, undo }: Parts): Promise<Place> {
  const sql = async <T>(text: string, values: unknown[] = []): Promise<T[]> => (await owner.query(text, values)).rows as T[];
  const market = await subscribedMarketplace({ sql });
  await sql('update api.version set url_template = $1', [`http://{address}:${sandbox.appliancePort}/`]);
  await sql(
    `insert into launcher.image (id, version_id, region, state, ami_id, boot_test_token, checks, created_at, ready_at)
     values (gen_random_uuid(), $1, $2, 'ready', $3, gen_random_uuid(), '[]', now(), now())`,
    [market.versionId, REGION, IMAGE],
  );
  const settings = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    DATABASE_URL: `postgres://launcher:${PASSWORD}@127.0.0.1:${port}/slipway`,
    SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
    CALLER_SECRET: 'a secret that only the benchmark uses',
    AWS_ENDPOINT_URL_EC2: sandbox.ec2,
    AWS_ACCESS_KEY_ID: 'AKIASLIPWAYSANDBOX01',
    AWS_SECRET_ACCESS_KEY: 'sandbox-secret-do-not-use-elsewhere',
    LAUNCH_REGIONS: REGION,
  };
  const accepted = new Set<string>();
  return {
    sandbox,
    market,
    settings,
    sql,
    async accept(count) {
      const ids = Array.from({ length: count }, newId);
      for (const id of ids) accepted.add(id);
      await sql(
        `insert into api.launch (id, subscription_id, buyer_id, version_id, region, instance_type, desired, created_at, desired_at)
         select id, $2, $3, $4, $5, 't3.micro', 'running', now(), now() from unnest($1::uuid[]) as id`,
        [ids, market.subscriptionId, market.buyerId, market.versionId, REGION],
      );
      for (const id of ids) await doorbell.ringNow('launcher.reconcile-launch', id);
      return ids;
    },
    async machines() {
      const all = (await (await fetch(`${sandbox.control}/instances`)).json()) as BenchMachine[];
      return all.filter(({ clientToken = '' }) => accepted.has(clientToken));
    },
    async start(copies, more = {}) {
      const started: NamedProcess[] = [];
      for (let copy = 1; copy <= copies; copy += 1) {
        const own = await freePort();
        const name = `launcher-${copy}`;
        const process = new NamedProcess({
          name,
          script: 'apps/launcher/src/main.ts',
          env: { ...settings, PORT: String(own), ...more },
          logFile: join(folder, `${name}.log`),
        });
        process.start();
        undo.push(() => process.stop());
        await answering(`http://127.0.0.1:${own}/health/ready`, process);
        started.push(process);
      }
      return started;
    },
  };
}

/** What a process has in memory, in MB. */
export function residentMegabytes({ pid }: NamedProcess): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
