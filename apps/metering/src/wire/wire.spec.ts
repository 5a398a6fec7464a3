import { MeterUsageCommand, RegisterUsageCommand, ResolveCustomerCommand } from '@aws-sdk/client-marketplace-metering';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';
import { machine, meteringClient, vendorKey, type Credentials } from '../testing/wire.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
// The business's clock is not the one that signatures age by.
const clock = new TestClock('2026-01-05T15:20:00Z');

const resolve = (credentials: Credentials, region?: string) =>
  meteringClient(app.url, credentials, region).send(new ResolveCustomerCommand({ RegistrationToken: 'made up' }));
const meter = (credentials: Credentials) =>
  meteringClient(app.url, credentials).send(
    new MeterUsageCommand({ ProductCode: shop.productCode, Timestamp: clock.now(), UsageDimension: 'users', UsageQuantity: 5 }),
  );
const refusal = (name: string, status = 403) =>
  expect.objectContaining({
    name,
    $metadata: expect.objectContaining({ httpStatusCode: status, requestId: expect.any(String) }),
  });
const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(app.url, { method: 'POST', body, headers: { 'content-type': 'application/x-amz-json-1.1', ...headers } });

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(metering, { database, clock });
  shop = await subscribedMarketplace(database);
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

describe('the AWS wire', () => {
  it('knows a vendor by its key', async () => {
    await expect(resolve(await vendorKey(database, shop.vendorId))).rejects.toThrow(refusal('InvalidTokenException', 400));
  });

  it('refuses unsigned requests before it looks at what they ask', async () => {
    const answer = await post('{not json', { 'x-amz-target': 'AWSMPMeteringService.MeterUsage' });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-amzn-requestid')).toBeTruthy();
    expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException', message: expect.any(String) });
  });

  it('refuses unknown keys, wrong secrets and regions we do not serve', async () => {
    const key = await vendorKey(database, shop.vendorId);
    await expect(resolve({ ...key, accessKeyId: 'AKIAUNKNOWN00000' })).rejects.toThrow(refusal('UnrecognizedClientException'));
    await expect(resolve({ ...key, secretAccessKey: 'wrong' })).rejects.toThrow(refusal('InvalidSignatureException'));
    await expect(resolve(key, 'mars-north-1')).rejects.toThrow(refusal('InvalidSignatureException'));
  });

  it('refuses a revoked key', async () => {
    const key = await vendorKey(database, shop.vendorId);
    await database.sql('update api.vendor_key set revoked_at = now() where access_key_id = $1', [key.accessKeyId]);
    await expect(resolve(key)).rejects.toThrow(refusal('UnrecognizedClientException'));
  });

  it("takes a machine's session only with its own token", async () => {
    const { credentials } = await machine(database, shop);
    const other = await machine(database, shop);
    await expect(meter({ ...credentials, sessionToken: other.credentials.sessionToken })).rejects.toThrow(
      refusal('UnrecognizedClientException'),
    );
    await expect(meter({ ...credentials, sessionToken: undefined })).rejects.toThrow(refusal('UnrecognizedClientException'));
    expect(await meter(credentials)).toMatchObject({ MeteringRecordId: expect.any(String) });
  });

  it('refuses a session that has expired in real time, or was revoked', async () => {
    const { credentials } = await machine(database, shop, { expiresAt: new Date(Date.now() - 1000) });
    await expect(meter(credentials)).rejects.toThrow(refusal('ExpiredTokenException'));
    const revoked = (await machine(database, shop)).credentials;
    await database.sql('update metering.instance_session set revoked_at = now() where access_key_id = $1', [revoked.accessKeyId]);
    await expect(meter(revoked)).rejects.toThrow(refusal('UnrecognizedClientException'));
  });

  it('says so when it does not know an operation', async () => {
    const client = meteringClient(app.url, (await machine(database, shop)).credentials);
    const register = new RegisterUsageCommand({ ProductCode: shop.productCode, PublicKeyVersion: 1 });
    register.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request as { headers: object }, {
          headers: { ...(args.request as { headers: object }).headers, 'x-amz-target': 'AWSMPMeteringService.NoSuchOperation' },
        });
        return next(args);
      },
      { step: 'build' },
    );
    await expect(client.send(register)).rejects.toThrow(refusal('UnknownOperationException', 400));
  });

  it('refuses more than a megabyte in the form that SDKs read', async () => {
    const answer = await post(' '.repeat(1_048_577));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ __type: 'RequestEntityTooLargeException' });
  });
});
