import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { GLOBEX_AWS_ACCOUNT, subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
let ec2InstanceId: string;

const NO = { status: 200, body: { confirmed: false } };

async function confirm(body: object, who: { kind: 'vendor' | 'buyer'; organizationId: string }): Promise<object> {
  const response = await fetch(`${app.url}/v1/confirm-instance`, {
    method: 'POST',
    headers: { ...(await asCaller(who)), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

const asAcme = (body: object = {}) =>
  confirm(
    { productCode: shop.productCode, instanceId: ec2InstanceId, ...body },
    { kind: 'vendor', organizationId: shop.vendorId },
  );

async function launched(
  { subscriptionId, buyerId, vendorId, productId, versionId }: Marketplace,
  region: string,
): Promise<string> {
  const id = newId();
  const made = `i-0${id.replaceAll('-', '').slice(-16)}`;
  await database.sql(
    `insert into launcher.instance (id, subscription_id, buyer_id, vendor_id, product_id, version_id, region, instance_type, state, ec2_instance_id, ec2_account_id, created_at)
     values ($1, $2, $3, $4, $5, $9, $6, 't3.micro', 'healthy', $7, $8, now())`,
    [id, subscriptionId, buyerId, vendorId, productId, region, made, GLOBEX_AWS_ACCOUNT, versionId],
  );
  return made;
}

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(metering, { database });
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async () => {
  shop = await subscribedMarketplace(database);
  ec2InstanceId = await launched(shop, 'eu-west-1');
});

describe('confirming an instance', () => {
  it("tells a vendor whose machine of its product it is, with or without the machine's region", async () => {
    for (const more of [{}, { region: 'eu-west-1' }])
      expect(await asAcme(more)).toEqual({
        status: 200,
        body: {
          confirmed: true,
          ownerId: GLOBEX_AWS_ACCOUNT,
          subscriptionId: shop.subscriptionId,
          customerIdentifier: shop.customerIdentifier,
          state: 'healthy',
        },
      });
    expect(await asAcme({ region: 'us-east-1' })).toEqual(NO);
  });

  it('finds a machine in any of many regions', async () => {
    const machines = await Promise.all(['us-east-1', 'us-west-2', 'ap-south-1'].map((region) => launched(shop, region)));
    for (const instanceId of machines) expect(await asAcme({ instanceId })).toMatchObject({ body: { confirmed: true } });
  });

  it('says what became of a machine that is gone', async () => {
    await database.sql(`update launcher.instance set state = 'terminated' where ec2_instance_id = $1`, [ec2InstanceId]);
    expect(await asAcme()).toMatchObject({ body: { confirmed: true, state: 'terminated' } });
  });

  it('says no to an unknown machine, an unknown product, and anything of another vendor, all alike', async () => {
    const other = await subscribedMarketplace(database);
    const theirs = await launched(other, 'eu-west-1');
    expect(await asAcme({ instanceId: 'i-0123456789abcdef0' })).toEqual(NO);
    expect(await asAcme({ productCode: 'nosuchproduct' })).toEqual(NO);
    expect(await asAcme({ instanceId: theirs })).toEqual(NO);
    expect(await asAcme({ productCode: other.productCode })).toEqual(NO);
    expect(await asAcme({ productCode: other.productCode, instanceId: theirs })).toEqual(NO);
  });

  it('is for vendors, and for ids that EC2 could have given', async () => {
    expect(await asAcme({ instanceId: 'vault-1' })).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    const asked = { productCode: shop.productCode, instanceId: ec2InstanceId };
    expect(await confirm(asked, { kind: 'buyer', organizationId: shop.buyerId })).toMatchObject({ status: 403 });
  });
});
