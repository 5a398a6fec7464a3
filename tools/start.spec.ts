/** `npm start` as a newcomer meets it: comes up seeded, explains what is wrong, stops cleanly, finds its data again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetEntitlementsCommand, MarketplaceEntitlementServiceClient } from '@aws-sdk/client-marketplace-entitlement-service';
import {
  BatchMeterUsageCommand,
  MarketplaceMeteringClient,
  MeterUsageCommand,
  RegisterUsageCommand,
  ResolveCustomerCommand,
  type UsageRecord,
} from '@aws-sdk/client-marketplace-metering';
import { importSPKI, jwtVerify } from 'jose';
import { Client } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { freePort } from '#testing/ports.ts';
import type { Demo } from './demo.ts';
import { sendPrices } from './price-lists.ts';
import { temporaryFolder } from './temporary.ts';

const ROOT = join(import.meta.dirname, '..');
const PORTS = [
  'API_PORT',
  'LAUNCHER_PORT',
  'METERING_PORT',
  'BILLING_PORT',
  'SANDBOX_EC2_PORT',
  'SANDBOX_STRIPE_PORT',
  'SANDBOX_CONTROL_PORT',
  'SANDBOX_APPLIANCE_PORT',
  'SANDBOX_SSH_PORT',
  'POSTGRES_PORT',
];

interface Run {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

const started: ChildProcess[] = [];

function start(env: Record<string, string>): Run {
  const child = spawn(process.execPath, ['--import', join(ROOT, 'tools/register.mjs'), join(ROOT, 'tools/start.ts')], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, ended: new Promise((done) => child.once('exit', (code) => done(code))) };
}

async function ready(run: Run, url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (run.child.exitCode !== null) throw new Error(`npm start ended:\n${run.output()}`);
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await sleep(100);
  }
  throw new Error(`It was not ready within a minute:\n${run.output()}`);
}

describe('npm start', () => {
  const folder = temporaryFolder('slipway-start-');
  afterAll(async () => {
    // What a failed expectation left running.
    for (const child of started) child.kill('SIGTERM');
    await Promise.all(
      started.map(
        (child) => child.exitCode !== null || child.signalCode !== null || new Promise((done) => child.once('exit', done)),
      ),
    );
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists everything that is wrong with its settings, and exits 1', async () => {
    const run = start({ API_PORT: 'four thousand', POSTGRES_PORT: '99999', DATABASE_URL: 'mysql://x' });
    expect(await run.ended).toBe(1);
    for (const name of ['API_PORT', 'POSTGRES_PORT', 'DATABASE_URL']) expect(run.output()).toContain(name);
  });

  it('comes up seeded, is alone in its folder, stops cleanly, and finds everything again', { timeout: 120_000 }, async () => {
    const env: Record<string, string> = { SLIPWAY_DIR: join(folder, 'whole') };
    for (const name of PORTS) env[name] = String(await freePort());
    const url = `http://localhost:${env.API_PORT}`;
    const first = start(env);
    await ready(first, `${url}/health/ready`);
    const demo = JSON.parse(readFileSync(join(env.SLIPWAY_DIR!, 'demo.json'), 'utf8')) as Demo;
    await useDemo(demo);
    await useConformance(demo);

    const second = start(env);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('runs in this folder already');

    first.child.kill('SIGINT');
    expect(await first.ended, first.output()).toBe(0);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');

    const again = start(env);
    await ready(again, `${url}/health/ready`);
    const same = JSON.parse(readFileSync(join(env.SLIPWAY_DIR!, 'demo.json'), 'utf8')) as Demo;
    expect(same.vendor).toEqual({ ...demo.vendor, registrationToken: same.vendor.registrationToken });
    expect(same.buyer).toEqual(demo.buyer);
    expect(same.instance.instanceId).toBe(demo.instance.instanceId);
    // Other machines and another subscription, whose hours have no usage yet, at once with those of the first start.
    expect(same.conformance.customerIdentifier).not.toBe(demo.conformance.customerIdentifier);
    await useConformance(same);
    expect(await rowsOf(same, `select count(*)::int as machines from api.launch where desired = 'running'`)).toEqual([
      { machines: 2 },
    ]);
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  });

  it('says which port is in use and which setting moves it', { timeout: 60_000 }, async () => {
    const env: Record<string, string> = { SLIPWAY_DIR: join(folder, 'taken') };
    for (const name of PORTS) env[name] = String(await freePort());
    const squatter = createServer().listen(Number(env.METERING_PORT), '127.0.0.1');
    const run = start(env);
    expect(await run.ended).toBe(1);
    expect(run.output()).toContain(`Port ${env.METERING_PORT} is in use`);
    expect(run.output()).toContain('METERING_PORT');
    squatter.close();
  });
});

/** What demo.json promises: keys that work, logins that sign in, a database that answers. */
async function useDemo(demo: Demo): Promise<void> {
  const { vendor, instance } = demo;
  const machine = new MarketplaceMeteringClient({
    region: instance.region,
    endpoint: demo.metering,
    credentials: { ...instance },
  });
  const metered = await machine.send(
    new MeterUsageCommand({
      ProductCode: instance.productCode,
      UsageDimension: instance.dimension,
      Timestamp: new Date(),
      UsageQuantity: 1,
    }),
  );
  expect(metered.MeteringRecordId).toMatch(/^[0-9a-f-]{36}$/);
  const office = new MarketplaceMeteringClient({ region: vendor.region, endpoint: demo.metering, credentials: { ...vendor } });
  expect(await office.send(new ResolveCustomerCommand({ RegistrationToken: vendor.registrationToken }))).toMatchObject({
    CustomerIdentifier: vendor.customerIdentifier,
    CustomerAWSAccountId: vendor.customerAwsAccountId,
    LicenseArn: vendor.licenseArn,
    ProductCode: vendor.productCode,
  });
  for (const [key, kind] of [
    [vendor.apiKey, 'vendor'],
    [demo.buyer.apiKey, 'buyer'],
    [demo.operator.apiKey, 'operator'],
  ]) {
    const me = await fetch(`${demo.api}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
    expect(await me.json()).toMatchObject({ organization: { kind } });
  }
  for (const login of Object.values(demo.logins)) {
    const response = await fetch(`${demo.api}/v1/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: demo.portal },
      body: JSON.stringify(login),
    });
    expect(response.status).toBe(200);
  }
  expect(await rowsOf(demo, 'select count(*)::int as listings from api.listing')).toEqual([{ listings: 2 }]);
  const sample = readFileSync(join(ROOT, 'tools/sample-prices.csv'), 'utf8');
  const rows = sample.trimEnd().split('\n').length - 1;
  expect(await sendPrices(demo.api, demo.operator.apiKey, sample)).toEqual({ added: 0, unchanged: rows });
}

async function rowsOf(demo: Demo, text: string): Promise<object[]> {
  const client = new Client({ connectionString: demo.database });
  await client.connect();
  try {
    return (await client.query(text)).rows as object[];
  } finally {
    await client.end();
  }
}

/** What demo.json promises to other people's clients: usage of earlier hours is taken, and each refusal is the one that is meant. */
async function useConformance({ conformance: given, metering: endpoint }: Demo): Promise<void> {
  const { region, productCode } = given;
  const by = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }): MarketplaceMeteringClient =>
    new MarketplaceMeteringClient({ region, endpoint, credentials });
  const [seller, machine] = [by(given.seller), by(given.instance)];
  const meter = (from: MarketplaceMeteringClient, Timestamp: Date, ProductCode = given.amiProductCode) =>
    from.send(new MeterUsageCommand({ ProductCode, UsageDimension: given.amiDimension, Timestamp, UsageQuantity: 3 }));
  const batch = async (record: Partial<UsageRecord>, ProductCode: string | undefined = productCode) => {
    const UsageRecords = [{ Timestamp: hoursAgo(20), Dimension: given.dimension, Quantity: 7, ...record }];
    const { Results } = await seller.send(new BatchMeterUsageCommand({ ProductCode, UsageRecords }));
    return Results!.map(({ Status }) => Status);
  };
  const register = (from: MarketplaceMeteringClient) =>
    from.send(
      new RegisterUsageCommand({
        ProductCode: given.containerProductCode,
        PublicKeyVersion: given.publicKeyVersion,
        Nonce: 'not said before',
      }),
    );
  const resolve = (RegistrationToken: string) => seller.send(new ResolveCustomerCommand({ RegistrationToken }));
  const error = (name: string) => expect.objectContaining({ name });

  await meter(machine, hoursAgo(5));
  await expect(meter(machine, new Date(), given.otherProductCode)).rejects.toThrow(error('InvalidProductCodeException'));
  await expect(meter(by(given.unentitledInstance), new Date())).rejects.toThrow(error('CustomerNotEntitledException'));
  await expect(meter(by(given.expiredInstance), new Date())).rejects.toThrow(error('ExpiredTokenException'));

  expect(await batch({ CustomerIdentifier: given.customerIdentifier })).toEqual(['Success']);
  expect(await batch({ CustomerAWSAccountId: given.customerAwsAccountId })).toEqual(['Success']);
  expect(await batch({ CustomerIdentifier: given.unsubscribedCustomerIdentifier })).toEqual(['CustomerNotSubscribed']);
  await expect(batch({ CustomerIdentifier: given.customerIdentifier }, given.otherProductCode)).rejects.toThrow(
    error('InvalidProductCodeException'),
  );

  const { Signature } = await register(machine);
  const key = await importSPKI(readFileSync(given.publicKeyFile, 'utf8'), 'PS256');
  const { payload } = await jwtVerify(Signature!, key);
  expect(payload).toMatchObject({
    productCode: given.containerProductCode,
    publicKeyVersion: given.publicKeyVersion,
    nonce: 'not said before',
  });
  await expect(register(by(given.unentitledInstance))).rejects.toThrow(error('CustomerNotEntitledException'));

  const { customerIdentifier: CustomerIdentifier, customerAwsAccountId: CustomerAWSAccountId, licenseArn: LicenseArn } = given;
  expect(await resolve(given.registrationToken)).toMatchObject({ CustomerIdentifier, CustomerAWSAccountId, LicenseArn });
  await expect(resolve(given.expiredRegistrationToken)).rejects.toThrow(error('ExpiredTokenException'));

  const office = new MarketplaceEntitlementServiceClient({ region, endpoint, credentials: given.seller });
  const { Entitlements } = await office.send(
    new GetEntitlementsCommand({
      ProductCode: given.entitledProductCode,
      Filter: { CUSTOMER_IDENTIFIER: [given.customerIdentifier] },
    }),
  );
  expect(Entitlements).toMatchObject([{ Dimension: given.entitledDimension, Value: { IntegerValue: 25 }, LicenseArn }]);
}

/** So many hours ago, though not in the month before, of which nothing is taken once it is billed. */
function hoursAgo(hours: number): Date {
  const now = new Date();
  return new Date(Math.max(now.getTime() - hours * 3_600_000, Date.UTC(now.getUTCFullYear(), now.getUTCMonth())));
}
