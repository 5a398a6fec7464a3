/** A launcher, a sandbox and a database of their own, on one clock; Acme's Vault is subscribed to by Globex. */
import { DataSource } from 'typeorm';
import type { QueueName } from '#platform/queues.ts';
import { newId } from '#platform/ids.ts';
import { startApp, testSettings, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { freePort } from '#testing/ports.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import type { Launch } from '#tables/api/launch.ts';
import type { Version } from '#tables/api/version.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { Volume } from '#tables/launcher/volume.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import { currentMachine } from '../instances/current-machine.ts';
import { launcher } from '../launcher.app.ts';

export const ACME_VAULT = 'ami-0acce550000000001';
export const ACME_VAULT_BROKEN = 'ami-0acce550000000bad';

export interface SandboxInstance {
  instanceId: string;
  imageId: string;
  instanceType: string;
  state: string;
  tags: Record<string, string>;
  userData?: string;
  zone: string;
  keyName?: string;
  groupIds: string[];
  metadata: { httpTokens: string; hopLimit: number };
}

export type LaunchGiven = Partial<
  Pick<Launch, 'region' | 'instanceType' | 'name' | 'zone' | 'keyName' | 'subnetId' | 'sshFrom' | 'placement' | 'market'> &
    Pick<
      Launch,
      'tags' | 'userData' | 'snapshotOnEnd' | 'keepVolumes' | 'snapshotEveryHours' | 'snapshotsKept' | 'restoreTestEveryDays'
    >
>;

/** What a version says of itself beyond its image. */
export type VersionGiven = Partial<Pick<Version, 'ports' | 'userDataTemplate' | 'dataVolumes' | 'drainPath'>>;

export interface World {
  database: TestDatabase;
  sandbox: Sandbox;
  clock: TestClock;
  app: AppUnderTest;
  market: Marketplace;
  /** Moves the launcher's and the sandbox's clock together. */
  advance(by: Parameters<TestClock['advance']>[0]): void;
  /** The launcher's settings. */
  settings: Record<string, string>;
  /** Another launcher on the same database, as a second process or after a restart. */
  another(): Promise<AppUnderTest>;
  /** Globex wants a machine. */
  launch(given?: LaunchGiven): Promise<string>;
  want(launchId: string, desired: 'running' | 'stopped' | 'terminated', given?: Partial<Launch>): Promise<void>;
  instance(launchId: string): Promise<Record<string, unknown> | undefined>;
  /** The machine that a launch has now, after those that it replaced. */
  currentMachine(launchId: string): Promise<Instance | null>;
  /** Its data volumes, in the order in which they were made. */
  volumes(launchId: string): Promise<Volume[]>;
  /** What its buyer was told: `['accepted', 'pending', …]`. */
  told(launchId: string): Promise<string[]>;
  /** Posts to the sandbox's control port. */
  control<T>(path: string, body?: object): Promise<T>;
  intervals(launchId: string): Promise<Array<{ started_at: Date; ended_at: Date | null }>>;
  rungFor(queue: QueueName, id: string): Promise<boolean>;
  /** All machines that the sandbox has made, the ended ones included. */
  machines(): Promise<SandboxInstance[]>;
  close(): Promise<void>;
}

export async function launcherWorld({
  sourceImageId = ACME_VAULT,
  regions = ['us-east-1'],
  version = {} as VersionGiven,
  settings = {} as Record<string, string>,
  /** The sandbox's, where its own are not quick enough or too quick. */
  sandboxSettings = {} as Parameters<typeof startSandbox>[0],
} = {}): Promise<World> {
  const clock = new TestClock();
  const [database, sandbox] = await Promise.all([
    createTestDatabase(),
    startSandbox({ bootMs: 40, copyMs: 40, ...sandboxSettings }),
  ]);
  sandbox.clock.set(clock.now());
  const market = await subscribedMarketplace(database, { sourceImageId, regions });
  await database.sql('update api.version set url_template = $2 where id = $1', [
    market.versionId,
    `http://{address}:${sandbox.appliancePort}/`,
  ]);
  await database.sql(
    `update api.version set ports = coalesce($2, ports), user_data_template = $3, data_volumes = coalesce($4, data_volumes), drain_path = $5
      where id = $1`,
    [
      market.versionId,
      version.ports && JSON.stringify(version.ports),
      version.userDataTemplate ?? null,
      version.dataVolumes && JSON.stringify(version.dataVolumes),
      version.drainPath ?? null,
    ],
  );
  const all = {
    ...testSettings('launcher', database),
    AWS_ENDPOINT_URL_EC2: sandbox.ec2,
    AWS_ACCESS_KEY_ID: 'AKIASLIPWAYSANDBOX01',
    AWS_SECRET_ACCESS_KEY: 'sandbox-secret-do-not-use-elsewhere',
    HEALTH_TIMEOUT_MS: '500',
    // Machines of the sandbox have addresses of this machine, on which anything may listen; specs about ports set these.
    BOOT_TEST_SSH_PORT: String(await freePort()),
    BOOT_TEST_PORTS: String(await freePort()),
    METERING_PUBLIC_URL: 'http://metering.test:4020',
    ...settings,
  };
  const start = (): Promise<AppUnderTest> => startApp(launcher, { database, clock, settings: all });
  const apps = [await start()];
  const { sql } = database;
  const choose = async (id: string, given: Partial<Launch>): Promise<void> => {
    for (const [name, value] of Object.entries(given)) {
      const column = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const written = typeof value === 'object' && value !== null && !(value instanceof Date) ? JSON.stringify(value) : value;
      await sql(`update api.launch set ${column} = $2 where id = $1`, [id, written]);
    }
  };
  return {
    database,
    sandbox,
    clock,
    app: apps[0]!,
    market,
    settings: all,
    advance(by) {
      clock.advance(by);
      sandbox.clock.set(clock.now());
    },
    async another() {
      const app = await start();
      apps.push(app);
      return app;
    },
    async launch({ region = regions[0], instanceType = 't3.micro', ...given } = {}) {
      const id = newId();
      await sql(
        `insert into api.launch (id, subscription_id, buyer_id, version_id, region, instance_type, desired, created_at, desired_at)
         values ($1, $2, $3, $4, $5, $6, 'running', $7, $7)`,
        [id, market.subscriptionId, market.buyerId, market.versionId, region, instanceType, clock.now()],
      );
      await choose(id, given);
      return id;
    },
    async want(launchId, desired, given = {}) {
      await sql('update api.launch set desired = $2, desired_at = $3 where id = $1', [launchId, desired, clock.now()]);
      await choose(launchId, given);
    },
    currentMachine: (launchId) => currentMachine(apps[0]!.nest.get(DataSource).manager, launchId),
    volumes: (launchId) =>
      apps[0]!.nest.get(DataSource).manager.find(Volume, { where: { launchId }, order: { createdAt: 'asc', id: 'asc' } }),
    async told(launchId) {
      const rows = await sql<{ kind: string }>('select kind from launcher.launch_event where launch_id = $1 order by id', [
        launchId,
      ]);
      return rows.map((row) => row.kind);
    },
    async control(path, body = {}) {
      const answer = await fetch(`${sandbox.control}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (answer.status === 204 ? undefined : await answer.json()) as never;
    },
    instance: async (launchId) => (await sql('select * from launcher.instance where id = $1', [launchId]))[0],
    intervals: (launchId) =>
      sql('select started_at, ended_at from launcher.run_interval where instance_id = $1 order by started_at', [launchId]),
    rungFor: async (queue, id) =>
      (await sql('select 1 from pgboss.job where name = $1 and singleton_key = $2', [queue, id])).length > 0,
    machines: async () => (await fetch(`${sandbox.control}/instances`)).json() as Promise<SandboxInstance[]>,
    async close() {
      for (const app of apps) await app.close();
      await sandbox.close();
      await database.drop();
    },
  };
}
