/**
 * Api and launcher (metering and billing too, where a spec is about money), the sandbox and a database, on one clock. Acme's Vault is
 * listed and Globex has subscribed, all through the API as customers do it.
 */
import { Account } from '#testing/account.ts';
import { settle, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { freePort } from '#testing/ports.ts';
import { billing } from '../../../billing/src/billing.app.ts';
import { launcher } from '../../../launcher/src/launcher.app.ts';
import { metering } from '../../../metering/src/metering.app.ts';
import { DEFAULT_KEY } from '../../../sandbox/src/credentials.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import { control as post, ec2Of } from '../../../sandbox/src/testing/clients.ts';
import type { AwsConnectionView } from '../aws-connections/aws-connections.schema.ts';
import type { LaunchView, NewLaunch } from '../launches/launches.schema.ts';
import type { NewVersion } from '../versions/versions.schema.ts';
import { startApi } from '../testing.ts';

const PASSWORD = 'correct horse battery';
export const GLOBEX_AWS = '333344445555';
const GLOBEX_KEY = { accessKeyId: 'AKIAGLOBEXSANDBOX001', secretAccessKey: 'a-secret-of-globex-in-the-sandbox' };

export interface SandboxMachine {
  instanceId: string;
  accountId: string;
  state: string;
  tags: Record<string, string>;
  userData?: string;
}

export interface OneOrigin {
  database: TestDatabase;
  sandbox: Sandbox;
  clock: TestClock;
  api: AppUnderTest;
  launching: AppUnderTest;
  acme: Account;
  globex: Account;
  productId: string;
  subscriptionId: string;
  listing: Record<string, unknown>;
  /** Another company, which has nothing. */
  hooli(): Promise<Account>;
  advance(by: Parameters<TestClock['advance']>[0]): void;
  /** Works all apps' stages until `until` holds, or until nothing is due. */
  settle(until?: () => Promise<boolean>): Promise<void>;
  launch(given?: Partial<NewLaunch>): Promise<string>;
  /** Launches, and works until it is healthy. */
  launched(given?: Partial<NewLaunch>): Promise<string>;
  /** Whether the launch has come to a state, for `settle`. */
  is(launchId: string, state: string): () => Promise<boolean>;
  machineOf(launchId: string): Promise<SandboxMachine | undefined>;
  /** Connects Globex's own AWS account, with a role that works. */
  connect(): Promise<AwsConnectionView>;
  /** EC2 as the platform sees it, or as Globex does. */
  ec2(whose?: 'platform' | 'globex'): ReturnType<typeof ec2Of>;
  control<T>(path: string, body?: object): Promise<T>;
  close(): Promise<void>;
}

export async function oneOrigin({
  version = {} as Partial<NewVersion>,
  regions = ['us-east-1'],
  withMoney = false,
  /** Of its offer. */
  prices = [{ model: 'hourly', rate: '0.25' }] as object[],
  settings = {} as Record<string, string>,
} = {}): Promise<OneOrigin> {
  const clock = new TestClock('2026-01-05T09:00:00Z');
  const [database, sandbox] = await Promise.all([createTestDatabase(), startSandbox({ bootMs: 40, copyMs: 40 })]);
  sandbox.clock.set(clock.now());
  const stripe = {
    STRIPE_API_KEY: 'sk_test_slipway_sandbox',
    STRIPE_API_BASE: sandbox.stripe,
    STRIPE_WEBHOOK_SECRET: 'whsec_of_the_specs',
  };
  const aws = {
    AWS_ENDPOINT_URL_EC2: sandbox.ec2,
    AWS_ENDPOINT_URL_STS: sandbox.sts,
    AWS_ACCESS_KEY_ID: DEFAULT_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DEFAULT_KEY.secretAccessKey,
    HEALTH_TIMEOUT_MS: '500',
    BOOT_TEST_SSH_PORT: String(await freePort()),
    BOOT_TEST_PORTS: String(await freePort()),
    METERING_PUBLIC_URL: 'http://metering.test:4020',
    ...settings,
  };
  const launching = await startApp(launcher, { database, clock, settings: aws });
  const money = withMoney
    ? [await startApp(metering, { database, clock }), await startApp(billing, { database, clock, settings: stripe })]
    : [];
  const [metered, billed] = money;
  const upstream = {
    LAUNCHER_URL: launching.url,
    ...(metered && { METERING_URL: metered.url }),
    ...(billed && { BILLING_URL: billed.url }),
  };
  const api = await startApi(database, clock, upstream);
  const open = (name: string, kind: 'vendor' | 'buyer'): Promise<Account> =>
    Account.open(api.url, { name, email: `it@${name.toLowerCase()}.test`, password: PASSWORD, kind });
  const [acme, globex] = [await open('Acme', 'vendor'), await open('Globex', 'buyer')];

  const control = async <T>(path: string, body: object = {}): Promise<T> => {
    const answer = await post(sandbox, path, body);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  };
  const work = (until?: () => Promise<boolean>): Promise<void> =>
    settle([api.nest, launching.nest, ...money.map(({ nest }) => nest)], until);

  const { id: productId } = await acme.post<{ id: string }>('/v1/products', { name: 'Acme Vault' });
  const { id: versionId } = await acme.post<{ id: string }>(`/v1/products/${productId}/versions`, {
    title: '1.0.0',
    imageId: 'ami-0acce550000000001',
    imageRegion: 'us-east-1',
    regions,
    instanceTypes: ['t3.micro', 't3.small'],
    urlTemplate: `http://{address}:${sandbox.appliancePort}/`,
    ...version,
  });
  const terms = { currency: 'USD', terms: 'Use it well.', prices };
  const offer = await acme.put<{ id: string; termsSha256: string }>(`/v1/products/${productId}/offer`, terms);
  await work();
  const listing = { slug: 'acme-vault', summary: 'Keeps secrets.', description: 'Long.', category: 'security', versionId };
  await acme.put(`/v1/products/${productId}/listing`, listing);
  const accept = { offerId: offer.id, termsSha256: offer.termsSha256 };
  const { id: subscriptionId } = await globex.post<{ id: string }>('/v1/subscriptions', accept);
  // Named one by one: the SDK writes a mark of its own on credentials that it was given.
  const { accessKeyId, secretAccessKey } = GLOBEX_KEY;
  await control('/access-keys', { accessKeyId, secretAccessKey, accountId: GLOBEX_AWS });

  const launch = async (given: Partial<NewLaunch> = {}): Promise<string> => {
    const wish = { subscriptionId, region: regions[0], instanceType: 't3.micro', ...given };
    return (await globex.post<LaunchView>('/v1/launches', wish)).id;
  };
  const is = (id: string, state: string) => async (): Promise<boolean> =>
    (await globex.get<LaunchView>(`/v1/launches/${id}`)).state === state;
  return {
    database,
    sandbox,
    clock,
    api,
    launching,
    acme,
    globex,
    productId,
    subscriptionId,
    listing,
    hooli: () => open('Hooli', 'buyer'),
    advance(by) {
      clock.advance(by);
      sandbox.clock.set(clock.now());
    },
    settle: work,
    launch,
    async launched(given) {
      const id = await launch(given);
      await work(is(id, 'healthy'));
      return id;
    },
    is,
    async machineOf(launchId) {
      const machines = (await (await fetch(`${sandbox.control}/instances`)).json()) as SandboxMachine[];
      return machines.findLast(({ tags }) => tags['slipway:launch'] === launchId);
    },
    async connect() {
      const connection = await globex.post<AwsConnectionView>('/v1/aws-connections', {
        accountId: GLOBEX_AWS,
        name: 'Production',
      });
      const roleArn = `arn:aws:iam::${GLOBEX_AWS}:role/slipway/SlipwayRole`;
      await control('/roles', { roleArn, externalId: connection.externalId });
      await globex.put(`/v1/aws-connections/${connection.id}/role`, { roleArn });
      await work();
      return globex.get<AwsConnectionView>(`/v1/aws-connections/${connection.id}`);
    },
    ec2: (whose = 'platform') =>
      ec2Of(sandbox, { region: regions[0]!, credentials: whose === 'platform' ? DEFAULT_KEY : GLOBEX_KEY }),
    control,
    async close() {
      await api.close();
      for (const app of [...money, launching]) await app.close();
      await sandbox.close();
      await database.drop();
    },
  };
}
