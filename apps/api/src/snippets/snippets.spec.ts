/** A launch as text for other tools: the same options and refusals as a launch, and a script that makes the machine for real. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isHere } from '#domain/snippets/testing/orders.ts';
import { newId } from '#platform/ids.ts';
import { Account } from '#testing/account.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import { startApi, type AppUnderTest } from '../testing.ts';
import type { SnippetView } from './snippets.schema.ts';

const PASSWORD = 'correct horse battery';
const IMAGE = 'ami-0acce550000000001';

let database: TestDatabase;
let app: AppUnderTest;
let globex: Account;
let subscriptionId: string;
let productCode: string;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApi(database);
  const open = (name: string, kind: 'vendor' | 'buyer'): Promise<Account> =>
    Account.open(app.url, { name, email: `it@${name.toLowerCase()}.test`, password: PASSWORD, kind });
  const acme = await open('Acme', 'vendor');
  globex = await open('Globex', 'buyer');
  const product = await acme.post<{ id: string; productCode: string }>('/v1/products', { name: 'Acme Vault' });
  productCode = product.productCode;
  const { id: versionId } = await acme.post<{ id: string }>(`/v1/products/${product.id}/versions`, {
    title: '1.0.0',
    imageId: IMAGE,
    imageRegion: 'us-east-1',
    regions: ['us-east-1'],
    instanceTypes: ['t3.micro'],
    urlTemplate: 'http://{address}:8080/',
    ports: [{ port: 9000, protocol: 'udp', description: 'Sync' }],
    userDataTemplate: '#!/bin/sh\necho {{greeting|json}}\n',
    dataVolumes: [{ name: 'data', device: '/dev/sdf', sizeGib: 10, mountPath: '/data' }],
  });
  await database.sql(
    `insert into launcher.image (id, version_id, region, state, ami_id, checks, created_at, ready_at)
     values (gen_random_uuid(), $1, 'us-east-1', 'ready', $2, '[]', now(), now())`,
    [versionId, IMAGE],
  );
  const offer = await acme.put<{ id: string; termsSha256: string }>(`/v1/products/${product.id}/offer`, {
    currency: 'USD',
    terms: 'Use it well.',
    prices: [{ model: 'hourly', rate: '0.25' }],
  });
  const listing = { slug: 'acme-vault', summary: 'Keeps secrets.', description: 'Long text.', category: 'security', versionId };
  await acme.put(`/v1/products/${product.id}/listing`, listing);
  ({ id: subscriptionId } = await globex.post<{ id: string }>('/v1/subscriptions', {
    offerId: offer.id,
    termsSha256: offer.termsSha256,
  }));
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const write = (given: object = {}): Promise<SnippetView> =>
  globex.post('/v1/snippets', {
    format: 'cloudformation-yaml',
    subscriptionId,
    region: 'us-east-1',
    instanceType: 't3.micro',
    userData: { greeting: 'it\'s ${HOME} sweet "home"' },
    ...given,
  });

describe('a snippet', () => {
  it('has what a launch would have, and launches nothing', async () => {
    const { text, ...rest } = await write({ sshFrom: '203.0.113.0/24', keyName: 'globex', tags: { team: 'blue' } });
    expect(rest).toEqual({ format: 'cloudformation-yaml', fileName: 'slipway.yaml', region: 'us-east-1', imageId: IMAGE });
    const { Machine, Firewall, Volume1 } = parse(text).Resources;
    expect(Machine.Properties).toMatchObject({ ImageId: IMAGE, InstanceType: 't3.micro', KeyName: 'globex' });
    expect(Machine.Properties.Tags).toEqual(
      expect.arrayContaining([
        { Key: 'Name', Value: 'Acme Vault 1.0.0' },
        { Key: 'team', Value: 'blue' },
        { Key: 'slipway:subscription', Value: subscriptionId },
      ]),
    );
    // An instance of ours it is not: it would be taken for a machine that the launcher has made.
    expect(text).not.toContain('slipway:instance');
    expect(Machine.Properties.UserData['Fn::Base64']).toContain(
      JSON.stringify({ slipway: { productCode, meteringUrl: 'http://localhost:4020' } }),
    );
    expect(Firewall.Properties.SecurityGroupIngress.map((rule: Record<string, unknown>) => [rule.FromPort, rule.CidrIp])).toEqual(
      [
        [22, '203.0.113.0/24'],
        [8080, '0.0.0.0/0'],
        [9000, '0.0.0.0/0'],
      ],
    );
    expect(Volume1.Properties).toMatchObject({ Size: 10, VolumeType: 'gp3' });
    expect(await database.sql('select id from api.launch')).toEqual([]);
  });

  it('may name a subnet, for it is run in an account of the buyer’s own', async () => {
    const { text } = await write({ subnetId: 'subnet-0123456789abcdef0', format: 'terraform' });
    expect(text).toContain('data "aws_subnet" "machine"');
  });

  it('is refused as a launch would be', async () => {
    const refused = (given: object) => expect(write(given)).rejects;
    await refused({ region: 'eu-west-1' }).toMatchObject({ problem: { code: 'region_not_offered' } });
    await refused({ instanceType: 'm7i.large' }).toMatchObject({ problem: { code: 'instance_type_not_offered' } });
    await refused({ userData: {} }).toMatchObject({ problem: { code: 'invalid_user_data' } });
    await refused({ sshFrom: '0.0.0.0/0' }).toMatchObject({ problem: { code: 'invalid_request' } });
    await refused({ format: 'pulumi' }).toMatchObject({ problem: { code: 'invalid_request' } });
    await refused({ subscriptionId: newId() }).toMatchObject({ problem: { code: 'subscription_not_found' } });
  });
});

describe.skipIf(!isHere('aws', '--version'))('the AWS CLI, where it is installed', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ bootMs: 1 });
  });
  afterAll(() => sandbox?.close());

  it('makes the machine with its disk by the script', { timeout: 240_000 }, async () => {
    const { text } = await write({ format: 'aws-cli', tags: { team: 'ops = blue' } });
    const env = {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      AWS_ENDPOINT_URL_EC2: sandbox.ec2,
      AWS_ACCESS_KEY_ID: 'AKIASLIPWAYSANDBOX01',
      AWS_SECRET_ACCESS_KEY: 'sandbox-secret-do-not-use-elsewhere',
    };
    const { stdout } = await promisify(execFile)('sh', ['-c', text], { env });
    expect(stdout).toMatch(/http:\/\/[\d.]+:8080\/\n$/);
    const machines = (await (await fetch(`${sandbox.control}/instances`)).json()) as Array<Record<string, unknown>>;
    expect(machines).toEqual([
      expect.objectContaining({ imageId: IMAGE, tags: expect.objectContaining({ team: 'ops = blue' }) }),
    ]);
    const userData = Buffer.from(String(machines[0]!.userData), 'base64').toString();
    expect(userData).toMatch(/^#!\/bin\/sh\necho "it\\u0027s/);
  });
});
