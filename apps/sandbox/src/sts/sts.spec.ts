/** STS, through the official SDK: who am I, and being another account's role for a while. */
import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { control, ec2Of, refusal, stsOf } from '../testing/clients.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
  await control(sandbox, '/roles', { roleArn: LAUNCHER });
});
afterAll(() => sandbox.close());

const LAUNCHER = 'arn:aws:iam::333344445555:role/slipway/launcher';

const assume = (input: object = {}) =>
  stsOf(sandbox).send(new AssumeRoleCommand({ RoleArn: LAUNCHER, RoleSessionName: 'launch', ...input }));

async function sessionOf(input: object = {}) {
  const { Credentials: made } = await assume(input);
  return {
    accessKeyId: made?.AccessKeyId ?? '',
    secretAccessKey: made?.SecretAccessKey ?? '',
    sessionToken: made?.SessionToken ?? '',
  };
}

it('says who the caller is', async () => {
  expect(await stsOf(sandbox).send(new GetCallerIdentityCommand())).toMatchObject({
    Account: '111122223333',
    Arn: 'arn:aws:iam::111122223333:user/sandbox',
  });
});

it("acts as Globex's account with the credentials of Globex's role", async () => {
  await control(sandbox, '/images', { name: 'globex-own', ownerId: '333344445555', imageId: 'ami-0acce550000000e01' });
  const credentials = await sessionOf({ ExternalId: 'slipway-42' });
  expect(await stsOf(sandbox, { credentials }).send(new GetCallerIdentityCommand())).toMatchObject({
    Account: '333344445555',
    Arn: 'arn:aws:sts::333344445555:assumed-role/launcher/launch',
  });
  const globex = ec2Of(sandbox, { credentials });
  const made = await globex.send(
    new RunInstancesCommand({ ImageId: 'ami-0acce550000000e01', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  expect(made.OwnerId).toBe('333344445555');
  expect((await ec2Of(sandbox).send(new DescribeInstancesCommand())).Reservations).toEqual([]);
});

it('wants the external id that the role was declared with', async () => {
  const RoleArn = 'arn:aws:iam::333344445555:role/careful';
  await control(sandbox, '/roles', { roleArn: RoleArn, externalId: 'slipway-42' });
  expect(await refusal(assume({ RoleArn }))).toMatchObject({ code: 'AccessDenied', status: 403 });
  expect(await refusal(assume({ RoleArn, ExternalId: 'slipway-43' }))).toMatchObject({ code: 'AccessDenied' });
  await expect(assume({ RoleArn, ExternalId: 'slipway-42' })).resolves.toBeDefined();
});

it("refuses another account's role that does not exist there or trusts somebody else, and what is no role", async () => {
  expect(await refusal(assume({ RoleArn: 'arn:aws:iam::333344445555:role/nobody' }))).toMatchObject({ code: 'AccessDenied' });
  const RoleArn = 'arn:aws:iam::333344445555:role/for-acme';
  await control(sandbox, '/roles', { roleArn: RoleArn, externalId: 'slipway-42', trusts: ['222233334444'] });
  expect(await refusal(assume({ RoleArn, ExternalId: 'slipway-42' }))).toMatchObject({ code: 'AccessDenied' });
  await expect(assume({ RoleArn: 'arn:aws:iam::111122223333:role/own' })).resolves.toBeDefined();
  expect(await refusal(assume({ RoleArn: 'arn:aws:iam::333344445555:user/somebody' }))).toMatchObject({
    code: 'ValidationError',
    status: 400,
  });
  expect(await refusal(assume({ DurationSeconds: 60 }))).toMatchObject({ code: 'ValidationError' });
});

it('lacks the permissions that its role lacks, whichever way they are asked for, until the role gets them', async () => {
  const RoleArn = 'arn:aws:iam::333344445555:role/limited';
  const declare = (denied: string[]) => control(sandbox, '/roles', { roleArn: RoleArn, denied });
  await declare(['ec2:RunInstances', 'ec2:Describe*']);
  const globex = ec2Of(sandbox, { credentials: await sessionOf({ RoleArn }) });
  const dryRun = () =>
    refusal(globex.send(new RunInstancesCommand({ DryRun: true, ImageId: 'ami-0acce550000000e01', MinCount: 1, MaxCount: 1 })));
  const denied = await dryRun();
  expect(denied).toMatchObject({ code: 'UnauthorizedOperation', status: 403 });
  expect(denied.message).toContain(
    'User: arn:aws:sts::333344445555:assumed-role/limited/launch is not authorized to perform: ec2:RunInstances',
  );
  const describeInstances = () => globex.send(new DescribeInstancesCommand({}));
  expect(await refusal(describeInstances())).toMatchObject({ code: 'UnauthorizedOperation' });
  await declare([]);
  expect(await dryRun()).toMatchObject({ code: 'DryRunOperation', status: 412 });
  await expect(describeInstances()).resolves.toBeDefined();
  expect((await declare(['run instances'])).status).toBe(400);
});

it('refuses a session without its token and with a token that is not its own', async () => {
  const { accessKeyId, secretAccessKey, sessionToken } = await sessionOf();
  for (const credentials of [
    { accessKeyId, secretAccessKey },
    { accessKeyId, secretAccessKey, sessionToken: `${sessionToken}x` },
  ]) {
    expect(await refusal(ec2Of(sandbox, { credentials }).send(new DescribeInstancesCommand()))).toMatchObject({
      code: 'AuthFailure',
      status: 401,
    });
  }
});
