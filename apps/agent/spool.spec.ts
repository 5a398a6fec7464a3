import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering/src/metering.app.ts';
import { certificateFile, launchedMachine, type Ec2Machine } from '../metering/src/testing/ec2.ts';
import { startSandbox, type Sandbox } from '../sandbox/src/server.ts';
import { AGENT, curlSigns, PATH, Road, runAgent, WELL, type Ended } from './testing/road.ts';

const hasCurl = curlSigns();

let database: TestDatabase;
let sandbox: Sandbox;
let app: AppUnderTest;
let shop: Marketplace;
let machine: Ec2Machine;
let folder: string;
let stateDir: string;
let road: Road;
const clock = new TestClock(new Date());
const now = (): number => Math.floor(clock.now().getTime() / 1000);

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
  skip(!hasCurl, 'curl 7.86 or later is not installed');
  folder = mkdtempSync(join(tmpdir(), 'slipway-agent-'));
  stateDir = join(folder, 'state');
  clock.set(new Date());
  shop = await subscribedMarketplace(database);
  machine = await launchedMachine(sandbox, database, shop);
  road = await Road.open(app.url);
});

afterEach(async () => {
  await road?.cut();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const surroundings = (env: Record<string, string> = {}): Record<string, string> => ({
  PATH,
  HOME: folder,
  AWS_EC2_METADATA_SERVICE_ENDPOINT: machine.imds,
  SLIPWAY_METERING_URL: road.url,
  SLIPWAY_PRODUCT_CODE: shop.productCode,
  SLIPWAY_STATE_DIR: stateDir,
  ...env,
});

const agent = (args: string[], env: Record<string, string> = {}): Promise<Ended> => runAgent(args, surroundings(env));

async function report(quantity: number | string, hoursAgo = 0, dimension = 'users'): Promise<Ended> {
  return agent(['report', dimension, String(quantity), '--at', String(now() - hoursAgo * 3600)]);
}

async function kept(quantity: number, hoursAgo = 0): Promise<void> {
  expect(await report(quantity, hoursAgo)).toEqual({ status: 0, out: '', trouble: '' });
}

const spool = (place: string): string[] => readdirSync(join(stateDir, `spool.${machine.ec2InstanceId}`, place)).sort();

/** What metering has, the oldest first. */
const recorded = async (): Promise<number[]> =>
  (
    await database.sql<{ quantity: string }>(
      'select quantity from metering.usage_record where subscription_id = $1 order by hour',
      [shop.subscriptionId],
    )
  ).map(({ quantity }) => Number(quantity));

describe('slipway-agent report', () => {
  it('keeps a report while nobody can be reached', async () => {
    await kept(1);
    await road.cut();
    await kept(5, 2);
    expect(spool('waiting')).toHaveLength(2);
  });

  it('takes the same report twice as one, and another quantity for the hour not at all', async () => {
    const hour = Math.floor(now() / 3600) * 3600;
    const at = (second: number, quantity: string) => agent(['report', 'users', quantity, '--at', String(hour - 3600 + second)]);
    expect(await at(5, '7')).toEqual(WELL);
    expect(await at(3599, '007')).toEqual(WELL);
    expect(await at(60, '8')).toMatchObject({ status: 1, trouble: expect.stringContaining('reported with 7') });
    expect(spool('waiting')).toEqual([`${hour - 3600}.users`]);
    expect(await agent(['send'])).toEqual(WELL);
    expect(await at(60, '8')).toMatchObject({ status: 1, trouble: expect.stringContaining('reported with 7') });
    expect(await at(60, '7')).toEqual(WELL);
    expect(spool('waiting')).toEqual([]);
    expect(await recorded()).toEqual([7]);
  });

  it('lets one of two quantities win when they are reported at once', async () => {
    await report(0, 3);
    const ended = await Promise.all([1, 2, 3, 4].map((quantity) => report(quantity)));
    expect(ended.filter(({ status }) => status === 0)).toHaveLength(1);
    expect(spool('waiting')).toHaveLength(2);
  });

  it.each([['1.5'], ['-1'], ['2147483648'], ['99999999999999999999'], [''], ['x']])(
    'does not take %j for a quantity',
    async (quantity) => {
      expect(await report(quantity)).toMatchObject({ status: 1, trouble: expect.stringContaining('quantity') });
    },
  );

  it('says what else is wrong', async () => {
    expect(await report(1, 0, '../up')).toMatchObject({ status: 1, trouble: expect.stringContaining('dimension') });
    expect(await report(1, -2)).toMatchObject({ status: 1, trouble: expect.stringContaining('future') });
    expect(await agent(['report', 'users'])).toMatchObject({ status: 1, trouble: expect.stringContaining('use:') });
    expect(await agent(['report', 'users', '1', '--at', 'noon'])).toMatchObject({ status: 1 });
  });
});

describe('slipway-agent send', () => {
  it('sends what waits in the order of its hours, with the times it was reported at', async () => {
    await kept(3);
    await kept(1, 2);
    await kept(2, 1);
    expect(await agent(['send'])).toEqual(WELL);
    expect(road.calls.map((call) => call.Timestamp)).toEqual([now() - 7200, now() - 3600, now()]);
    expect(new Set(road.calls.map((call) => call.ClientToken)).size).toBe(3);
    expect(await recorded()).toEqual([1, 2, 3]);
    expect([spool('waiting').length, spool('sent').length]).toEqual([0, 3]);
  });

  it('sends after an outage what was reported during it', async () => {
    await kept(1, 3);
    await agent(['send']);
    await road.cut();
    await kept(2, 2);
    await kept(3, 1);
    const once = await agent(['send', '--once']);
    expect(once).toMatchObject({ status: 1, trouble: expect.stringContaining('no answer') });
    expect(spool('waiting')).toHaveLength(2);
    const sending = agent(['send']);
    await new Promise((done) => setTimeout(done, 500));
    await road.mend();
    expect((await sending).status).toBe(0);
    expect(await recorded()).toEqual([1, 2, 3]);
  });

  it('loses nothing and doubles nothing when it is killed before it hears the answer', async () => {
    await kept(1, 2);
    await kept(2, 1);
    road.fates = ['lost answer'];
    const sender = spawn(AGENT, ['send'], { env: surroundings(), detached: true, stdio: 'ignore' });
    await vi.waitFor(async () => expect(await recorded()).toEqual([1]), 10_000);
    process.kill(-sender.pid!, 'SIGKILL');
    await once(sender, 'exit');
    expect(spool('waiting')).toHaveLength(2);
    expect(await agent(['send'])).toEqual(WELL);
    expect(road.calls).toHaveLength(3);
    expect(road.calls[1]).toEqual(road.calls[0]);
    expect(await recorded()).toEqual([1, 2]);
  });

  it('waits longer each time that it is throttled, and keeps what it has', async () => {
    await kept(4);
    road.fates = [
      { status: 400, type: 'ThrottlingException' },
      { status: 500, type: 'InternalServiceErrorException' },
    ];
    const since = Date.now();
    const ended = await agent(['send']);
    expect(ended.status).toBe(0);
    expect(ended.trouble.match(/^slipway-agent: /gm)).toHaveLength(2);
    // At least half of 2 s, then half of 4 s.
    expect(Date.now() - since).toBeGreaterThan(3000);
    expect(new Set(road.calls.map((call) => JSON.stringify(call))).size).toBe(1);
    expect(await recorded()).toEqual([4]);
  });

  it('puts away what will never be taken, tells of it, and goes on', async () => {
    await kept(1, 9);
    await kept(2, 1);
    await kept(3);
    road.fates = ['passes', { status: 400, type: 'com.amazonaws#DuplicateRequestException' }];
    const ended = await agent(['send']);
    expect(ended.status).toBe(1);
    expect(ended.trouble).toMatch(/refused 1 users .*TimestampOutOfBoundsException/);
    expect(ended.trouble).toMatch(/refused 2 users .*DuplicateRequestException/);
    expect(await recorded()).toEqual([3]);
    expect([spool('waiting').length, spool('refused').length]).toEqual([0, 2]);
    expect(await report(2, 1)).toMatchObject({ status: 1, trouble: expect.stringContaining('DuplicateRequestException') });

    const { status, out } = await agent(['status']);
    expect(status).toBe(1);
    expect(out).toMatch(/^waiting {2}0$/m);
    expect(out).toMatch(/^sent {5}1 in the last days, the last at 20/m);
    expect(out).toMatch(/^refused {2}2$/m);
    expect(out).toMatch(/users 1: TimestampOutOfBoundsException/);
    expect(out).toMatch(/^error .*DuplicateRequestException/m);
  });

  it('keeps a report that is too new on the marketplace clock: its time will come', async () => {
    await kept(1);
    const hourAgo = new Date((now() - 3600) * 1000).toUTCString();
    road.fates = [{ status: 400, type: 'TimestampOutOfBoundsException', date: hourAgo }];
    expect(await agent(['send', '--once'])).toMatchObject({ status: 1, trouble: expect.stringContaining(hourAgo) });
    expect(await agent(['send'])).toEqual(WELL);
    expect(await recorded()).toEqual([1]);
  });

  it('gets other credentials when its own are refused', async () => {
    await kept(1);
    await agent(['send']);
    await kept(2, 1);
    await database.sql('update metering.instance_session set revoked_at = now() where subscription_id = $1', [
      shop.subscriptionId,
    ]);
    await new Promise((done) => setTimeout(done, 5100));
    expect((await agent(['send'])).status).toBe(0);
    expect(await recorded()).toEqual([2, 1]);
  });

  it('is one sender at a time, and takes over from one that was killed', async () => {
    await kept(1);
    const lock = join(stateDir, `spool.${machine.ec2InstanceId}`, 'sender');
    road.fates = ['lost answer'];
    const first = spawn(AGENT, ['send'], { env: surroundings(), detached: true, stdio: 'ignore' });
    await vi.waitFor(() => expect(road.calls).toHaveLength(1), 10_000);
    expect((await agent(['send', '--once'])).status).toBe(1);
    expect(road.calls).toHaveLength(1);
    process.kill(-first.pid!, 'SIGKILL');
    await once(first, 'exit');
    expect(await agent(['send', '--once'])).toEqual(WELL);
    expect(existsSync(lock)).toBe(false);
    expect(await recorded()).toEqual([1]);
  });
});

describe('slipway-agent run', () => {
  let running: ChildProcess | undefined;
  afterEach(() => running?.kill('SIGKILL'));

  it('sends and says that the machine is alive, until it is told to stop', { timeout: 60_000 }, async () => {
    await kept(6);
    running = spawn(AGENT, ['run'], { env: surroundings(), stdio: 'ignore' });
    await vi.waitFor(async () => expect([await recorded(), road.heartbeats]).toEqual([[6], 1]), 30_000);
    const alive = () =>
      database.sql('select 1 from metering.heartbeat where subscription_id = $1 and instance_id = $2', [
        shop.subscriptionId,
        machine.instanceId,
      ]);
    await vi.waitFor(async () => expect(await alive()).toHaveLength(1), 5000);
    running.kill('SIGTERM');
    expect(await once(running, 'exit')).toEqual([0, null]);
  });

  it('goes on when nobody can be reached, and comes through later', async () => {
    await kept(6);
    await road.cut();
    running = spawn(AGENT, ['run'], { env: surroundings(), stdio: 'ignore' });
    await new Promise((done) => setTimeout(done, 1000));
    await road.mend();
    await vi.waitFor(async () => expect([await recorded(), road.heartbeats]).toEqual([[6], 1]), 15_000);
  });

  it('has a time in the hour of its own', async () => {
    const timeOf = async (): Promise<string> => /:(\d\d:\d\d)$/m.exec((await agent(['status'])).out)![1]!;
    const first = await timeOf();
    expect(await timeOf()).toBe(first);
    machine = await launchedMachine(sandbox, database, shop);
    stateDir = join(folder, 'other');
    const other = await timeOf();
    expect(other).not.toBe(first);
    for (const time of [first, other]) expect(time).toMatch(/^(0[1-9]|[1-4]\d|5[0-8]):/);
  });
});

it('says which curl it needs', async () => {
  writeFileSync(join(folder, 'curl'), '#!/bin/sh\necho "curl 7.74.0 (x86_64-pc-linux-gnu)"\n', { mode: 0o755 });
  expect(await agent(['send'], { PATH: `${folder}:${PATH}` })).toMatchObject({
    status: 1,
    trouble: expect.stringMatching(/curl 7\.86 or later is needed .* curl 7\.74\.0/),
  });
});

it('keeps its secrets out of what other users see', async () => {
  await kept(1);
  writeFileSync(join(folder, 'curl'), `#!/bin/sh\necho "$*" >>${folder}/seen\nexec /usr/bin/curl "$@"\n`, { mode: 0o755 });
  expect((await agent(['send'], { PATH: `${folder}:${PATH}` })).status).toBe(0);
  const { SecretAccessKey, SessionToken } = JSON.parse(
    readFileSync(join(stateDir, `credentials.${machine.ec2InstanceId}`), 'utf8'),
  ) as Record<string, string>;
  const seen = readFileSync(join(folder, 'seen'), 'utf8');
  expect(seen).toContain('--aws-sigv4');
  expect(seen).not.toContain(SecretAccessKey);
  expect(seen).not.toContain(SessionToken);
});
