/** Connecting one's own AWS account, through `api` alone; what the launcher would have found is put there by hand. */
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buyerPolicy, trustPolicy } from '#domain/aws-access.ts';
import { newId } from '#platform/ids.ts';
import { Account } from '#testing/account.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { PLATFORM_AWS_ACCOUNT, startApi, type AppUnderTest } from '../testing.ts';
import type { LaunchView } from '../launches/launches.schema.ts';
import type { AwsConnectionView } from './aws-connections.schema.ts';

const PASSWORD = 'correct horse battery';
const GLOBEX_AWS = '333344445555';
const ROLE = `arn:aws:iam::${GLOBEX_AWS}:role/slipway/SlipwayRole-1ABC`;

describe('a connection to a buyer’s AWS account', () => {
  let database: TestDatabase;
  let app: AppUnderTest;
  let acme: Account;
  let globex: Account;
  let hooli: Account;
  let connection: AwsConnectionView;
  const clock = new TestClock('2026-01-05T09:00:00Z');

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApi(database, clock);
    const open = (name: string, kind: 'vendor' | 'buyer'): Promise<Account> =>
      Account.open(app.url, { name, email: `it@${name.toLowerCase()}.test`, password: PASSWORD, kind });
    [acme, globex, hooli] = [await open('Acme', 'vendor'), await open('Globex', 'buyer'), await open('Hooli', 'buyer')];
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const path = (rest = ''): string => `/v1/aws-connections/${connection.id}${rest}`;
  const get = (): Promise<AwsConnectionView> => globex.get<AwsConnectionView>(path());
  const rung = (queue: string, id: string): Promise<unknown[]> =>
    database.sql('select 1 from pgboss.job where name = $1 and singleton_key = $2', [queue, id]);
  const checked = (answers: number, problems: string[], roleArn = ROLE): Promise<unknown> =>
    database.sql(
      `insert into launcher.connection_check (connection_id, role_arn, answers, state, problems, regions, checked_at)
       values ($1, $2, $3, $4, $5, '{us-east-1}', $6)
       on conflict (connection_id) do update set role_arn = excluded.role_arn, answers = excluded.answers, state = excluded.state, problems = excluded.problems`,
      [connection.id, roleArn, answers, problems.length > 0 ? 'failing' : 'ok', JSON.stringify(problems), clock.now()],
    );

  it('begins with an external id that is ours, random and different each time', async () => {
    connection = await globex.post<AwsConnectionView>('/v1/aws-connections', { accountId: GLOBEX_AWS, name: 'Production' });
    expect(connection).toMatchObject({
      name: 'Production',
      accountId: GLOBEX_AWS,
      platformAccountId: PLATFORM_AWS_ACCOUNT,
      roleArn: null,
      state: 'unfinished',
      problems: [],
    });
    // 128 bits in base64url would be 22 characters; AWS takes these.
    expect(connection.externalId).toMatch(/^slipway-[\w-]{32}$/);
    const other = await hooli.post<AwsConnectionView>('/v1/aws-connections', { accountId: '444455556666' });
    expect(other.externalId).not.toBe(connection.externalId);
    expect(await globex.get('/v1/aws-connections')).toEqual({ items: [connection] });
  });

  it('is one per account, also when two begin it at once, and the same again for the same Idempotency-Key', async () => {
    await expect(globex.post('/v1/aws-connections', { accountId: GLOBEX_AWS })).rejects.toMatchObject({
      problem: { status: 409, code: 'account_connected' },
    });
    const both = await Promise.allSettled([1, 2].map(() => hooli.post('/v1/aws-connections', { accountId: '555566667777' })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);

    const { key } = await hooli.post<{ key: string }>('/v1/auth/api-key/create', {
      name: 'ci',
      organizationId: hooli.organizationId,
    });
    const send = async (accountId: string): Promise<AwsConnectionView & { code?: string }> =>
      (
        await fetch(`${app.url}/v1/aws-connections`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'connect-1' },
          body: JSON.stringify({ accountId }),
        })
      ).json() as Promise<AwsConnectionView & { code?: string }>;
    const first = await send('666677778888');
    expect(await send('666677778888')).toEqual(first);
    expect(await send('777788889999')).toMatchObject({ code: 'idempotency_mismatch' });
  });

  it('offers the policy, the trust policy and a template with exactly these to download', async () => {
    const download = async (what: string): Promise<{ type: string | null; name: string | null; text: string }> => {
      const answer = await globex.send('GET', path(`/${what}`));
      expect(answer.status).toBe(200);
      return {
        type: answer.headers.get('content-type'),
        name: answer.headers.get('content-disposition'),
        text: await answer.text(),
      };
    };
    const role = { accountId: GLOBEX_AWS, platformAccountId: PLATFORM_AWS_ACCOUNT, connectionId: connection.id };
    const trust = trustPolicy({ platformAccountId: PLATFORM_AWS_ACCOUNT, externalId: connection.externalId });

    const policy = await download('policy');
    expect(policy).toMatchObject({
      type: 'application/json; charset=utf-8',
      name: 'attachment; filename="slipway-policy.json"',
    });
    expect(JSON.parse(policy.text)).toEqual(buyerPolicy(role));
    const trusting = await download('trust-policy');
    expect(trusting.name).toBe('attachment; filename="slipway-trust-policy.json"');
    expect(JSON.parse(trusting.text)).toEqual(trust);

    const template = await download('template');
    expect(template).toMatchObject({
      type: 'application/yaml; charset=utf-8',
      name: 'attachment; filename="slipway-connection.yaml"',
    });
    // Readers of either YAML find the same, dates and account ids as text.
    for (const version of ['1.1', '1.2'] as const) {
      const { Resources, Outputs } = parse(template.text, { version }) as Record<string, Record<string, { Properties: object }>>;
      expect(Resources!.SlipwayRole).toMatchObject({
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust,
          Policies: [{ PolicyName: 'slipway', PolicyDocument: buyerPolicy(role) }],
        },
      });
      expect(Outputs!.RoleArn).toMatchObject({ Value: { 'Fn::GetAtt': ['SlipwayRole', 'Arn'] } });
    }
  });

  it('takes a role of that account only, and has it tried', async () => {
    await expect(globex.post(path('/test'))).rejects.toMatchObject({ problem: { status: 409, code: 'role_not_named' } });
    await expect(globex.put(path('/role'), { roleArn: 'arn:aws:iam::999988887777:role/x' })).rejects.toMatchObject({
      problem: { status: 409, code: 'wrong_account' },
    });
    for (const roleArn of ['my-role', `arn:aws:iam::${GLOBEX_AWS}:user/x`, `arn:aws:iam::${GLOBEX_AWS}:role/a b`]) {
      await expect(globex.put(path('/role'), { roleArn })).rejects.toMatchObject({ problem: { status: 400 } });
    }
    expect(await globex.put(path('/role'), { roleArn: ROLE })).toMatchObject({ roleArn: ROLE, state: 'testing' });
    expect(await rung('launcher.check-connection', connection.id)).toHaveLength(1);
  });

  it('says what the launcher found, and has it tried again when asked, once for two clicks', async () => {
    await checked(1, ['The role may not ec2:StopInstances.']);
    expect(await get()).toMatchObject({ state: 'failing', problems: ['The role may not ec2:StopInstances.'] });
    const answer = await globex.send('POST', path('/test'), {});
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ state: 'testing' });
    await globex.post(path('/test'));
    await checked(2, []);
    expect(await get()).toMatchObject({
      state: 'ok',
      problems: [],
      regions: ['us-east-1'],
      checkedAt: clock.now().toISOString(),
    });
  });

  it('forgets what was found of another role', async () => {
    expect(await globex.put(path('/role'), { roleArn: `${ROLE}-2` })).toMatchObject({
      state: 'testing',
      problems: [],
      regions: [],
    });
    await globex.put(path('/role'), { roleArn: ROLE });
    expect(await get()).toMatchObject({ state: 'testing' });
  });

  it('is not there for another buyer, and nothing for a vendor', async () => {
    for (const [method, rest, body] of [
      ['GET', ''],
      ['PUT', '/role', { roleArn: ROLE }],
      ['POST', '/test', {}],
      ['GET', '/policy'],
      ['GET', '/trust-policy'],
      ['GET', '/template'],
      ['DELETE', ''],
    ] as const) {
      await expect(hooli.call(method, path(rest), body), `${method} ${rest}`).rejects.toMatchObject({
        problem: { status: 404, code: 'aws_connection_not_found' },
      });
      await expect(acme.call(method, path(rest), body), `${method} ${rest}`).rejects.toMatchObject({ problem: { status: 403 } });
    }
    await expect(globex.get(`/v1/aws-connections/${newId()}`)).rejects.toMatchObject({ problem: { status: 404 } });
  });

  describe('launching through it', () => {
    let wish: { subscriptionId: string; region: string; instanceType: string; awsConnectionId: string };
    let launchId: string;

    beforeAll(async () => {
      const product = await acme.post<{ id: string }>('/v1/products', { name: 'Acme Vault' });
      const version = await acme.post<{ id: string }>(`/v1/products/${product.id}/versions`, {
        title: '1.0.0',
        imageId: 'ami-0acce550000000001',
        imageRegion: 'us-east-1',
        regions: ['us-east-1', 'eu-west-1'],
        instanceTypes: ['t3.micro'],
        urlTemplate: 'http://{address}:8080/',
      });
      await database.sql(
        `insert into launcher.image (id, version_id, region, state, boot_test_token, checks, created_at)
         select gen_random_uuid(), $1, region, 'ready', gen_random_uuid(), '[]', now() from unnest('{us-east-1,eu-west-1}'::text[]) region`,
        [version.id],
      );
      const terms = { currency: 'USD', terms: 'Use it well.', prices: [{ model: 'hourly', rate: '0.25' }] };
      const offer = await acme.put<{ id: string; termsSha256: string }>(`/v1/products/${product.id}/offer`, terms);
      const listing = { slug: 'acme-vault', summary: 'Keeps secrets.', description: 'Long.', category: 'security' };
      await acme.put(`/v1/products/${product.id}/listing`, { ...listing, versionId: version.id });
      const accept = { offerId: offer.id, termsSha256: offer.termsSha256 };
      const subscription = await globex.post<{ id: string }>('/v1/subscriptions', accept);
      wish = { subscriptionId: subscription.id, region: 'us-east-1', instanceType: 't3.micro', awsConnectionId: connection.id };
      expect(await rung('launcher.share-images', product.id)).toHaveLength(1);
    });

    const launch = (changes: object = {}, account = globex): Promise<LaunchView> =>
      account.post<LaunchView>('/v1/launches', { ...wish, ...changes });

    it('is refused before it was tested, where it does not work and where its regions are closed', async () => {
      await checked(1, [], `${ROLE}-2`);
      await expect(launch()).rejects.toMatchObject({
        problem: { status: 409, code: 'connection_not_ok', detail: expect.stringContaining('is being tested') },
      });
      await checked(3, ['The role may not ec2:RunInstances.']);
      await expect(launch()).rejects.toMatchObject({
        problem: { code: 'connection_not_ok', detail: expect.stringContaining('The role may not ec2:RunInstances.') },
      });
      await checked(4, []);
      await expect(launch({ region: 'eu-west-1' })).rejects.toMatchObject({
        problem: { status: 409, code: 'region_not_connected', detail: expect.stringContaining('us-east-1 only') },
      });
    });

    it('is accepted through a connection of one’s own that works, also while it is tested again', async () => {
      const foreign = await hooli.get<{ items: AwsConnectionView[] }>('/v1/aws-connections');
      for (const awsConnectionId of [foreign.items[0]!.id, newId()]) {
        await expect(launch({ awsConnectionId })).rejects.toMatchObject({
          problem: { status: 404, code: 'aws_connection_not_found' },
        });
      }
      await globex.post(path('/test'));
      const accepted = await launch();
      expect(accepted).toMatchObject({ awsConnectionId: connection.id, connectionProblem: null });
      launchId = accepted.id;
    });

    it('shows on the launch why its connection no longer works', async () => {
      await checked(9, ['The role may not ec2:StopInstances.']);
      expect(await globex.get(`/v1/launches/${launchId}`)).toMatchObject({
        connectionProblem: expect.stringMatching(/account 333344445555 does not work\. The role may not ec2:StopInstances\./),
      });
    });

    it('keeps the connection from being removed while machines run through it or are about to', async () => {
      const refused = { problem: { status: 409, code: 'connection_in_use', detail: expect.stringContaining('A machine runs') } };
      await expect(globex.delete(path())).rejects.toMatchObject(refused);
      await database.sql(
        `insert into launcher.instance (id, launch_id, version_id, subscription_id, buyer_id, vendor_id, product_id, aws_connection_id, region, instance_type, state, created_at)
         select launch.id, launch.id, launch.version_id, launch.subscription_id, launch.buyer_id, subscription.vendor_id, subscription.product_id, launch.aws_connection_id,
                launch.region, launch.instance_type, 'healthy', now() from api.launch join api.subscription on subscription.id = launch.subscription_id`,
      );
      await globex.delete(`/v1/launches/${launchId}`);
      await expect(globex.delete(path())).rejects.toMatchObject(refused);
      await database.sql(`update launcher.instance set state = 'terminated'`);
      // A fleet that sleeps has no machine and still wants to wake up there.
      await checked(10, []);
      const fleet = await globex.post<{ id: string }>('/v1/fleets', { ...wish, min: 0, max: 2 });
      await expect(globex.delete(path())).rejects.toMatchObject(refused);
      await globex.delete(`/v1/fleets/${fleet.id}`);
      await globex.delete(path());
    });

    it('is over once it is removed, and the account can be connected anew', async () => {
      for (const gone of ['', '/policy'])
        await expect(globex.get(path(gone))).rejects.toMatchObject({ problem: { status: 404 } });
      expect(await globex.get('/v1/aws-connections')).toEqual({ items: [] });
      await expect(launch()).rejects.toMatchObject({ problem: { status: 404 } });
      expect(await globex.get(`/v1/launches/${launchId}`)).toMatchObject({ awsConnectionId: connection.id });
      const anew = await globex.post<AwsConnectionView>('/v1/aws-connections', { accountId: GLOBEX_AWS });
      expect(anew.externalId).not.toBe(connection.externalId);
    });
  });

  it('cannot be given another external id or account, not even by `api` itself', async () => {
    const rights = await database.sql(
      `select column_name from information_schema.column_privileges
       where grantee = 'api' and table_schema = 'api' and table_name = 'aws_connection' and privilege_type = 'UPDATE' order by 1`,
    );
    expect(rights).toEqual(['checks_asked', 'removed_at', 'role_arn'].map((column_name) => ({ column_name })));
  });

  it('is not offered by a marketplace that has not said which account roles should trust', async () => {
    const alone = await startApi(database, clock, { PLATFORM_AWS_ACCOUNT_ID: '' });
    const initrode = await Account.open(alone.url, {
      name: 'Initrode',
      email: 'it@initrode.test',
      password: PASSWORD,
      kind: 'buyer',
    });
    await expect(initrode.post('/v1/aws-connections', { accountId: '888899990000' })).rejects.toMatchObject({
      problem: { status: 409, code: 'connections_not_offered', detail: expect.stringContaining('PLATFORM_AWS_ACCOUNT_ID') },
    });
    await alone.close();
  });
});
