import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import {
  GetEntitlementsCommand,
  MarketplaceEntitlementServiceClient,
  type Entitlement,
  type GetEntitlementsCommandInput,
  type GetEntitlementsCommandOutput,
} from '@aws-sdk/client-marketplace-entitlement-service';
import { decode } from 'cborg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';
import { machine, vendorKey, type Credentials } from '../testing/wire.ts';

const HOOLI_AWS_ACCOUNT = '444455556666';
const INITECH_AWS_ACCOUNT = '555566667777';
type Encoding = 'JSON' | 'CBOR';
type Asked = Partial<GetEntitlementsCommandInput>;

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
let key: Credentials;
const clock = new TestClock('2026-01-05T15:20:00Z');

/** The real SDK; it speaks JSON unless it is told otherwise. */
const client = (encoding: Encoding, credentials = key, url = app.url): MarketplaceEntitlementServiceClient =>
  new MarketplaceEntitlementServiceClient({
    endpoint: url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    ...(encoding === 'CBOR' && { protocol: AwsSmithyRpcV2CborProtocol }),
  });
const ask = (encoding: Encoding, input: Asked = {}, credentials = key): Promise<GetEntitlementsCommandOutput> =>
  client(encoding, credentials).send(new GetEntitlementsCommand({ ProductCode: shop.productCode, ...input }));
const refusal = (name: string, status = 400) =>
  expect.objectContaining({
    name,
    message: expect.stringMatching(/\w/),
    $metadata: expect.objectContaining({ httpStatusCode: status, requestId: expect.any(String) }),
  });
const brief = ({ Entitlements }: GetEntitlementsCommandOutput): string[] =>
  Entitlements!.map(({ CustomerIdentifier, Dimension }) => `${CustomerIdentifier} ${Dimension}`);

/** Another buyer of Acme's product, under a price version with the same grants. */
async function subscriber(name: string, awsAccountId: string | null, endedAt: string | null = null): Promise<Marketplace> {
  const buyerId = newId();
  const subscriptionId = newId();
  const customerIdentifier = `customer-${name}`;
  const licenseArn = `arn:aws:license-manager::222233334444:license:l-${name}`;
  await database.sql(
    `insert into api.organization (id, name, slug, "createdAt", kind, "awsAccountId") values ($1, $2, $2, now(), 'buyer', $3)`,
    [buyerId, name, awsAccountId],
  );
  await database.sql(
    `insert into api.subscription (id, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, customer_identifier, license_arn, started_at, ended_at)
     values ($1, $2, $3, $4, $5, $6, 'usd', '', $7, $8, '2026-01-05T10:00:00Z', $9)`,
    [
      subscriptionId,
      buyerId,
      shop.vendorId,
      shop.productId,
      shop.offerId,
      shop.priceVersionId,
      customerIdentifier,
      licenseArn,
      endedAt,
    ],
  );
  return { ...shop, buyerId, subscriptionId, customerIdentifier, licenseArn };
}

let hooli: Marketplace;
let initech: Marketplace;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(metering, { database, clock });
  shop = await subscribedMarketplace(database);
  key = await vendorKey(database, shop.vendorId);
  await database.sql(
    `insert into api.entitlement_grant (price_version_id, dimension, integer_value, double_value, boolean_value, string_value) values
       ($1, 'audit', null, null, false, null), ($1, 'seats', 25, null, null, null),
       ($1, 'storage_tb', null, 5, null, null), ($1, 'tier', null, null, null, 'gold')`,
    [shop.priceVersionId],
  );
  hooli = await subscriber('hooli', HOOLI_AWS_ACCOUNT, '2026-01-05T18:30:00.250Z');
  initech = await subscriber('initech', null);
  await subscriber('gone', INITECH_AWS_ACCOUNT, '2026-01-05T15:20:00Z');
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

describe.each<Encoding>(['JSON', 'CBOR'])('GetEntitlements in %s', (encoding) => {
  it("answers with what a customer's price version grants, each value in its own type", async () => {
    const { Entitlements, NextToken } = await ask(encoding, { Filter: { CUSTOMER_IDENTIFIER: [shop.customerIdentifier] } });
    const always: Entitlement = {
      ProductCode: shop.productCode,
      CustomerIdentifier: shop.customerIdentifier,
      CustomerAWSAccountId: '333344445555',
      LicenseArn: shop.licenseArn,
    };
    expect(Entitlements).toEqual([
      { ...always, Dimension: 'audit', Value: { BooleanValue: false } },
      { ...always, Dimension: 'seats', Value: { IntegerValue: 25 } },
      { ...always, Dimension: 'storage_tb', Value: { DoubleValue: 5 } },
      { ...always, Dimension: 'tier', Value: { StringValue: 'gold' } },
    ]);
    expect(NextToken).toBeUndefined();
  });

  it('names the end of a subscription whose end is known, and leaves out those that ended', async () => {
    const { Entitlements } = await ask(encoding, { Filter: { DIMENSION: ['seats'] } });
    expect(Entitlements!.map(({ CustomerIdentifier, ExpirationDate }) => [CustomerIdentifier, ExpirationDate])).toEqual([
      [shop.customerIdentifier, undefined],
      [hooli.customerIdentifier, new Date('2026-01-05T18:30:00.250Z')],
      [initech.customerIdentifier, undefined],
    ]);
  });

  it('takes the values of a filter as alternatives and the filters together', async () => {
    const filtered = async (Filter: Asked['Filter']): Promise<string[]> => brief(await ask(encoding, { Filter }));
    expect(await filtered({ LICENSE_ARN: [hooli.licenseArn, initech.licenseArn], DIMENSION: ['seats', 'tier'] })).toEqual([
      `${hooli.customerIdentifier} seats`,
      `${hooli.customerIdentifier} tier`,
      `${initech.customerIdentifier} seats`,
      `${initech.customerIdentifier} tier`,
    ]);
    expect(await filtered({ CUSTOMER_AWS_ACCOUNT_ID: [HOOLI_AWS_ACCOUNT], DIMENSION: ['audit'] })).toEqual([
      `${hooli.customerIdentifier} audit`,
    ]);
    expect(await filtered({ CUSTOMER_AWS_ACCOUNT_ID: [HOOLI_AWS_ACCOUNT], LICENSE_ARN: [initech.licenseArn] })).toEqual([]);
  });

  it('answers with an empty list, not with none, when nobody is entitled', async () => {
    const answer = await ask(encoding, { Filter: { CUSTOMER_IDENTIFIER: ['nobody'] } });
    expect(answer.Entitlements).toEqual([]);
    expect(answer.NextToken).toBeUndefined();
  });

  it('pages through everything once, whatever the size of the page', async () => {
    const all = brief(await ask(encoding));
    expect(all).toHaveLength(12);
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ask(encoding, { MaxResults: 5, NextToken });
      seen.push(...brief(page));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(seen).toEqual(all);
    expect((await ask(encoding, { MaxResults: 12 })).NextToken).toBeUndefined();
  });

  it('may answer with an empty page and where to go on', async () => {
    const asked = { Filter: { DIMENSION: ['tier'], CUSTOMER_IDENTIFIER: [shop.customerIdentifier] }, MaxResults: 3 };
    const first = await ask(encoding, asked);
    expect(first.Entitlements).toEqual([]);
    expect(first.NextToken).toMatch(/^\S+$/);
    const second = await ask(encoding, { ...asked, NextToken: first.NextToken });
    expect(brief(second)).toEqual([`${shop.customerIdentifier} tier`]);
    expect(second.NextToken).toBeUndefined();
  });

  it('refuses a token that was changed, made up, or given for another list', async () => {
    const { NextToken } = await ask(encoding, { MaxResults: 1 });
    const again = (input: Asked, credentials = key) => ask(encoding, { MaxResults: 1, NextToken, ...input }, credentials);
    expect(brief(await again({}))).toEqual([`${shop.customerIdentifier} seats`]);
    const changed = Buffer.from(NextToken!, 'base64url');
    changed[changed.length - 1]! ^= 1;
    const other = await subscribedMarketplace(database);
    for (const input of [
      { NextToken: changed.toString('base64url') },
      { NextToken: 'made-up' },
      { Filter: { DIMENSION: ['seats'] } },
    ])
      await expect(again(input)).rejects.toThrow(refusal('InvalidParameterException'));
    await expect(again({ ProductCode: other.productCode }, await vendorKey(database, other.vendorId))).rejects.toThrow(
      refusal('InvalidParameterException'),
    );
  });

  it('refuses both ways to name a customer, filters it does not know, empty ones, and pages of no or too many', async () => {
    const filters = [
      { CUSTOMER_IDENTIFIER: ['a'], CUSTOMER_AWS_ACCOUNT_ID: [HOOLI_AWS_ACCOUNT] },
      { REGION: ['us-east-1'] } as Asked['Filter'],
      { DIMENSION: [] },
      { DIMENSION: ['se\0ats'] },
    ];
    for (const Filter of filters) await expect(ask(encoding, { Filter })).rejects.toThrow(refusal('InvalidParameterException'));
    for (const MaxResults of [0, 26])
      await expect(ask(encoding, { MaxResults })).rejects.toThrow(refusal('InvalidParameterException'));
  });

  it("is for the product's own vendor alone", async () => {
    const other = await subscribedMarketplace(database);
    const foreign = await vendorKey(database, other.vendorId);
    await expect(ask(encoding, {}, foreign)).rejects.toThrow(refusal('InvalidParameterException'));
    await expect(ask(encoding, { ProductCode: 'unknown' })).rejects.toThrow(refusal('InvalidParameterException'));
    const { credentials } = await machine(database, shop);
    await expect(ask(encoding, {}, credentials)).rejects.toThrow(refusal('AccessDeniedException', 403));
    await expect(ask(encoding, {}, { ...key, secretAccessKey: 'wrong' })).rejects.toThrow(
      refusal('InvalidSignatureException', 403),
    );
  });
});

describe('GetEntitlements', () => {
  it('gives the same answer in CBOR and in JSON', async () => {
    const answered = async (encoding: Encoding) => ({
      ...(await ask(encoding, { MaxResults: 7 })),
      $metadata: null,
      NextToken: null,
    });
    expect((await answered('CBOR')).Entitlements).toHaveLength(7);
    expect(await answered('CBOR')).toEqual(await answered('JSON'));
  });

  it('goes on in the other encoding', async () => {
    const { NextToken } = await ask('JSON', { MaxResults: 11 });
    expect(brief(await ask('CBOR', { NextToken }))).toEqual([`${initech.customerIdentifier} tier`]);
  });

  it('says so when a body is signed and is no CBOR', async () => {
    // A map of one pair that ends before its value; a tag nobody knows; ten thousand arrays in each other.
    for (const body of [Buffer.from('a16141', 'hex'), Buffer.from('d81801', 'hex'), Buffer.alloc(10_000, 0x81)]) {
      const command = new GetEntitlementsCommand({ ProductCode: shop.productCode });
      command.middlewareStack.add(
        (next) => (args) => {
          const request = args.request as { body: Buffer; headers: Record<string, string> };
          request.body = body;
          request.headers['content-length'] = String(body.length);
          return next(args);
        },
        { step: 'build', priority: 'low' },
      );
      await expect(client('CBOR').send(command)).rejects.toThrow(refusal('SerializationException'));
    }
  });

  it('is throttled by key', async () => {
    const slow = await startApp(metering, {
      database,
      clock,
      settings: { THROTTLE_GET_ENTITLEMENTS: '1', THROTTLE_BURST_SECONDS: '1' },
    });
    const request = (encoding: Encoding) =>
      client(encoding, key, slow.url).send(new GetEntitlementsCommand({ ProductCode: shop.productCode }));
    try {
      await request('JSON');
      await expect(request('CBOR')).rejects.toThrow(refusal('ThrottlingException'));
    } finally {
      await slow.close();
    }
  });

  it('refuses unsigned CBOR in CBOR', async () => {
    const answer = await fetch(`${app.url}/service/AWSMPEntitlementService/operation/GetEntitlements`, {
      method: 'POST',
      body: 'not cbor',
      headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('smithy-protocol')).toBe('rpc-v2-cbor');
    expect(answer.headers.get('content-type')).toBe('application/cbor');
    expect(decode(new Uint8Array(await answer.arrayBuffer()))).toEqual({
      __type: 'com.amazonaws.marketplaceentitlementservice#MissingAuthenticationTokenException',
      message: 'The request is not signed.',
    });
  });
});
