/** The control port over HTTP: what it does and what it says when it is asked wrongly. */
import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, control, ec2Of, refusal } from '../testing/clients.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const get = async (path: string): Promise<unknown> => (await fetch(`${sandbox.control}${path}`)).json();

it('is well', async () => {
  expect(await get('/health')).toEqual({ status: 'ok' });
});

it('moves the clock to an instant, by a span, and back', async () => {
  const now = async () => Date.parse(((await get('/clock')) as { now: string }).now);
  await control(sandbox, '/clock', { now: '2031-02-01T00:00:00Z' });
  expect(Math.abs((await now()) - Date.parse('2031-02-01T00:00:00Z'))).toBeLessThan(2000);
  await control(sandbox, '/clock', { advanceMs: 3_600_000 });
  expect(Math.abs((await now()) - Date.parse('2031-02-01T01:00:00Z'))).toBeLessThan(2000);
  await control(sandbox, '/clock', { reset: true });
  expect(Math.abs((await now()) - Date.now())).toBeLessThan(2000);
});

it('takes faults and forgets them', async () => {
  const answer = await control(sandbox, '/faults', { operation: 'DescribeInstances', code: 'UnauthorizedOperation', times: 5 });
  expect(answer.status).toBe(201);
  const describeInstances = () => ec2Of(sandbox).send(new DescribeInstancesCommand());
  expect(await refusal(describeInstances())).toMatchObject({ code: 'UnauthorizedOperation', status: 403 });
  expect((await fetch(`${sandbox.control}/faults`, { method: 'DELETE' })).status).toBe(204);
  await expect(describeInstances()).resolves.toBeDefined();
});

it('lists instances of all accounts with the state they are in', async () => {
  const made = await ec2Of(sandbox).send(
    new RunInstancesCommand({ ImageId: ACME_VAULT, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  await control(sandbox, '/clock', { advanceMs: 1000 });
  expect(await get('/instances')).toMatchObject([
    { instanceId: made.Instances?.[0]?.InstanceId, accountId: '111122223333', state: 'running' },
  ]);
});

it('changes an image that exists and keeps the rest of it', async () => {
  await control(sandbox, '/images', { imageId: ACME_VAULT, name: 'acme-vault-1.0.0', ownerId: '222233334444', boots: false });
  const image = await control(sandbox, '/images', {
    imageId: ACME_VAULT,
    name: 'acme-vault-1.0.0',
    ownerId: '222233334444',
    boots: true,
  });
  expect(await image.json()).toMatchObject({ imageId: ACME_VAULT, boots: true, launchPermissions: ['111122223333'] });
});

it.each([
  ['/faults', { operation: 'RunInstances', codee: 'InternalError' }, 'codee'],
  ['/faults', { operation: 'RunInstances' }, 'code is expected'],
  ['/clock', { now: 'tomorrow' }, 'now'],
  ['/clock', {}, 'exactly one'],
  ['/access-keys', { accessKeyId: 'AKIAGLOBEX0000000001', secretAccessKey: 'x', accountId: 'Globex' }, '12 digits'],
  ['/images', { name: 'x', ownerId: '222233334444', imageId: 'ami-acme' }, 'hexadecimal'],
])('refuses %s %j with the reason', async (path, body, reason) => {
  const answer = await control(sandbox, path, body);
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { error: string }).error).toContain(reason);
});

it('answers what it does not have with a list of what it has', async () => {
  const answer = await control(sandbox, '/dance');
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({
    routes: expect.arrayContaining(['GET /clock', 'POST /faults', 'POST /instances/:id/lose']),
  });
});

it('goes back to a fresh sandbox, with the same identity certificate', async () => {
  const certificate = await (await fetch(`${sandbox.control}/identity-certificate`)).text();
  await control(sandbox, '/clock', { advanceMs: 1000 });
  expect((await control(sandbox, '/reset')).status).toBe(204);
  expect(await get('/instances')).toEqual([]);
  expect(await (await fetch(`${sandbox.control}/identity-certificate`)).text()).toBe(certificate);
  expect((await ec2Of(sandbox).send(new DescribeInstancesCommand())).Reservations).toEqual([]);
});
