import { generateKeyPairSync } from 'node:crypto';
import { RegisterUsageCommand, type RegisterUsageCommandOutput } from '@aws-sdk/client-marketplace-metering';
import { decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { seal } from '#platform/seal.ts';
import { startApp, TEST_SECRETS_KEY, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';
import { machine, meteringClient, vendorKey, type Credentials } from '../testing/wire.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
let publicKey: string;
// The business's clock is not the one that signatures are dated by.
const clock = new TestClock('2026-01-05T15:20:00Z');

/** As api would write it. */
async function productKey(productId: string, version: number): Promise<string> {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await database.sql(
    `insert into api.product_key (product_id, version, public_key_pem, private_key_sealed, created_at)
     values ($1, $2, $3, $4, '2026-01-05T09:00:00Z')`,
    [productId, version, pair.publicKey, seal(TEST_SECRETS_KEY, `product_key:${productId}:${version}`, pair.privateKey)],
  );
  return pair.publicKey;
}

const register = (
  credentials: Credentials,
  { region, ...input }: { region?: string; ProductCode?: string; PublicKeyVersion?: number; Nonce?: string } = {},
): Promise<RegisterUsageCommandOutput> =>
  meteringClient(app.url, credentials, region).send(
    new RegisterUsageCommand({ ProductCode: shop.productCode, PublicKeyVersion: 1, ...input }),
  );
const refusal = (name: string) => expect.objectContaining({ name });
const endSubscription = () =>
  database.sql("update api.subscription set ended_at = '2026-01-05T15:00:00Z' where id = $1", [shop.subscriptionId]);

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(metering, { database, clock });
  shop = await subscribedMarketplace(database);
  publicKey = await productKey(shop.productId, 1);
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

describe('RegisterUsage', () => {
  it('answers with a token that software verifies with the public key it was shipped with', async () => {
    const Nonce = 'n'.repeat(255);
    const { Signature, PublicKeyRotationTimestamp } = await register((await machine(database, shop)).credentials, { Nonce });
    expect(decodeProtectedHeader(Signature!)).toEqual({ alg: 'PS256', typ: 'JWT' });
    const { payload } = await jwtVerify(Signature!, await importSPKI(publicKey, 'PS256'));
    expect(payload).toEqual({ productCode: shop.productCode, publicKeyVersion: 1, nonce: Nonce, iat: expect.any(Number) });
    expect(Math.abs(Date.now() / 1000 - payload.iat!)).toBeLessThan(60);
    expect(PublicKeyRotationTimestamp).toBeUndefined();
  });

  it('says nothing of a nonce that was not sent', async () => {
    const { Signature } = await register((await machine(database, shop)).credentials);
    const { payload } = await jwtVerify(Signature!, await importSPKI(publicKey, 'PS256'));
    expect(Object.keys(payload)).toEqual(['productCode', 'publicKeyVersion', 'iat']);
  });

  it('still signs with a key that was rotated out, and says since when there is a newer one', async () => {
    const other = await subscribedMarketplace(database);
    const keys = [await productKey(other.productId, 1)];
    await database.sql("update api.product_key set rotated_at = '2026-01-05T12:00:00Z' where product_id = $1", [other.productId]);
    keys.push(await productKey(other.productId, 2));
    const { credentials } = await machine(database, other);
    const ask = (PublicKeyVersion: number) => register(credentials, { ProductCode: other.productCode, PublicKeyVersion });
    const old = await ask(1);
    expect(old.PublicKeyRotationTimestamp).toEqual(new Date('2026-01-05T12:00:00Z'));
    expect((await jwtVerify(old.Signature!, await importSPKI(keys[0]!, 'PS256'))).payload.publicKeyVersion).toBe(1);
    const current = await ask(2);
    expect(current.PublicKeyRotationTimestamp).toBeUndefined();
    expect((await jwtVerify(current.Signature!, await importSPKI(keys[1]!, 'PS256'))).payload.publicKeyVersion).toBe(2);
    await expect(jwtVerify(current.Signature!, await importSPKI(keys[0]!, 'PS256'))).rejects.toThrow('signature');
  });

  it('writes down once that a machine registered, however often it does', async () => {
    const { instanceId, credentials } = await machine(database, shop);
    await Promise.all([register(credentials), register(credentials), register(credentials)]);
    expect(
      await database.sql('select subscription_id, registered_at from metering.usage_registration where instance_id = $1', [
        instanceId,
      ]),
    ).toEqual([{ subscription_id: shop.subscriptionId, registered_at: clock.now() }]);
  });

  it('refuses other products, key versions that do not exist, and other regions', async () => {
    const { credentials } = await machine(database, shop);
    const other = await subscribedMarketplace(database);
    await productKey(other.productId, 1);
    await expect(register(credentials, { ProductCode: other.productCode })).rejects.toThrow(
      refusal('InvalidProductCodeException'),
    );
    await expect(register(credentials, { ProductCode: 'unknown' })).rejects.toThrow(refusal('InvalidProductCodeException'));
    await expect(register(credentials, { PublicKeyVersion: 2 })).rejects.toThrow(refusal('InvalidPublicKeyVersionException'));
    await expect(register(credentials, { region: 'eu-west-1' })).rejects.toThrow(refusal('InvalidRegionException'));
    await expect(register(credentials, { PublicKeyVersion: 0 })).rejects.toThrow(refusal('ValidationException'));
    await expect(register(credentials, { Nonce: 'n'.repeat(256) })).rejects.toThrow(refusal('ValidationException'));
  });

  it("does not take a vendor's key for a machine", async () => {
    await expect(register(await vendorKey(database, shop.vendorId))).rejects.toThrow(refusal('PlatformNotSupportedException'));
  });

  it('asks for a running subscription on the first call of a machine only', async () => {
    const [running, late] = [await machine(database, shop), await machine(database, shop)];
    await register(running.credentials);
    await endSubscription();
    await expect(register(late.credentials)).rejects.toThrow(refusal('CustomerNotEntitledException'));
    expect(await register(running.credentials, { Nonce: newId() })).toMatchObject({ Signature: expect.any(String) });
  });
});
