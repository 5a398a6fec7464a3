/**
 * One's own AWS account, from beginning to end, through the one origin: Globex connects it, makes the role that the template says,
 * is told what the role lacks, launches there, and leaves. Api and launcher are real, STS and EC2 are the sandbox's.
 */
import { parse } from 'yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Policy } from '#domain/aws-access.ts';
import { Account } from '#testing/account.ts';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { launcher } from '../../../launcher/src/launcher.app.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import type { LaunchView } from '../launches/launches.schema.ts';
import { startApi } from '../testing.ts';
import type { AwsConnectionView } from './aws-connections.schema.ts';

const PASSWORD = 'correct horse battery';
const GLOBEX_AWS = '333344445555';

let database: TestDatabase;
let sandbox: Sandbox;
let launching: AppUnderTest;
let api: AppUnderTest;
let acme: Account;
let globex: Account;
let connection: AwsConnectionView;
let productId: string;
let subscriptionId: string;
let launchId: string;
const clock = new TestClock('2026-01-05T09:00:00Z');

beforeAll(async () => {
  [database, sandbox] = await Promise.all([createTestDatabase(), startSandbox({ bootMs: 40, copyMs: 40 })]);
  sandbox.clock.set(clock.now());
  const settings = {
    AWS_ENDPOINT_URL_EC2: sandbox.ec2,
    AWS_ENDPOINT_URL_STS: sandbox.sts,
    AWS_ACCESS_KEY_ID: 'AKIASLIPWAYSANDBOX01',
    AWS_SECRET_ACCESS_KEY: 'sandbox-secret-do-not-use-elsewhere',
    HEALTH_TIMEOUT_MS: '500',
  };
  launching = await startApp(launcher, { database, clock, settings });
  api = await startApi(database, clock, { LAUNCHER_URL: launching.url });
  const open = (name: string, kind: 'vendor' | 'buyer'): Promise<Account> =>
    Account.open(api.url, { name, email: `it@${name.toLowerCase()}.test`, password: PASSWORD, kind });
  [acme, globex] = [await open('Acme', 'vendor'), await open('Globex', 'buyer')];

  ({ id: productId } = await acme.post<{ id: string }>('/v1/products', { name: 'Acme Vault' }));
  const { id: versionId } = await acme.post<{ id: string }>(`/v1/products/${productId}/versions`, {
    title: '1.0.0',
    imageId: 'ami-0acce550000000001',
    imageRegion: 'us-east-1',
    regions: ['us-east-1'],
    instanceTypes: ['t3.micro'],
    urlTemplate: `http://{address}:${sandbox.appliancePort}/`,
  });
  const terms = { currency: 'USD', terms: 'Use it well.', prices: [{ model: 'hourly', rate: '0.25' }] };
  const offer = await acme.put<{ id: string; termsSha256: string }>(`/v1/products/${productId}/offer`, terms);
  await launching.settle();
  const listing = { slug: 'acme-vault', summary: 'Keeps secrets.', description: 'Long.', category: 'security', versionId };
  await acme.put(`/v1/products/${productId}/listing`, listing);
  const accept = { offerId: offer.id, termsSha256: offer.termsSha256 };
  ({ id: subscriptionId } = await globex.post<{ id: string }>('/v1/subscriptions', accept));
}, 60_000);
afterAll(async () => {
  await api.close();
  await launching.close();
  await sandbox.close();
  await database.drop();
});

const shares = async (): Promise<unknown[]> => (await globex.get<{ items: unknown[] }>('/v1/image-shares')).items;

/** What CloudFormation does with the template, as far as a sandbox without IAM can: a role that trusts whom it says. */
async function createStack(template: string, lacking: string[] = []): Promise<string> {
  const roleArn = `arn:aws:iam::${GLOBEX_AWS}:role/slipway/SlipwayRole-1ABC`;
  const { Properties } = (parse(template) as { Resources: { SlipwayRole: { Properties: { AssumeRolePolicyDocument: Policy } } } })
    .Resources.SlipwayRole;
  const [trust] = Properties.AssumeRolePolicyDocument.Statement;
  const role = {
    roleArn,
    externalId: trust!.Condition!.StringEquals!['sts:ExternalId'],
    trusts: [trust!.Principal!.AWS.split(':')[4]],
    denied: lacking,
  };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${sandbox.control}/roles`, { method: 'POST', headers, body: JSON.stringify(role) });
  expect(answer.status).toBe(201);
  return roleArn;
}

it('is connected by a role from the template, and told what an older role lacks', async () => {
  connection = await globex.post<AwsConnectionView>('/v1/aws-connections', { accountId: GLOBEX_AWS, name: 'Production' });
  const template = await (await globex.send('GET', `/v1/aws-connections/${connection.id}/template`)).text();
  const roleArn = await createStack(template, ['ec2:TerminateInstances']);
  expect(await globex.put(`/v1/aws-connections/${connection.id}/role`, { roleArn })).toMatchObject({ state: 'testing' });
  await launching.settle();
  expect(await globex.get(`/v1/aws-connections/${connection.id}`)).toMatchObject({
    state: 'failing',
    problems: ['The role may not ec2:TerminateInstances (to end machines): add it, or update the stack from the template.'],
  });

  await createStack(template);
  expect(await globex.post(`/v1/aws-connections/${connection.id}/test`)).toMatchObject({ state: 'testing' });
  await launching.settle();
  expect(await globex.get(`/v1/aws-connections/${connection.id}`)).toMatchObject({ state: 'ok', problems: [] });
});

it('has the image shared with it, and runs a machine of it', async () => {
  expect(await shares()).toMatchObject([{ product: 'Acme Vault', region: 'us-east-1', accountId: GLOBEX_AWS, state: 'shared' }]);
  const wish = { subscriptionId, region: 'us-east-1', instanceType: 't3.micro', awsConnectionId: connection.id };
  ({ id: launchId } = await globex.post<LaunchView>('/v1/launches', wish));
  const state = async (): Promise<string> => (await globex.get<LaunchView>(`/v1/launches/${launchId}`)).state;
  await launching.settle(async () => (await state()) === 'healthy');
  const machines = (await (await fetch(`${sandbox.control}/instances`)).json()) as Array<{ accountId: string; state: string }>;
  expect(machines.filter(({ state: is }) => is === 'running')).toMatchObject([{ accountId: GLOBEX_AWS }]);
});

it('is left with everything that ran there ended, the image taken back, and the connection removed', async () => {
  await expect(globex.delete(`/v1/aws-connections/${connection.id}`)).rejects.toMatchObject({
    problem: { code: 'connection_in_use' },
  });
  await globex.delete(`/v1/subscriptions/${subscriptionId}`);
  clock.advance({ minutes: 5 });
  sandbox.clock.set(clock.now());
  await launching.settle();
  expect(await globex.get(`/v1/launches/${launchId}`)).toMatchObject({ state: 'terminated', failure: null });
  expect(await shares()).toEqual([]);
  await globex.delete(`/v1/aws-connections/${connection.id}`);
  expect(await globex.get('/v1/aws-connections')).toEqual({ items: [] });
});
