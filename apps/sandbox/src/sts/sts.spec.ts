/** STS, through the official SDK: who am I, and being another account's role for a while. */
import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { control, ec2Of, refusal, stsOf } from '../testing/clients.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const assume = (input: object = {}) =>
  stsOf(sandbox).send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::333344445555:role/slipway/launcher', RoleSessionName: 'launch', ...input }),
  );

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

it('refuses the role of an account that nobody knows, and what is no role', async () => {
  expect(await refusal(assume({ RoleArn: 'arn:aws:iam::999988887777:role/launcher' }))).toMatchObject({ code: 'AccessDenied' });
  expect(await refusal(assume({ RoleArn: 'arn:aws:iam::333344445555:user/somebody' }))).toMatchObject({
    code: 'ValidationError',
    status: 400,
  });
  expect(await refusal(assume({ DurationSeconds: 60 }))).toMatchObject({ code: 'ValidationError' });
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
