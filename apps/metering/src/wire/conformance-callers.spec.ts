/** Who may call and how often, and what is answered before an operation is looked at; with the SDKs as they come. */
import { GetEntitlementsCommand, MarketplaceEntitlementServiceClient } from '@aws-sdk/client-marketplace-entitlement-service';
import { MarketplaceMeteringClient, ResolveCustomerCommand } from '@aws-sdk/client-marketplace-metering';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterSigning, beforeSigning, saying } from '../testing/altered.ts';
import { meterUsage, refusal, wireWorld, type WireWorld } from '../testing/conformance.ts';
import { machine, meteringClient, vendorKey } from '../testing/wire.ts';

let world: WireWorld;

const open = () => world.open({ at: '2026-01-01T00:00:00Z', now: '2026-01-05T15:20:00Z' });
const resolve = (RegistrationToken = 'made up', from = world.seller) =>
  from.send(new ResolveCustomerCommand({ RegistrationToken }));

describe('a caller', () => {
  beforeAll(async () => {
    world = await wireWorld();
  });
  afterAll(() => world?.close());
  beforeEach(open);
  afterEach(() => vi.unstubAllEnvs());

  it('comes here by an environment variable alone', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_MARKETPLACE_METERING', world.app.url);
    vi.stubEnv('AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE', world.app.url);
    const own = { region: 'us-east-1', credentials: world.vault.credentials };
    const { MeteringRecordId, $metadata } = await new MarketplaceMeteringClient(own).send(meterUsage(world));
    expect(MeteringRecordId).toMatch(/^[0-9a-f-]{36}$/);
    expect($metadata).toMatchObject({ requestId: expect.stringMatching(/./), attempts: 1 });
    const credentials = await vendorKey(world.database, world.shop.vendorId);
    const entitlements = new MarketplaceEntitlementServiceClient({ region: 'us-east-1', credentials });
    const { Entitlements } = await entitlements.send(new GetEntitlementsCommand({ ProductCode: world.shop.productCode }));
    expect(Entitlements).toEqual([]);
  });

  it('whose clock is an hour wrong gets through at the second try, for we say what time it is', async () => {
    const wrong = {
      endpoint: world.app.url,
      region: 'us-east-1',
      credentials: world.vault.credentials,
      systemClockOffset: 3_600_000,
    };
    await expect(new MarketplaceMeteringClient({ ...wrong, maxAttempts: 1 }).send(meterUsage(world))).rejects.toThrow(
      refusal('InvalidSignatureException', 403),
    );
    const { $metadata } = await new MarketplaceMeteringClient(wrong).send(meterUsage(world));
    expect($metadata.attempts).toBe(2);
  });

  it.each([
    [
      'a signature in the query',
      afterSigning,
      (request: { headers: Record<string, string>; query?: Record<string, string> }) => {
        delete request.headers.authorization;
        request.query = { 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', 'X-Amz-Signature': 'abc' };
      },
      'IncompleteSignatureException',
    ],
    [
      'a body that is not signed',
      beforeSigning,
      (request: { headers: Record<string, string> }) => (request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD'),
      'InvalidSignatureException',
    ],
    [
      'a body signed in pieces',
      beforeSigning,
      (request: { headers: Record<string, string> }) =>
        (request.headers['x-amz-content-sha256'] = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'),
      'InvalidSignatureException',
    ],
    [
      'an x-amz header outside of the signature',
      afterSigning,
      (request: { headers: Record<string, string> }) => (request.headers['x-amz-added'] = 'x'),
      'IncompleteSignatureException',
    ],
    [
      'another operation than was signed',
      afterSigning,
      (request: { headers: Record<string, string> }) =>
        (request.headers['x-amz-target'] = 'AWSMPMeteringService.BatchMeterUsage'),
      'InvalidSignatureException',
    ],
    [
      'another body than was signed',
      afterSigning,
      (request: { body: Uint8Array }) =>
        (request.body = Buffer.from(new TextDecoder().decode(request.body).replace('"UsageQuantity":5', '"UsageQuantity":6'))),
      'InvalidSignatureException',
    ],
    [
      'no signature',
      afterSigning,
      (request: { headers: Record<string, string> }) => delete request.headers.authorization,
      'MissingAuthenticationTokenException',
    ],
  ])('is refused with %s', async (_, when, change, name) => {
    await expect(world.buyer.send(when(meterUsage(world), change as never))).rejects.toThrow(refusal(name, 403));
    expect(await world.rows()).toEqual([]);
  });

  it('who is nobody hears so before its body is looked at', async () => {
    const nobody = meteringClient(world.app.url, { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' });
    await expect(nobody.send(saying(meterUsage(world), '{not json'))).rejects.toThrow(
      refusal('UnrecognizedClientException', 403),
    );
    const { credentials } = await machine(world.database, world.shop, { expiresAt: new Date(Date.now() - 1000) });
    const expired = meteringClient(world.app.url, credentials);
    await expect(expired.send(saying(meterUsage(world), '{not json'))).rejects.toThrow(refusal('ExpiredTokenException', 403));
  });

  it('whose key or session was just used is refused within seconds after it was revoked', async () => {
    await expect(resolve()).rejects.toThrow(refusal('InvalidTokenException'));
    await world.meter();
    await world.database.sql('update api.vendor_key set revoked_at = now() where vendor_id = $1', [world.shop.vendorId]);
    await world.database.sql('update metering.instance_session set revoked_at = now() where subscription_id = $1', [
      world.shop.subscriptionId,
    ]);
    const revokedAt = Date.now();
    const refused = async (call: () => Promise<unknown>) => {
      for (;;) {
        const name = await call().then(
          () => 'taken',
          (error: Error) => error.name,
        );
        if (name === 'UnrecognizedClientException') return;
        if (Date.now() - revokedAt > 10_000) throw new Error(`After 10 s it is still answered: ${name}.`);
        await sleep(200);
      }
    };
    await Promise.all([refused(() => resolve()), refused(() => world.meter())]);
    expect(Date.now() - revokedAt).toBeLessThan(7_000);
  });

  it('asking for a dry run with anything wrong in it hears what is wrong', async () => {
    await expect(world.meter({ DryRun: true, ProductCode: 'nosuchproduct' })).rejects.toThrow(
      refusal('InvalidProductCodeException'),
    );
    await expect(world.meter({ DryRun: true })).rejects.toThrow(refusal('DryRunOperation'));
    expect(await world.rows()).toEqual([]);
  });
});

describe('a caller who calls too often', () => {
  beforeAll(async () => {
    world = await wireWorld({
      THROTTLE_METER_USAGE: '5',
      THROTTLE_BATCH_METER_USAGE: '1',
      THROTTLE_RESOLVE_CUSTOMER: '1',
      THROTTLE_BURST_SECONDS: '1',
    });
  });
  afterAll(() => world?.close());
  beforeEach(open);

  it('is throttled, while other keys and other operations are not', async () => {
    const records = [world.record()];
    await world.send(records);
    await expect(world.send(records)).rejects.toThrow(refusal('ThrottlingException'));
    await expect(resolve()).rejects.toThrow(refusal('InvalidTokenException'));
    await expect(resolve()).rejects.toThrow(refusal('ThrottlingException'));
    const other = meteringClient(world.app.url, await vendorKey(world.database, world.shop.vendorId));
    expect((await world.send(records, {}, other)).Results).toMatchObject([{ Status: 'Success' }]);
  });

  it('gets through by the tries that the SDK makes itself, and each hour is one record', async () => {
    const patient = new MarketplaceMeteringClient({
      endpoint: world.app.url,
      region: 'us-east-1',
      credentials: world.vault.credentials,
      maxAttempts: 8,
    });
    const answers = await Promise.all(Array.from({ length: 9 }, () => patient.send(meterUsage(world))));
    expect(Math.max(...answers.map(({ $metadata }) => $metadata.attempts!))).toBeGreaterThan(1);
    expect(new Set(answers.map(({ MeteringRecordId }) => MeteringRecordId)).size).toBe(1);
    expect(await world.rows()).toHaveLength(1);
  });
});
