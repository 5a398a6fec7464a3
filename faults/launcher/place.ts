/**
 * A launcher, metering, a sandbox and a database on one clock: what a fault run breaks. What EC2 did is read from the sandbox's own
 * books and kept as a model, with which the launcher's rows and the hours that are billed are compared in the end.
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { newId } from '#platform/ids.ts';
import { StageRunner } from '#platform/stage.ts';
import type { AppName } from '#platform/tokens.ts';
import { startApp, testSettings, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import type { TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { freePort } from '#testing/ports.ts';
import { launcher } from '../../apps/launcher/src/launcher.app.ts';
import { metering } from '../../apps/metering/src/metering.app.ts';
import { startSandbox, type Sandbox } from '../../apps/sandbox/src/server.ts';
import { migrate } from '../../tools/migrations.ts';
import { ensureDatabase, startPostgres } from '../../tools/postgres.ts';
import { NamedProcess } from '../../tools/processes.ts';
import { temporaryFolder } from '../../tools/temporary.ts';
import { Model, type SandboxMachine } from './model.ts';

const PASSWORD = 'faults-only';
const COME_UP_WITHIN_MS = 240_000;

interface Row {
  id: string;
  launch_id: string | null;
  fleet_id: string | null;
  state: string;
  ec2_instance_id: string | null;
}

export interface Death {
  launchId: string;
  /** As far as it would go. */
  until: string;
  /** Before which thing that it says to the database or EC2; 0: it lives. */
  killAt: number;
  /** From when things are counted: a part of what is said then. */
  killAfter?: string;
}

export class Place {
  readonly model = new Model();
  readonly launches: string[] = [];
  private readonly errors: string[] = [];

  private constructor(
    readonly database: Pick<TestDatabase, 'sql' | 'urlFor' | 'drop'>,
    readonly sandbox: Sandbox,
    readonly clock: TestClock,
    readonly market: Marketplace,
    readonly settings: Record<string, string>,
    private readonly apps: AppUnderTest[],
    private readonly logs: string,
  ) {}

  /** @param database one of its own; a new one unless given. */
  static async open(database?: TestDatabase): Promise<Place> {
    const own = database ?? (await newDatabase());
    const clock = new TestClock('2026-01-05T09:20:00Z');
    const sandbox = await startSandbox({ bootMs: 0, copyMs: 0 });
    sandbox.clock.set(clock.now());
    const market = await subscribedMarketplace(own);
    await own.sql('update api.version set url_template = $1', [`http://{address}:${sandbox.appliancePort}/`]);
    const settings = {
      ...testSettings('launcher', own),
      AWS_ENDPOINT_URL_EC2: sandbox.ec2,
      AWS_ACCESS_KEY_ID: 'AKIASLIPWAYSANDBOX01',
      AWS_SECRET_ACCESS_KEY: 'sandbox-secret-do-not-use-elsewhere',
      LAUNCH_REGIONS: 'us-east-1',
      HEALTH_TIMEOUT_MS: '500',
      BOOT_TEST_SSH_PORT: String(await freePort()),
      BOOT_TEST_PORTS: String(await freePort()),
    };
    const place = new Place(own, sandbox, clock, market, settings, [], temporaryFolder('slipway-victims-'));
    await place.anotherLauncher();
    place.apps.push(await startApp(metering, { database: own as TestDatabase, clock }));
    await place.work(async () => (await own.sql("select from launcher.image where state = 'ready'")).length > 0);
    return place;
  }

  /** A launcher beside the first. @param settings where its own differ. */
  async anotherLauncher(settings: Record<string, string> = {}): Promise<AppUnderTest> {
    const database = this.database as TestDatabase;
    const app = await startApp(launcher, { database, clock: this.clock, settings: { ...this.settings, ...settings } });
    this.apps.push(app);
    return app;
  }

  /** Time passes, for everybody. The sandbox's goes on by itself in between. */
  async advance(by: Parameters<TestClock['advance']>[0]): Promise<void> {
    await this.look();
    this.clock.advance(by);
    this.sandbox.clock.set(this.clock.now());
  }

  /** Globex wants a machine, with a firewall that no other has unless given, so that each launch makes its own group. */
  async launch({ market = 'on-demand', sshFrom = '' } = {}): Promise<string> {
    const id = newId();
    const number = this.launches.push(id);
    await this.database.sql(
      `insert into api.launch (id, subscription_id, buyer_id, version_id, region, instance_type, desired, created_at, desired_at, market, ssh_from)
       values ($1, $2, $3, $4, 'us-east-1', 't3.micro', 'running', $5, $5, $6, $7)`,
      [
        id,
        this.market.subscriptionId,
        this.market.buyerId,
        this.market.versionId,
        this.clock.now(),
        market,
        sshFrom || `10.${number >> 8}.${number & 255}.0/24`,
      ],
    );
    return id;
  }

  async want(launchId: string, desired: 'running' | 'stopped' | 'terminated'): Promise<void> {
    await this.database.sql('update api.launch set desired = $2, desired_at = $3 where id = $1', [
      launchId,
      desired,
      this.clock.now(),
    ]);
  }

  /** A launcher in a process of its own that is killed at that point. @returns all that it said to the database and to EC2. */
  async victim({ launchId, until, killAt, killAfter = '' }: Death): Promise<string[]> {
    const name = `${launchId}-${until}`;
    const victim = new NamedProcess({
      name,
      script: 'faults/launcher/victim.ts',
      env: {
        ...this.settings,
        LAUNCH_ID: launchId,
        UNTIL: until,
        NOW: this.clock.now().toISOString(),
        KILL_AT: String(killAt),
        KILL_AFTER: killAfter,
      },
      logFile: join(this.logs, `${name}.log`),
    });
    const how = await new Promise<string>((done) => {
      victim.onCrash = done;
      victim.start();
    });
    // The last lines may still be on their way through the pipe.
    await sleep(20);
    const said = victim.lastWords(1_000).split('\n');
    if (how !== 'killed by SIGKILL' && how !== 'exit code 0')
      throw new Error(`The victim ended by ${how}: ${said.slice(-12).join('\n')}`);
    return said.filter((line) => /^\d+ (sql|http) /.test(line));
  }

  /** Works what is due, as the runner does: what fails does not keep the others from their turn. */
  async work(until?: () => Promise<boolean>, apps = this.apps): Promise<boolean> {
    const deadline = Date.now() + COME_UP_WITHIN_MS;
    while (Date.now() < deadline) {
      let worked = 0;
      for (const { nest } of apps)
        for (const stage of nest.get(StageRunner, { strict: false }).stages) {
          const due = await stage.due();
          worked += due.length;
          await Promise.all(due.map((id) => stage.work(id).catch((error: unknown) => this.note(error))));
        }
      await this.look();
      if (until ? await until() : worked === 0) return true;
      await sleep(10);
    }
    return false;
  }

  /** Works what is due so many times. */
  async rounds(count: number, apps = this.apps): Promise<void> {
    let round = 0;
    await this.work(async () => (round += 1) >= count, apps);
  }

  /** @returns a function that tells how many errors said so since. */
  countErrors(said: string): () => number {
    const from = this.errors.length;
    return () => this.errors.slice(from).filter((error) => error.includes(said)).length;
  }

  /** Until each of these launches has a machine in that state, and no other that is not over. */
  come(launchIds: string[], state: string): Promise<boolean> {
    return this.work(async () => {
      const rows = await this.rows();
      const current = rows.filter((row) => launchIds.includes(row.launch_id!) && (row.state === state || !isOver(row)));
      return current.length >= launchIds.length && current.every((row) => row.state === state);
    });
  }

  rows(): Promise<Row[]> {
    return this.database.sql<Row>('select * from launcher.instance order by created_at, id');
  }

  async machines(): Promise<SandboxMachine[]> {
    return (await fetch(`${this.sandbox.control}/instances`)).json() as Promise<SandboxMachine[]>;
  }

  /** To the sandbox's control port. */
  async control(path: string, body: object = {}): Promise<void> {
    const answer = await fetch(`${this.sandbox.control}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The sandbox does not do ${path}: ${await answer.text()}`);
  }

  /**
   * Ends everything, lets the hours pass, and says what is wrong. I11: each launch intent has at most one reservation, and whatever runs has a
   * row or is told of. I12: nothing is left under way. And the hours that are billed are those that the machines ran.
   */
  async violations(): Promise<string[]> {
    await this.advance({ minutes: 20 });
    for (const id of this.launches) await this.want(id, 'terminated');
    const found: string[] = [];
    const ended = await this.work(async () => (await this.rows()).every(isOver));
    if (!ended) found.push('not everything ended that was to end');
    await this.advance({ hours: 3 });
    await this.work();
    const rows = await this.rows();
    const machines = await this.machines();
    const reservations = new Map<string, Set<string>>();
    for (const { clientToken = '', reservationId } of machines)
      reservations.set(clientToken, (reservations.get(clientToken) ?? new Set()).add(reservationId));
    for (const { id, launch_id: launchId } of rows)
      if ((reservations.get(id)?.size ?? 0) > 1) found.push(`the intent ${id} of launch ${launchId} has several reservations`);
    for (const launchId of this.launches)
      if (!rows.some((row) => row.launch_id === launchId)) found.push(`the launch ${launchId} never had a machine`);
    const known = new Set(rows.map((row) => row.ec2_instance_id));
    for (const machine of machines)
      if (machine.state !== 'terminated' && !known.has(machine.instanceId))
        found.push(`${machine.instanceId} runs and nobody knows it`);
    found.push(...this.model.compare(rows, await this.billed()));
    return found;
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.sandbox.close();
    await this.database.drop();
    rmSync(this.logs, { recursive: true, force: true });
  }

  private note(error: unknown): void {
    this.errors.push(String(error));
  }

  private async look(): Promise<void> {
    this.model.see(await this.machines(), this.clock.now());
  }

  /** Hours by machine. */
  private async billed(): Promise<Map<string, number>> {
    const rows = await this.database.sql<{ id: string; hours: number }>(
      `select source_id::text as id, sum(quantity)::int as hours from metering.usage_record where dimension = 'hours' group by 1`,
    );
    return new Map(rows.map(({ id, hours }) => [id, hours]));
  }
}

const isOver = ({ state }: Row): boolean => state === 'terminated' || state === 'failed';

/** A PostgreSQL of its own, gone afterwards. */
export async function newDatabase(roles: readonly AppName[] = ['launcher', 'metering']): Promise<TestDatabase> {
  const folder = temporaryFolder('slipway-faults-');
  const port = await freePort();
  const postgres = await startPostgres({ dataDir: resolve(folder, 'data'), port, password: PASSWORD, throwAway: true });
  await ensureDatabase(postgres, 'slipway');
  await migrate(postgres.url(), Object.fromEntries(roles.map((role) => [role, PASSWORD])));
  const owner = new Client({ connectionString: postgres.url() });
  owner.on('error', () => {}); // The database is stopped when something fails; what failed is to be seen then.
  await owner.connect();
  return {
    ownerUrl: postgres.url(),
    urlFor: (role) => `postgres://${role}:${PASSWORD}@127.0.0.1:${port}/slipway`,
    sql: async <T>(text: string, values: unknown[] = []) => (await owner.query(text, values)).rows as T[],
    async drop() {
      await owner.end();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
