import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MeterUsageCommand } from '@aws-sdk/client-marketplace-metering';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { GLOBEX_AWS_ACCOUNT, subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { freePort } from '#testing/ports.ts';
import { metering } from '../../../metering/src/metering.app.ts';
import { AGENT, curlSigns } from '../../../agent/testing/road.ts';
import { certificateFile, launchedMachine } from '../../../metering/src/testing/ec2.ts';
import { machine, meteringClient, vendorKey } from '../../../metering/src/testing/wire.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import type { Fault } from './judge.ts';
import type { Result } from './results.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const SLIPWAY = join(ROOT, 'apps/cli/slipway.mjs');
const METERERS = join(import.meta.dirname, 'testing');

let database: TestDatabase;
let sandbox: Sandbox;
let app: AppUnderTest;
let shop: Marketplace;
let folder: string;

beforeAll(async () => {
  [database, sandbox] = await Promise.all([createTestDatabase(), startSandbox({ bootMs: 0 })]);
  app = await startApp(metering, { database, settings: { IDENTITY_CERTIFICATES_FILE: certificateFile(sandbox) } });
});

afterAll(async () => {
  await app?.close();
  await sandbox?.close();
  await database?.drop();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-certify-spec-'));
  shop = await subscribedMarketplace(database);
  // Each spec's buyer has the same AWS account, which would leave open whose usage it is.
  await database.sql('update api.organization set "awsAccountId" = null where kind = \'buyer\' and id <> $1', [shop.buyerId]);
  const [vault, key] = [await machine(database, shop), await vendorKey(database, shop.vendorId)];
  const region = 'us-east-1';
  writeFileSync(
    join(folder, 'demo.json'),
    JSON.stringify({
      metering: app.url,
      vendor: {
        ...key,
        region,
        productCode: shop.productCode,
        dimensions: ['users'],
        customerAwsAccountId: GLOBEX_AWS_ACCOUNT,
        licenseArn: shop.licenseArn,
      },
      instance: { ...vault.credentials, region, productCode: shop.productCode },
    }),
  );
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Certified {
  status: number;
  out: string;
  results: Result[];
}

function certify(options: string[], meterer: string[] = [], program: string[] = []): Promise<Certified> {
  const json = join(folder, 'result.json');
  const args = [SLIPWAY, 'certify', '--demo', join(folder, 'demo.json'), '--json', json, ...options];
  const sample = meterer.length > 0 ? [process.execPath, join(METERERS, meterer[0]!), ...meterer.slice(1)] : program;
  const command = sample.length > 0 ? ['--', ...sample] : [];
  const { AWS_ACCESS_KEY_ID: _, ...env } = process.env;
  return new Promise((done) => {
    execFile(process.execPath, [...args, ...command], { env, cwd: folder }, (error, out, trouble) => {
      const status = error ? Number(error.code) : 0;
      const results = status < 2 ? (JSON.parse(readFileSync(json, 'utf8')) as { scenarios: Result[] }).scenarios : [];
      done({ status, out: `${out}${trouble}`, results });
    });
  });
}

const rules = (results: Result[]): string[] =>
  [...new Set(results.flatMap(({ faults }) => faults.map((fault: Fault) => fault.rule)))].sort();

describe('slipway certify', () => {
  it('has nothing to say against a machine that meters as it should', { timeout: 120_000 }, async () => {
    const { status, results, out } = await certify(
      ['--dimension', 'users', '--junit', join(folder, 'junit.xml')],
      ['right-meter.ts'],
    );
    expect(out).toContain('✓ outage');
    expect([status, rules(results)]).toEqual([0, []]);
    expect(results.map(({ scenario, skipped }) => `${scenario}${skipped ? ' -' : ''}`)).toEqual([
      'plain',
      'lost-answer',
      'throttle',
      'outage',
      'partial -',
      'refused',
      'too-late',
    ]);
    expect(results[2]!.calls).not.toHaveLength(0);
    const junit = readFileSync(join(folder, 'junit.xml'), 'utf8');
    expect(junit).toContain('<testsuite name="throttle" tests="15" failures="0"');
    expect(junit.match(/<failure/g)).toBeNull();
  });

  it('has nothing to say against a vendor who meters as he should', { timeout: 120_000 }, async () => {
    const { status, results } = await certify(['--as', 'vendor'], ['right-meter.ts', 'vendor']);
    expect([status, rules(results)]).toEqual([0, []]);
    expect(results.filter(({ skipped }) => skipped)).toEqual([]);
  });

  it('has nothing to say against slipway-agent batch', { timeout: 120_000 }, async ({ skip }) => {
    skip(!curlSigns(), 'curl 7.86 or later is not installed');
    const script = join(folder, 'meter.sh');
    const record = (hours: number): string =>
      `{"Timestamp":'$((now - ${hours} * 3600))',"CustomerAWSAccountId":"'$SLIPWAY_CUSTOMER_AWS_ACCOUNT_ID'","LicenseArn":"'$SLIPWAY_LICENSE_ARN'","Dimension":"users","Quantity":${hours}}`;
    writeFileSync(
      script,
      `unset SLIPWAY_PRODUCT_CODE; file=$SLIPWAY_SCENARIO_DIR/usage.jsonl; now=$(date +%s)
       [ -s $file ] || printf '%s\\n' '${[0, 1, 2, 3].map(record).join("' '")}' >$file
       exec ${AGENT} batch $file`,
    );
    const played = ['plain', 'lost-answer', 'partial', 'refused', 'too-late'];
    const { status, results, out } = await certify(['--as', 'vendor', '--scenario', ...played], [], ['sh', script]);
    expect([status, rules(results)], out).toEqual([0, []]);
    expect(results.filter(({ skipped }) => skipped)).toEqual([]);
  });

  it('has nothing to say against slipway-agent send', { timeout: 120_000 }, async ({ skip }) => {
    skip(!curlSigns(), 'curl 7.86 or later is not installed');
    const { imds } = await launchedMachine(sandbox, database, shop);
    const script = join(folder, 'meter.sh');
    // The nonce is the machine's and stays; the reports are of one scenario.
    writeFileSync(
      script,
      `export SLIPWAY_STATE_DIR=${folder}/state AWS_EC2_METADATA_SERVICE_ENDPOINT=${imds}
       rm -rf $SLIPWAY_STATE_DIR/spool.*; ${AGENT} report users 7 && exec ${AGENT} send`,
    );
    const played = ['plain', 'lost-answer', 'outage', 'refused', 'too-late'];
    const { status, results, out } = await certify(['--scenario', ...played], [], ['sh', script]);
    expect([status, rules(results)], out).toEqual([0, []]);
    expect(results.filter(({ skipped }) => skipped)).toEqual([]);
  });

  it.each([
    ['silent', 'plain', 'machine', ['something-reported', 'every-dimension']],
    ['events', 'plain', 'machine', ['whole-quantity', 'once-an-hour', 'same-quantity', 'taken-by-the-market']],
    ['local', 'plain', 'machine', ['utc-hour-of-use', 'taken-by-the-market']],
    ['milliseconds', 'plain', 'machine', ['utc-hour-of-use', 'taken-by-the-market']],
    ['stale', 'plain', 'machine', ['utc-now']],
    ['unknown', 'plain', 'machine', ['every-dimension', 'taken-by-the-market']],
    ['token', 'plain', 'machine', ['same-words', 'taken-by-the-market']],
    ['crowd', 'plain', 'vendor', ['batch-size', 'once-an-hour', 'taken-by-the-market']],
    ['hasty', 'throttle', 'machine', ['same-quantity', 'same-words', 'growing-waits']],
    ['steady', 'throttle', 'machine', ['growing-waits']],
    ['hasty', 'too-late', 'machine', ['no-retry-of-refusals', 'refusals-noticed']],
    ['forgetful', 'outage', 'machine', ['nothing-lost']],
    ['forgetful', 'lost-answer', 'machine', ['nothing-lost']],
    ['trusting', 'partial', 'vendor', ['unprocessed-again']],
    ['trusting', 'refused', 'vendor', ['refusals-noticed']],
    ['dropping', 'too-late', 'vendor', ['nothing-lost']],
    ['wasteful', 'partial', 'vendor', ['unprocessed-again']],
  ])('names what the %s meterer does wrong in the scenario %s', async (mistake, scenario, who, expected) => {
    const { status, results, out } = await certify(
      ['--as', who, '--scenario', scenario, '--dimension', 'users'],
      ['wrong-meter.ts', mistake],
    );
    expect(status, out).toBe(1);
    expect(rules(results)).toEqual(expect.arrayContaining(expected));
  });

  it('says what was seen, what is expected and how to get there', async () => {
    const { out, results } = await certify(['--scenario', 'throttle'], ['wrong-meter.ts', 'steady']);
    expect(out).toMatch(
      /✗ throttle: the first 5 tries are throttled.*\n {4}growing-waits\n {6}saw {6}this machine users .*#1, #2/,
    );
    expect(out).toMatch(/expected After ThrottlingException/);
    expect(out).toMatch(/fix {6}Double the wait/);
    expect(out).toMatch(/#1 \+0\.0 s MeterUsage users 5 of 20.*: failed \(ThrottlingException\)/);
    expect(results[0]!.calls[5]!.reports[0]).toMatchObject({ outcome: 'accepted', quantity: 5 });
  });

  it('waits for software that runs already when there is no command', async () => {
    const port = await freePort();
    const waiting = certify(['--scenario', 'plain', '--seconds', '6', '--port', String(port)]);
    const vault = await machine(database, shop);
    const client = meteringClient(`http://127.0.0.1:${port}`, vault.credentials);
    const report = { ProductCode: shop.productCode, UsageDimension: 'users', UsageQuantity: 5, Timestamp: new Date() };
    await vi.waitFor(() => client.send(new MeterUsageCommand(report)), { timeout: 20_000, interval: 200 });
    const { status, results } = await waiting;
    expect([status, results[0]?.calls.length, results[0]?.runs]).toEqual([0, 1, 0]);
  });

  it('makes no sense of a command line that makes none', async () => {
    expect(await certify(['--scenario', 'sunshine'])).toMatchObject({ status: 2, out: expect.stringContaining('sunshine') });
    expect(await certify(['--metering', 'http://127.0.0.1:1'], ['right-meter.ts'])).toMatchObject({
      status: 2,
      out: expect.stringContaining('nobody answers'),
    });
    expect(await certify(['--demo', 'nowhere.json'])).toMatchObject({
      status: 2,
      out: expect.stringContaining('cannot read nowhere.json'),
    });
  });
});
