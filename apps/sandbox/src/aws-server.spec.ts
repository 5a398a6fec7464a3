/** The wire that EC2 and STS share: signatures, unknown calls and parameters, faults. */
import { DescribeInstancesCommand, DescribeRegionsCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from './server.ts';
import { ACME_VAULT, control, ec2Of, refusal, stsOf, type Given } from './testing/clients.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** A client that sends a call whose form was changed before it is signed. */
function altered(change: (form: string) => string, given: Given = {}): EC2Client {
  const client = ec2Of(sandbox, given);
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: string; headers: Record<string, string> };
      request.body = change(request.body);
      request.headers['content-length'] = String(Buffer.byteLength(request.body));
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  return client;
}

const regions = (client: EC2Client) => client.send(new DescribeRegionsCommand());

describe('who may call', () => {
  it('refuses a request without a signature, in the shape of EC2', async () => {
    const answer = await fetch(sandbox.ec2, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'DescribeRegions', Version: '2016-11-15' }),
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Response><Errors><Error><Code>MissingAuthenticationToken<\/Code><Message>[^<]+<\/Message><\/Error><\/Errors><RequestID>[0-9a-f-]+<\/RequestID><\/Response>$/,
    );
  });

  it('refuses an access key that it does not know', async () => {
    const stranger = { credentials: { accessKeyId: 'AKIASTRANGER00000001', secretAccessKey: 'x' } };
    expect(await refusal(regions(ec2Of(sandbox, stranger)))).toMatchObject({ code: 'AuthFailure', status: 401 });
    expect(await refusal(stsOf(sandbox, stranger).send(new GetCallerIdentityCommand()))).toMatchObject({
      code: 'InvalidClientTokenId',
      status: 403,
    });
  });

  it('refuses a signature made with another secret', async () => {
    const forger = { credentials: { accessKeyId: 'AKIASLIPWAYSANDBOX01', secretAccessKey: 'guessed' } };
    expect(await refusal(regions(ec2Of(sandbox, forger)))).toMatchObject({ code: 'SignatureDoesNotMatch', status: 403 });
    expect(await refusal(stsOf(sandbox, forger).send(new GetCallerIdentityCommand()))).toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 403,
    });
  });

  it('refuses a body that was changed on the way', async () => {
    const client = ec2Of(sandbox);
    const meddle = (next: (args: unknown) => unknown) => (args: { request: { body: string } }) => {
      args.request.body = args.request.body.replace('DescribeRegions', 'DescribeImages_');
      return next(args);
    };
    client.middlewareStack.addRelativeTo(meddle as never, { relation: 'after', toMiddleware: 'httpSigningMiddleware' });
    expect(await refusal(regions(client))).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it('refuses a signature of sixteen minutes ago by the wall clock, whatever the clock of the sandbox says', async () => {
    sandbox.clock.advance(30 * 24 * 3_600_000);
    await expect(regions(ec2Of(sandbox))).resolves.toBeDefined();
    const behind = new EC2Client({ ...(await configOf()), systemClockOffset: -16 * 60_000 });
    expect(await refusal(regions(behind))).toMatchObject({ code: 'RequestExpired', status: 400 });
    const slightly = new EC2Client({ ...(await configOf()), systemClockOffset: -14 * 60_000 });
    await expect(regions(slightly)).resolves.toBeDefined();
    sandbox.clock.reset();
  });

  const configOf = async () => {
    const { endpoint, region, credentials } = ec2Of(sandbox).config;
    return { endpoint: await endpoint?.(), region: await region(), credentials, maxAttempts: 1 };
  };

  it('refuses a region that does not exist', async () => {
    expect(await refusal(regions(ec2Of(sandbox, { region: 'mars-1' })))).toMatchObject({ code: 'AuthFailure' });
  });
});

describe('what it does not know', () => {
  it('answers an unknown action with 501 and its name', async () => {
    const client = altered((form) => form.replace('Action=DescribeRegions', 'Action=CreateFleet'));
    const refused = await refusal(regions(client));
    expect(refused).toMatchObject({ code: 'InvalidAction', status: 501 });
    expect(refused.message).toContain('The sandbox does not know CreateFleet.');
  });

  it('refuses an unknown parameter, also deep inside, by name', async () => {
    expect(await refusal(regions(altered((form) => `${form}&Colour=red`)))).toMatchObject({
      code: 'UnknownParameter',
      message: 'The parameter Colour is not recognized',
      status: 400,
    });
    expect(await refusal(regions(altered((form) => `${form}&Filter.1.Name=endpoint&Filter.1.Colour=red`)))).toMatchObject({
      code: 'UnknownParameter',
      message: 'The parameter Filter.1.Colour is not recognized',
    });
  });

  it('refuses a missing parameter, a wrong type and a form that contradicts itself', async () => {
    expect(await refusal(regions(altered((form) => `${form}&Filter.1.Value.1=x`)))).toMatchObject({
      code: 'MissingParameter',
      message: 'The request must contain the parameter Filter.1.Name',
    });
    expect(await refusal(regions(altered((form) => `${form}&AllRegions=maybe`)))).toMatchObject({
      code: 'InvalidParameterValue',
    });
    expect(await refusal(regions(altered((form) => `${form}&Filter=x&Filter.1.Name=y`)))).toMatchObject({
      code: 'MalformedQueryString',
    });
    expect(await refusal(regions(altered((form) => form.replace('2016-11-15', '2014-01-01'))))).toMatchObject({
      code: 'InvalidParameterValue',
    });
  });
});

describe('a fault', () => {
  const run = (client: EC2Client, ClientToken: string) =>
    client.send(
      new RunInstancesCommand({ ImageId: ACME_VAULT, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ClientToken }),
    );
  const launched = async (token: string) => {
    const seen = await ec2Of(sandbox).send(
      new DescribeInstancesCommand({ Filters: [{ Name: 'client-token', Values: [token] }] }),
    );
    return seen.Reservations ?? [];
  };

  it('refuses the next call with the code and the status that EC2 sends with it, and the one after that succeeds', async () => {
    sandbox.faults.failNext({ operation: 'RunInstances', code: 'InsufficientInstanceCapacity' });
    expect(await refusal(run(ec2Of(sandbox), 'fault-1'))).toMatchObject({ code: 'InsufficientInstanceCapacity', status: 500 });
    expect(await launched('fault-1')).toEqual([]);
    await expect(run(ec2Of(sandbox), 'fault-1')).resolves.toBeDefined();
    sandbox.faults.failNext({ operation: 'RunInstances', code: 'RequestLimitExceeded' });
    expect(await refusal(run(ec2Of(sandbox), 'fault-2'))).toMatchObject({ code: 'RequestLimitExceeded', status: 503 });
    sandbox.faults.failNext({ operation: 'GetCallerIdentity', code: 'Throttling', httpStatus: 400 });
    expect(await refusal(stsOf(sandbox).send(new GetCallerIdentityCommand()))).toMatchObject({ code: 'Throttling', status: 400 });
  });

  it('does the work and hangs up, so that only a repeat with the token hears of it', async () => {
    await control(sandbox, '/faults', { operation: 'RunInstances', commitThenTimeOut: true });
    const failed = await refusal(run(ec2Of(sandbox), 'fault-3'));
    expect(failed.status).toBeUndefined();
    expect(await launched('fault-3')).toHaveLength(1);
    const repeated = await run(ec2Of(sandbox), 'fault-3');
    const after = await launched('fault-3');
    expect(after).toHaveLength(1);
    expect(after[0]?.ReservationId).toBe(repeated.ReservationId);
  });

  it('is ridden out by an SDK that retries', async () => {
    sandbox.faults.failNext({ operation: 'RunInstances', code: 'RequestLimitExceeded', times: 1 });
    sandbox.faults.failNext({ operation: 'RunInstances', code: '', commitThenTimeOut: true });
    await expect(run(ec2Of(sandbox, { maxAttempts: 3 }), 'fault-4')).resolves.toBeDefined();
    expect(await launched('fault-4')).toHaveLength(1);
  });
});
