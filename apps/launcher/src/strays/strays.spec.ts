/** Machines that are there otherwise than the marketplace would have it: all found in one sweep, each metered or told of, none billed in silence. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller } from '#testing/app.ts';
import { GLOBEX_AWS_ACCOUNT } from '#testing/fixtures.ts';
import { Ec2Machines } from '../ec2/machines.ts';
import { connect, makeRole, type Connected } from '../testing/connections.ts';
import { ACME_VAULT, launcherWorld, type World } from '../testing/world.ts';
import { FindStrays } from './find-strays.ts';
import type { StrayView } from './strays.schema.ts';

let world: World;
let connection: Connected;
beforeEach(async () => {
  world = await launcherWorld({ settings: { LAUNCH_REGIONS: 'us-east-1' } });
  await world.database.sql(
    `insert into api.listing (product_id, slug, summary, description, category, state, version_id, listed_at)
     values ($1, 'acme-vault', 'Keeps secrets.', 'Long.', 'security', 'public', $2, $3)`,
    [world.market.productId, world.market.versionId, world.clock.now()],
  );
  connection = await connect(world);
  await makeRole(world, connection, { externalId: connection.externalId });
  await world.app.settle();
});
afterEach(() => world.close());

const is = (id: string, state: string) => async (): Promise<boolean> => (await world.instance(id))?.state === state;

/** The image that is sold, which is shared with Globex. */
async function soldImage(): Promise<string> {
  const [image] = await world.database.sql<{ ami_id: string }>('select ami_id from launcher.image');
  return image!.ami_id;
}

/** Somebody starts a machine with other tools. @returns EC2's name of it. */
async function startOutside(given: {
  accountId?: string;
  imageId?: string;
  clientToken?: string;
  tags?: Record<string, string>;
}): Promise<string> {
  world.advance({});
  const { clientToken, ...machine } = { imageId: await soldImage(), accountId: GLOBEX_AWS_ACCOUNT, ...given };
  const answer = await fetch(`${world.sandbox.control}/instances`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...machine, ...(clientToken ? { clientTokens: [clientToken] } : { count: 1 }), answers: true }),
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { instances: Array<{ instanceId: string }> }).instances[0]!.instanceId;
}

async function strays(
  query = '',
  kind: 'buyer' | 'operator' | 'vendor' = 'operator',
  organizationId: string = kind === 'operator' ? newId() : world.market.buyerId,
): Promise<StrayView[]> {
  const answer = await fetch(`${world.app.url}/v1/strays${query}`, { headers: await asCaller({ organizationId, kind }) });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { items: StrayView[] }).items;
}

/** Globex ends what it has started. */
const endOutside = (ec2InstanceId: string): Promise<void> => {
  world.advance({});
  return world.app.nest.get(Ec2Machines, { strict: false }).terminate({ region: 'us-east-1', connection }, ec2InstanceId);
};

const stateAtEc2 = async (ec2InstanceId: string): Promise<string | undefined> =>
  ((await world.machines()) as Array<{ instanceId: string; state: string }>).find((one) => one.instanceId === ec2InstanceId)
    ?.state;

/** The next sweep. */
async function sweep(): Promise<void> {
  world.advance({ minutes: 16 });
  await world.app.settle();
}

const endSubscription = (): Promise<unknown> =>
  world.database.sql('update api.subscription set ended_at = $2 where id = $1', [world.market.subscriptionId, world.clock.now()]);
const everyInterval = (): Promise<unknown[]> =>
  // EC2 says to the second when a machine began; the sandbox says more.
  world.database.sql(
    "select date_trunc('second', started_at) as started_at, date_trunc('second', ended_at) as ended_at from launcher.run_interval order by 1",
  );
const PLATFORM_ACCOUNT = '111122223333';

describe('one sweep', () => {
  it('finds each kind, meters what is under a subscription, tells of the rest, and leaves alone what is nobody’s business', async () => {
    const launchId = await world.launch();
    await world.app.settle(is(launchId, 'healthy'));
    const ofOurs = (await world.instance(launchId))!.ec2_instance_id;
    const outside = await startOutside({});
    const another = await startOutside({ accountId: PLATFORM_ACCOUNT, clientToken: launchId });
    const unknown = await startOutside({
      accountId: PLATFORM_ACCOUNT,
      imageId: ACME_VAULT,
      tags: { 'slipway:instance': newId(), 'slipway:launch': newId() },
    });
    const privately = await startOutside({ imageId: ACME_VAULT, accountId: '222233334444' });
    await sweep();

    const found = await strays('?state=open');
    expect(new Map(found.map((stray) => [stray.ec2InstanceId, stray.kind]))).toEqual(
      new Map([
        [outside, 'outside'],
        [another, 'ended'],
        [unknown, 'unknown'],
      ]),
    );
    expect(found.find(({ kind }) => kind === 'outside')).toMatchObject({
      account: GLOBEX_AWS_ACCOUNT,
      buyerId: world.market.buyerId,
      subscriptionId: world.market.subscriptionId,
    });
    // The second machine of one intent ends; the first, the unknown one and the buyer's run on.
    expect(await stateAtEc2(another)).toMatch(/shutting-down|terminated/);
    for (const id of [String(ofOurs), outside, unknown, privately]) expect(await stateAtEc2(id)).toBe('running');
    // Two run under the subscription: that which was launched, and that which its buyer started.
    expect(await everyInterval()).toHaveLength(2);
    expect(await world.rungFor('metering.meter-runtime', world.market.subscriptionId)).toBe(true);

    await sweep();
    expect((await strays('?state=open')).map(({ kind }) => kind).sort()).toEqual(['outside', 'unknown']);
    expect((await strays('?state=resolved')).map(({ ec2InstanceId }) => ec2InstanceId)).toEqual([another]);
  });

  it('is seen whole by operators, and by a buyer as far as it is the buyer’s', async () => {
    await startOutside({});
    await startOutside({ accountId: PLATFORM_ACCOUNT, imageId: ACME_VAULT, tags: { 'slipway:launch': newId() } });
    await sweep();
    expect(await strays()).toHaveLength(2);
    expect(await strays('?kind=unknown')).toMatchObject([{ account: 'platform', buyerId: null }]);
    expect((await strays('', 'buyer')).map(({ kind }) => kind)).toEqual(['outside']);
    expect(await strays('', 'buyer', newId())).toEqual([]);
    const asVendor = { headers: await asCaller({ organizationId: world.market.vendorId, kind: 'vendor' }) };
    expect((await fetch(`${world.app.url}/v1/strays`, asVendor)).status).toBe(403);
    expect((await fetch(`${world.app.url}/v1/strays`)).status).toBe(401);
  });

  it('made by two launchers at once, or again, finds nothing twice', async () => {
    await startOutside({});
    await startOutside({ accountId: PLATFORM_ACCOUNT, imageId: ACME_VAULT, tags: { 'slipway:launch': newId() } });
    const apps = [world.app, await world.another()];
    const places = [`${GLOBEX_AWS_ACCOUNT}:us-east-1`, 'platform:us-east-1'];
    world.advance({ minutes: 16 });
    await Promise.all(
      [...apps, ...apps].flatMap((app) =>
        places.map((place) =>
          app.nest
            .get(FindStrays, { strict: false })
            .work(place)
            .catch(() => undefined),
        ),
      ),
    );
    for (let again = 0; again < 3; again += 1) await sweep();
    expect(await strays()).toHaveLength(2);
    expect(await world.database.sql("select id from launcher.instance where origin = 'outside'")).toHaveLength(1);
    expect(await everyInterval()).toHaveLength(1);
  });

  it('that takes more than one page goes on where it was', async () => {
    const stage = world.app.nest.get(FindStrays, { strict: false });
    stage.pageSize = 5;
    stage.pagesAtOnce = 1;
    for (let count = 0; count < 12; count += 1)
      await startOutside({ accountId: PLATFORM_ACCOUNT, imageId: ACME_VAULT, tags: { 'slipway:launch': newId() } });
    await sweep();
    expect(await strays('?kind=unknown')).toHaveLength(12);
  });

  it('that EC2 does not let end a machine tells of it all the same, and ends it the next time', async () => {
    const launchId = await world.launch();
    await world.app.settle(is(launchId, 'healthy'));
    const another = await startOutside({ accountId: PLATFORM_ACCOUNT, clientToken: launchId });
    world.advance({ minutes: 16 });
    world.sandbox.faults.failNext({ operation: 'TerminateInstances', code: 'InternalError' });
    await expect(world.app.settle()).rejects.toThrow('InternalError');
    expect(await strays()).toMatchObject([{ kind: 'ended', ec2InstanceId: another, endToldAt: expect.any(String) }]);
    expect(await stateAtEc2(another)).toBe('running');
    await world.app.settle();
    expect(await stateAtEc2(another)).toMatch(/shutting-down|terminated/);
    expect(await world.instance(launchId)).toMatchObject({ state: 'healthy' });
  });
});

describe('a machine that its buyer started elsewhere from a shared image', () => {
  const outsiders = (): Promise<Array<Record<string, unknown>>> =>
    world.database.sql("select * from launcher.instance where origin = 'outside'");

  it('is metered from EC2’s launch time to its end, watched, and never touched', async () => {
    world.advance({ minutes: 7 });
    const ec2Id = await startOutside({});
    await sweep();
    await sweep();
    const [row] = await outsiders();
    expect(row).toMatchObject({ ec2_instance_id: ec2Id, subscription_id: world.market.subscriptionId, state: 'healthy' });
    expect(await everyInterval()).toEqual([{ started_at: new Date('2026-01-05T09:07:00Z'), ended_at: null }]);

    world.advance({ hours: 2 });
    const endedAt = world.clock.now();
    await endOutside(ec2Id);
    await sweep();
    expect(await outsiders()).toMatchObject([{ state: 'terminated' }]);
    expect(await everyInterval()).toEqual([{ started_at: new Date('2026-01-05T09:07:00Z'), ended_at: endedAt }]);
    expect(await strays('?state=open')).toEqual([]);
    // Nothing takes its place: nobody has asked us for it.
    expect((await world.machines()).filter(({ state }) => state === 'running')).toEqual([]);
  });

  it('is metered for what it ran though it came and went between two sweeps', async () => {
    const ec2Id = await startOutside({});
    world.advance({ minutes: 9 });
    await endOutside(ec2Id);
    await sweep();
    expect(await everyInterval()).toEqual([
      { started_at: new Date('2026-01-05T09:00:00Z'), ended_at: new Date('2026-01-05T09:09:00Z') },
    ]);
  });

  it('is metered no longer than its subscription, runs on, and is told of', async () => {
    const ec2Id = await startOutside({});
    await sweep();
    world.advance({ hours: 1 });
    const endedAt = world.clock.now();
    await endSubscription();
    world.advance({ minutes: 5 });
    await sweep();
    expect(await everyInterval()).toEqual([{ started_at: new Date('2026-01-05T09:00:00Z'), ended_at: endedAt }]);
    expect(await stateAtEc2(ec2Id)).toBe('running');
    expect(await strays('?state=open')).toMatchObject([
      { kind: 'unentitled', ec2InstanceId: ec2Id, buyerId: world.market.buyerId },
    ]);
  });

  it('is not billed and told of when there is no subscription to it', async () => {
    const ec2Id = await startOutside({});
    await endSubscription();
    await sweep();
    expect(await outsiders()).toEqual([]);
    expect(await everyInterval()).toEqual([]);
    expect(await strays('?state=open', 'buyer')).toMatchObject([{ kind: 'unentitled', ec2InstanceId: ec2Id }]);
    expect((await strays())[0]?.reason).toContain('without a subscription');
  });
});

describe('a row without a machine', () => {
  it('ends when EC2 knows no such machine, and is billed for as long as it was seen', async () => {
    const id = await world.launch();
    await world.app.settle(is(id, 'healthy'));
    await world.database.sql("update launcher.instance set ec2_instance_id = 'i-0123456789abcdef0' where id = $1", [id]);
    await sweep();
    expect(await world.instance(id)).toMatchObject({
      state: 'terminated',
      failure: expect.stringContaining('no longer knows it'),
    });
    expect(await world.intervals(id)).toEqual([
      { started_at: new Date('2026-01-05T09:00:00Z'), ended_at: new Date('2026-01-05T09:00:00Z') },
    ]);
  });

  it('that nobody can look at any more is told of until somebody can', async () => {
    const id = await world.launch();
    await world.database.sql('update api.launch set aws_connection_id = $2 where id = $1', [id, connection.id]);
    await world.app.settle(is(id, 'healthy'));
    await makeRole(world, connection, { externalId: connection.externalId, denied: ['ec2:DescribeInstances'] });
    world.advance({ minutes: 40 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'denied' });
    await world.app.nest
      .get(FindStrays, { strict: false })
      .work(`${GLOBEX_AWS_ACCOUNT}:us-east-1`)
      .catch(() => undefined);
    expect(await strays('?state=open')).toMatchObject([{ kind: 'unseen', instanceId: id, buyerId: world.market.buyerId }]);

    await makeRole(world, connection, { externalId: connection.externalId });
    await world.app.settle();
    await sweep();
    expect(await strays('?state=open')).toEqual([]);
    expect(await world.instance(id)).toMatchObject({ state: 'healthy' });
  });
});
