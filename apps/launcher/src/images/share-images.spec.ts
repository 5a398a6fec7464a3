/** Images shared with who has subscribed and taken back in the end, as EC2's own attribute shows it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller } from '#testing/app.ts';
import { connect } from '../testing/connections.ts';
import { launcherWorld, type World } from '../testing/world.ts';
import type { ImageShareView } from './image-shares.schema.ts';
import { ShareImages } from './share-images.ts';

const GLOBEX = '333344445555';
let world: World;
let sql: World['database']['sql'];
beforeEach(async () => {
  world = await launcherWorld();
  sql = world.database.sql;
  await sql(
    `insert into api.listing (product_id, slug, summary, description, category, state, version_id, listed_at)
     values ($1, 'acme-vault', 'Keeps secrets.', 'Long.', 'security', 'public', $2, $3)`,
    [world.market.productId, world.market.versionId, world.clock.now()],
  );
  await world.app.settle();
});
afterEach(() => world.close());

interface SandboxImage {
  imageId: string;
  sourceImageId?: string;
  launchPermissions: string[];
}
const images = () => world.sandbox.store.table<SandboxImage>('ec2.image');
/** EC2's image of the version that is sold. */
const copy = (): SandboxImage =>
  images()
    .values()
    .find(({ sourceImageId }) => sourceImageId === 'ami-0acce550000000001')!;
const shared = (): string[] => [...copy().launchPermissions].sort();
const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await sql<{ account_id: string; state: string }>('select account_id, state from launcher.image_share')).map((row) => [
      row.account_id,
      row.state,
    ]),
  );
const stage = (): ShareImages => world.app.nest.get(ShareImages, { strict: false });
const endSubscription = (id = world.market.subscriptionId): Promise<unknown> =>
  sql('update api.subscription set ended_at = $2 where id = $1', [id, world.clock.now()]);

/** Hooli subscribes too. @returns its subscription. */
async function hooliSubscribes(awsAccountId: string | null): Promise<string> {
  const [buyerId, subscriptionId] = [newId(), newId()];
  await sql(
    `insert into api.organization (id, name, slug, "createdAt", kind, "awsAccountId") values ($1::uuid, 'Hooli', 'hooli-' || $1, now(), 'buyer', $2)`,
    [buyerId, awsAccountId],
  );
  await sql(
    `insert into api.subscription (id, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, customer_identifier, license_arn, started_at)
     select $2::uuid, $1, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, $2, $2, $3 from api.subscription where id = $4`,
    [buyerId, subscriptionId, world.clock.now(), world.market.subscriptionId],
  );
  return subscriptionId;
}

describe('an image', () => {
  it('is shared with the account of who has subscribed, and no longer when the subscription ends', async () => {
    expect(shared()).toEqual([GLOBEX]);
    expect(await states()).toEqual({ [GLOBEX]: 'shared' });
    await endSubscription();
    await world.app.settle();
    expect(shared()).toEqual([]);
    expect(await states()).toEqual({ [GLOBEX]: 'unshared' });
    expect(await stage().due()).toEqual([]);
  });

  it('is shared with each account that its buyer connects, until that is removed', async () => {
    const { id } = await connect(world, { accountId: '444455556666' });
    await world.app.settle();
    expect(shared()).toEqual([GLOBEX, '444455556666']);
    await sql('update api.aws_connection set removed_at = $2 where id = $1', [id, world.clock.now()]);
    await world.app.settle();
    expect(shared()).toEqual([GLOBEX]);
  });

  it('stays with an account for as long as one running subscription of that account is left', async () => {
    const hooli = await hooliSubscribes(GLOBEX);
    await endSubscription();
    await world.app.settle();
    expect(shared()).toEqual([GLOBEX]);
    await endSubscription(hooli);
    await world.app.settle();
    expect(shared()).toEqual([]);
  });

  it('of a version that is no longer listed stays with who wants to run it, until it is terminated', async () => {
    const launchId = await world.launch();
    const next = newId();
    await sql(
      `insert into api.version (id, product_id, title, notes, source_image_id, source_region, regions, instance_types, url_template, health_path, created_at)
       select $1, product_id, '1.1.0', notes, 'ami-0acce550000000002', source_region, regions, instance_types, url_template, health_path, $2 from api.version`,
      [next, world.clock.now()],
    );
    await hooliSubscribes('444455556666');
    await world.app.settle();
    await sql('update api.listing set version_id = $1', [next]);
    await world.app.settle();
    const newer = images()
      .values()
      .find(({ sourceImageId }) => sourceImageId === 'ami-0acce550000000002')!;
    expect(shared()).toEqual([GLOBEX]);
    expect([...newer.launchPermissions].sort()).toEqual([GLOBEX, '444455556666']);
    await world.want(launchId, 'terminated');
    await world.app.settle();
    expect(shared()).toEqual([]);
  });

  it('is taken back from everybody when it is no longer fit to be sold', async () => {
    await sql(`update launcher.image set state = 'rejected', rejection = 'A scan found something.'`);
    await world.app.settle();
    expect(shared()).toEqual([]);
  });
});

describe('what EC2 was told and did not answer', () => {
  it('is told again and written down once', async () => {
    await endSubscription();
    world.sandbox.faults.failNext({ operation: 'ModifyImageAttribute', code: '', commitThenTimeOut: true });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'unavailable' });
    expect([shared(), await states()]).toEqual([[], { [GLOBEX]: 'unsharing' }]);
    await (await world.another()).settle();
    expect([shared(), await states()]).toEqual([[], { [GLOBEX]: 'unshared' }]);
  });

  it('follows a wish that changed meanwhile', async () => {
    await endSubscription();
    world.sandbox.faults.failNext({ operation: 'ModifyImageAttribute', code: '', commitThenTimeOut: true });
    await expect(world.app.settle()).rejects.toThrow();
    await sql('update api.subscription set ended_at = null where id = $1', [world.market.subscriptionId]);
    await world.app.settle();
    expect([shared(), await states()]).toEqual([[GLOBEX], { [GLOBEX]: 'shared' }]);
  });

  it('comes out right though two launchers work on it at once', async () => {
    await hooliSubscribes('444455556666');
    const apps = [world.app, await world.another()];
    await Promise.all(apps.map((app) => app.nest.get(ShareImages, { strict: false }).work(world.market.productId)));
    expect(shared()).toEqual([GLOBEX, '444455556666']);
    expect(await states()).toEqual({ [GLOBEX]: 'shared', '444455556666': 'shared' });
  });
});

describe('an account that EC2 does not take', () => {
  it('keeps the image from nobody else, and is tried again the next day', async () => {
    await hooliSubscribes('444455556666');
    await hooliSubscribes('555566667777');
    // EC2 refuses the batch, then of the three by themselves the first.
    world.sandbox.faults.failNext({ operation: 'ModifyImageAttribute', code: 'InvalidAMIAttributeItemValue', times: 2 });
    await world.app.settle();
    const refused = Object.entries(await states()).filter(([, state]) => state === 'refused');
    expect(refused).toHaveLength(1);
    expect(shared()).toHaveLength(2);
    expect(await sql(`select failure from launcher.image_share where state = 'refused'`)).toEqual([
      { failure: expect.stringContaining('InvalidAMIAttributeItemValue') },
    ]);
    world.advance({ days: 1 });
    await world.app.settle();
    expect(shared()).toEqual([GLOBEX, '444455556666', '555566667777']);
  });
});

describe('the daily look', () => {
  it('gives back what somebody took away, and takes away what somebody gave, to everybody above all', async () => {
    images().set(copy().imageId, { ...copy(), launchPermissions: ['999988887777', 'all'] });
    await world.app.settle();
    expect(shared()).toEqual(['999988887777', 'all']);
    world.advance({ days: 1 });
    expect(await stage().due()).toEqual([world.market.productId]);
    await world.app.settle();
    expect(shared()).toEqual([GLOBEX]);
    expect(await states()).toEqual({ [GLOBEX]: 'shared', '999988887777': 'unshared', all: 'unshared' });
    expect(await stage().due()).toEqual([]);
  });
});

describe('a buyer', () => {
  const list = async (organizationId: string): Promise<ImageShareView[]> => {
    const headers = await asCaller({ organizationId, kind: 'buyer' });
    return ((await (await fetch(`${world.app.url}/v1/image-shares`, { headers })).json()) as { items: ImageShareView[] }).items;
  };

  it('sees which images its accounts may launch, and nobody else does', async () => {
    expect(await list(world.market.buyerId)).toMatchObject([
      {
        product: 'Acme Vault',
        version: '1.0.0',
        region: 'us-east-1',
        imageId: copy().imageId,
        accountId: GLOBEX,
        state: 'shared',
      },
    ]);
    expect(await list(newId())).toEqual([]);
    const asVendor = await fetch(`${world.app.url}/v1/image-shares`, {
      headers: await asCaller({ organizationId: world.market.vendorId, kind: 'vendor' }),
    });
    expect(asVendor.status).toBe(403);
  });
});
