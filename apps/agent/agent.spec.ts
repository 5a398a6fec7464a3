import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MarketplaceMeteringClient, MeterUsageCommand } from '@aws-sdk/client-marketplace-metering';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering/src/metering.app.ts';
import { certificateFile, launchedMachine, type Ec2Machine } from '../metering/src/testing/ec2.ts';
import { startSandbox, type Sandbox } from '../sandbox/src/server.ts';

const AGENT = join(import.meta.dirname, 'slipway-agent');
const PATH = '/usr/local/bin:/usr/bin:/bin';
const hasCurl = spawnSync('curl', ['--version'], { env: { PATH } }).status === 0;
// Most reporters count what was skipped and keep its reason to themselves.
if (!hasCurl) console.warn('The agent is not tested: curl is not installed.');

let database: TestDatabase;
let sandbox: Sandbox;
let app: AppUnderTest;
let shop: Marketplace;
let machine: Ec2Machine;
let folder: string;
let stateDir: string;
const clock = new TestClock('2026-01-05T15:20:00Z');

beforeAll(async () => {
  [database, sandbox] = await Promise.all([createTestDatabase(), startSandbox({ bootMs: 0 })]);
  app = await startApp(metering, { database, clock, settings: { IDENTITY_CERTIFICATES_FILE: certificateFile(sandbox) } });
});

afterAll(async () => {
  await app?.close();
  await sandbox?.close();
  await database?.drop();
});

beforeEach(async ({ skip }) => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-agent-'));
  skip(!hasCurl, 'curl is not installed');
  shop = await subscribedMarketplace(database);
  machine = await launchedMachine(sandbox, database, shop);
  stateDir = join(folder, 'state');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  status: number;
  out: string;
  trouble: string;
}

/** What a service's environment is: next to nothing. */
const surroundings = (on: Ec2Machine): Record<string, string> => ({
  PATH,
  HOME: folder,
  AWS_EC2_METADATA_SERVICE_ENDPOINT: on.imds,
  SLIPWAY_METERING_URL: app.url,
  SLIPWAY_STATE_DIR: stateDir,
});

const agent = (args: string[], env: Record<string, string> = {}, on = machine): Promise<Ended> =>
  new Promise((done) => {
    execFile(AGENT, args, { env: { ...surroundings(on), ...env } }, (error, out, trouble) => {
      done({ status: error ? Number(error.code) : 0, out, trouble });
    });
  });

interface Printed {
  Version: number;
  AccessKeyId: string;
  SecretAccessKey: string;
  SessionToken: string;
  Expiration: string;
}

async function credentials(env: Record<string, string> = {}, on = machine): Promise<Printed> {
  const ended = await agent(['credentials'], env, on);
  expect(ended).toMatchObject({ status: 0, trouble: '' });
  return JSON.parse(ended.out) as Printed;
}

async function refused(ended: Promise<Ended>, trouble: RegExp): Promise<void> {
  const { status, out, trouble: said } = await ended;
  expect(status).not.toBe(0);
  expect(out).toBe('');
  expect(said).toMatch(/^slipway-agent: [^\n]+\n$/);
  expect(said).toMatch(trouble);
}

const config = (): string => join(folder, '.aws/config');

const meter = () =>
  new MeterUsageCommand({ ProductCode: shop.productCode, Timestamp: clock.now(), UsageDimension: 'users', UsageQuantity: 5 });

const recorded = () =>
  database.sql('select record_id, source_id from metering.usage_record where subscription_id = $1', [shop.subscriptionId]);

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe('slipway-agent credentials', () => {
  it('prints what the official SDK meters with', async () => {
    const { Version, ...printed } = await credentials();
    expect(Version).toBe(1);
    const client = new MarketplaceMeteringClient({
      endpoint: app.url,
      region: 'us-east-1',
      credentials: {
        accessKeyId: printed.AccessKeyId,
        secretAccessKey: printed.SecretAccessKey,
        sessionToken: printed.SessionToken,
      },
    });
    const { MeteringRecordId } = await client.send(meter());
    expect(await recorded()).toEqual([{ record_id: MeteringRecordId, source_id: machine.instanceId }]);
  });

  it('keeps the nonce and the credentials where only its user reads them', async () => {
    await credentials();
    const files = readdirSync(stateDir).sort();
    expect(files).toEqual([`credentials.${machine.ec2InstanceId}`, `nonce.${machine.ec2InstanceId}`]);
    expect(files.map((file) => modeOf(join(stateDir, file)))).toEqual(['600', '600']);
    expect(modeOf(stateDir)).toBe('700');
    expect(readFileSync(join(stateDir, files[1]!), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('prints the same ones until they are about to expire, then others', async () => {
    const first = await credentials();
    expect(await credentials()).toEqual(first);
    const kept = join(stateDir, `credentials.${machine.ec2InstanceId}`);
    const expiring = (minutes: number): void =>
      writeFileSync(kept, JSON.stringify({ ...first, Expiration: new Date(Date.now() + minutes * 60_000).toISOString() }));
    expiring(16);
    expect((await credentials()).AccessKeyId).toBe(first.AccessKeyId);
    expiring(14);
    expect((await credentials()).AccessKeyId).not.toBe(first.AccessKeyId);
  });

  it('makes one nonce when several start at once', async () => {
    // A second nonce would be refused, and `credentials` takes no refusal.
    await Promise.all(Array.from({ length: 5 }, () => credentials()));
    expect(readdirSync(stateDir)).toHaveLength(2);
  });

  it('is another machine on a copied disk', async () => {
    const first = await credentials();
    const copy = await launchedMachine(sandbox, database, shop);
    expect((await credentials({}, copy)).AccessKeyId).not.toBe(first.AccessKeyId);
    const [one, other] = [machine, copy].map(({ ec2InstanceId }) =>
      readFileSync(join(stateDir, `nonce.${ec2InstanceId}`), 'utf8'),
    );
    expect(one).not.toBe(other);
  });

  it('finds the metering service in the user data that the launch wrote', async () => {
    const userData = JSON.stringify({ slipway: { launchId: 'x', productCode: shop.productCode, meteringUrl: app.url } });
    const told = await launchedMachine(sandbox, database, shop, { userData });
    expect((await credentials({ SLIPWAY_METERING_URL: '' }, told)).AccessKeyId).toMatch(/^ASIA/);
  });

  it('says in one line what is wrong', async () => {
    await refused(agent(['credentials'], { SLIPWAY_METERING_URL: '' }), /SLIPWAY_METERING_URL is not set/);
    await refused(agent(['credentials'], { SLIPWAY_METERING_URL: 'ftp://x' }), /must begin with https/);
    await refused(
      agent(['credentials'], { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1' }),
      /no token from the metadata service/,
    );
    await refused(agent(['credentials'], { SLIPWAY_STATE_DIR: '/dev/null/x' }), /cannot make the directory/);
    await refused(agent(['credentials', 'more']), /too many arguments/);
    await refused(agent(['bogus']), /no command "bogus"/);
    writeFileSync(join(stateDir, `nonce.${machine.ec2InstanceId}`), '$(touch pwned)');
    await refused(agent(['credentials']), /does not hold a nonce/);
  });

  it('tells why the marketplace refused it', async () => {
    await credentials();
    rmSync(stateDir, { recursive: true });
    await refused(agent(['credentials']), /refused this machine \(403\): .*another nonce/);
  });
});

describe('slipway-agent at a service that answers badly', () => {
  let server: Server;
  let answers: Array<[status: number, body: string]>;
  let asked: number;
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  beforeEach(async () => {
    asked = 0;
    server = createServer((_, response) => {
      const [status, body] = answers[Math.min(asked, answers.length - 1)]!;
      asked += 1;
      response.writeHead(status).end(body);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  });
  afterEach(() => new Promise((done) => server.close(done)));

  it('asks again what may pass', async () => {
    answers = [
      [503, '{"detail":"later"}'],
      [
        200,
        '{"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"s","SessionToken":"t","Expiration":"2099-01-01T00:00:00.000Z"}',
      ],
    ];
    expect((await credentials({ SLIPWAY_METERING_URL: url() })).AccessKeyId).toBe('ASIA');
    expect(asked).toBe(2);
  });

  it('gives up after three times, and keeps nothing', async () => {
    answers = [[503, '{"code":"database_unavailable","detail":"The database does not answer."}']];
    await refused(agent(['credentials'], { SLIPWAY_METERING_URL: url() }), /answered 503: The database does not answer/);
    expect(asked).toBe(3);
    expect(existsSync(join(stateDir, `credentials.${machine.ec2InstanceId}`))).toBe(false);
  });

  it('does not take a page for credentials, nor run what it is told', async () => {
    answers = [[200, '<html>welcome</html>']];
    await refused(agent(['credentials'], { SLIPWAY_METERING_URL: url() }), /not credentials/);
    answers = [[400, `{"detail":"$(touch ${folder}/pwned) \`touch ${folder}/pwned\`"}`]];
    await refused(agent(['credentials'], { SLIPWAY_METERING_URL: url() }), /touch/);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });
});

describe('slipway-agent install', () => {
  it('writes a profile with which an unchanged program meters', async () => {
    expect(await agent(['install'])).toMatchObject({ status: 0, trouble: '' });
    vi.stubEnv('AWS_CONFIG_FILE', config());
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'none'));
    vi.stubEnv('AWS_PROFILE', 'slipway');
    const { MeteringRecordId } = await new MarketplaceMeteringClient({}).send(meter());
    expect(await recorded()).toEqual([{ record_id: MeteringRecordId, source_id: machine.instanceId }]);
  });

  it('replaces what it wrote, and leaves the rest alone', async () => {
    await agent(['install', 'mine']);
    const before = `[default]\nregion = eu-west-1\n\n${readFileSync(config(), 'utf8')}`;
    writeFileSync(config(), before);
    await agent(['install', 'mine'], { SLIPWAY_METERING_URL: 'https://metering.example' });
    await agent(['install', 'mine']);
    expect(readFileSync(config(), 'utf8')).toBe(before);
  });

  it('touches no profile of somebody else, and writes nothing that it cannot write safely', async () => {
    await agent(['install', 'mine']);
    const before = `[profile theirs]\nregion = eu-west-1\n\n${readFileSync(config(), 'utf8')}`;
    writeFileSync(config(), before);
    await refused(agent(['install', 'theirs']), /did not write/);
    await refused(agent(['install', 'a b']), /is not/);
    await refused(agent(['install'], { SLIPWAY_STATE_DIR: '/var/lib/a b; touch pwned' }), /cannot stand in an AWS config file/);
    expect(readFileSync(config(), 'utf8')).toBe(before);
  });

  it('can be the default profile', async () => {
    await agent(['install', 'default']);
    expect(readFileSync(config(), 'utf8')).toMatch(/^\[default\]$/m);
  });
});

it('helps whoever asks', async () => {
  expect(await agent(['help'])).toMatchObject({
    status: 0,
    out: expect.stringContaining('slipway-agent credentials'),
    trouble: '',
  });
});
