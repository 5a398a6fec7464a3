import { readFileSync } from 'node:fs';
import { MeterUsageCommand } from '@aws-sdk/client-marketplace-metering';
import { X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/src/server.ts';
import { metering } from '../metering.app.ts';
import { certificateFile, launchedMachine, proofOf, type Ec2Machine, type Proof } from '../testing/ec2.ts';
import { meteringClient } from '../testing/wire.ts';
import { certificatesIn } from './identity-document.ts';
import type { InstanceCredentials } from './sessions.schema.ts';

let database: TestDatabase;
let sandbox: Sandbox;
let app: AppUnderTest;
let shop: Marketplace;
let machine: Ec2Machine;
const clock = new TestClock('2026-01-05T15:20:00Z');

beforeAll(async () => {
  [database, sandbox] = await Promise.all([createTestDatabase(), startSandbox({ bootMs: 0 })]);
  app = await startApp(metering, {
    database,
    clock,
    settings: { IDENTITY_CERTIFICATES_FILE: certificateFile(sandbox), SESSION_HOURS: '2' },
  });
});

afterAll(async () => {
  await app?.close();
  await sandbox?.close();
  await database?.drop();
});

beforeEach(async () => {
  shop = await subscribedMarketplace(database);
  machine = await launchedMachine(sandbox, database, shop);
});

const post = (proof: unknown): Promise<Response> =>
  fetch(`${app.url}/v1/instance-sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(proof),
  });

async function opened(proof: Proof): Promise<InstanceCredentials> {
  const answer = await post(proof);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as InstanceCredentials;
}

async function refusal(proof: unknown): Promise<{ status: number; code: string }> {
  const answer = await post(proof);
  const { code } = (await answer.json()) as { code: string };
  return { status: answer.status, code };
}

const meter = ({ AccessKeyId, SecretAccessKey, SessionToken }: InstanceCredentials, { productCode } = shop) =>
  meteringClient(app.url, { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }).send(
    new MeterUsageCommand({ ProductCode: productCode, Timestamp: clock.now(), UsageDimension: 'users', UsageQuantity: 5 }),
  );

describe('credentials of a machine', () => {
  it('are given for its identity document, in the form of credential_process, and meter as that machine', async () => {
    const answer = await post(await proofOf(machine));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const credentials = (await answer.json()) as InstanceCredentials;
    expect(credentials).toEqual({
      Version: 1,
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^\S{40}$/),
      SessionToken: expect.stringMatching(/^\S{64}$/),
      Expiration: expect.any(String),
    });
    const hours = (Date.parse(credentials.Expiration) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(1.99);
    expect(hours).toBeLessThanOrEqual(2);

    const { MeteringRecordId } = await meter(credentials);
    expect(
      await database.sql('select record_id, source_id from metering.usage_record where subscription_id = $1', [
        shop.subscriptionId,
      ]),
    ).toEqual([{ record_id: MeteringRecordId, source_id: machine.instanceId }]);
  });

  it('are for its own product only', async () => {
    const other = await subscribedMarketplace(database);
    await expect(meter(await opened(await proofOf(machine)), other)).rejects.toMatchObject({
      name: 'InvalidProductCodeException',
    });
  });

  it('are kept without anything that would let a reader of the database sign', async () => {
    const credentials = await opened(await proofOf(machine));
    const [row] = await database.sql('select * from metering.instance_session where access_key_id = $1', [
      credentials.AccessKeyId,
    ]);
    const kept = JSON.stringify(row) + String((row!.secret_sealed as Buffer).toString('latin1'));
    expect(kept).not.toContain(credentials.SecretAccessKey);
    expect(kept).not.toContain(credentials.SessionToken);
  });

  it('are given again for the same nonce, and never for another', async () => {
    await opened(await proofOf(machine));
    await opened(await proofOf(machine));
    expect(await refusal(await proofOf(machine, 'another-nonce-than-that'))).toEqual({ status: 403, code: 'nonce_differs' });
    const bound = await database.sql('select * from metering.instance_binding where instance_id = $1', [machine.instanceId]);
    expect(bound).toHaveLength(1);
  });

  it('bind one nonce when two race to be the first', async () => {
    const proofs = [await proofOf(machine, 'the-first-of-two-nonces'), await proofOf(machine, 'the-second-of-two-nonces')];
    const answers = await Promise.all(proofs.map((proof) => post(proof)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 403]);
  });

  it('are given ten times a minute', async () => {
    const proof = await proofOf(machine);
    for (let time = 0; time < 10; time += 1) await opened(proof);
    expect(await refusal(proof)).toEqual({ status: 429, code: 'too_many_sessions' });
  });

  it('are not given once its subscription has been over for an hour', async () => {
    await database.sql('update api.subscription set ended_at = $2 where id = $1', [shop.subscriptionId, '2026-01-05T14:30:00Z']);
    await opened(await proofOf(machine));
    await database.sql('update api.subscription set ended_at = $2 where id = $1', [shop.subscriptionId, '2026-01-05T14:20:00Z']);
    expect(await refusal(await proofOf(machine))).toEqual({ status: 403, code: 'subscription_ended' });
  });
});

describe('a machine is unknown', () => {
  it.each([
    ['nobody launched it', "ec2_instance_id = 'i-0000000000000000f'"],
    ['it is in another account', "ec2_account_id = '999900001111'"],
    ['it runs another image', "ami_id = 'ami-00000000000000000'"],
    ['it runs in another region', "region = 'eu-west-1'"],
    ['it was terminated', "state = 'terminated'"],
    ['it started more than an hour away from when it was launched', "launched_at = launched_at - interval '61 minutes'"],
  ])('when %s', async (_, change) => {
    const proof = await proofOf(machine);
    await database.sql(`update launcher.instance set ${change} where id = $1`, [machine.instanceId]);
    expect(await refusal(proof)).toEqual({ status: 403, code: 'machine_unknown' });
  });
});

describe('a proof does not hold', () => {
  const unproven = { status: 403, code: 'identity_not_proven' };

  it('when the document was changed', async () => {
    const proof = await proofOf(machine);
    const other = await proofOf(await launchedMachine(sandbox, database, shop));
    expect(await refusal({ ...proof, identityDocument: other.identityDocument })).toEqual(unproven);
    const der = Buffer.from(proof.signature, 'base64');
    const at = der.indexOf(machine.ec2InstanceId);
    der.write('i-0123456789abcdef0', at);
    const identityDocument = proof.identityDocument.replace(machine.ec2InstanceId, 'i-0123456789abcdef0');
    expect(await refusal({ ...proof, identityDocument, signature: der.toString('base64') })).toEqual(unproven);
  });

  it('when somebody else signed it, even under the name of a pinned certificate and with his own attached', async () => {
    const forger = await startSandbox({ bootMs: 0 });
    try {
      const forged = await proofOf(await launchedMachine(forger, database, shop));
      expect(await refusal(forged)).toEqual(unproven);
      const envelope = pkijs.ContentInfo.fromBER(Buffer.from(forged.signature, 'base64'));
      const signed = new pkijs.SignedData({ schema: envelope.content });
      signed.certificates = [pkijs.Certificate.fromBER(new X509Certificate(forger.identityCertificate).raw)];
      expect(await signed.verify({ signer: 0, checkChain: false })).toBe(true);
      const attached = new pkijs.ContentInfo({ contentType: pkijs.ContentInfo.SIGNED_DATA, content: signed.toSchema(true) });
      const signature = Buffer.from(attached.toSchema().toBER()).toString('base64');
      expect(await refusal({ ...forged, signature })).toEqual(unproven);
    } finally {
      await forger.close();
    }
  });

  it.each(['bm90IGFzbi4x', 'MAA=', 'MIIB'])('when the signature is %s', async (signature) => {
    expect(await refusal({ ...(await proofOf(machine)), signature })).toEqual(unproven);
  });

  it('when it has not the shape of one', async () => {
    const proof = await proofOf(machine);
    expect(await refusal({ ...proof, nonce: 'short' })).toEqual({ status: 400, code: 'invalid_request' });
    expect(await refusal({ ...proof, signature: '{}' })).toEqual({ status: 400, code: 'invalid_request' });
    expect(await refusal({})).toEqual({ status: 400, code: 'invalid_request' });
  });
});

describe("AWS's certificates", () => {
  const pem = readFileSync(new URL('aws-identity-certificates.pem', import.meta.url), 'utf8');

  it('are there for the regions served by default, whole and good for years', () => {
    expect(certificatesIn(pem)).toHaveLength(5);
    for (const text of pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []) {
      const certificate = new X509Certificate(text);
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
      expect(certificate.subject).toContain('O=Amazon Web Services LLC');
      expect(certificate.validToDate.getTime()).toBeGreaterThan(Date.now() + 365 * 86_400_000);
    }
  });

  it('must be certificates when others are named', () => {
    expect(() => certificatesIn('nothing')).toThrow('There is no certificate');
    expect(() => certificatesIn(pem.replace('MIIEEjCC', 'MIIEEjCD'))).toThrow();
  });
});

describe('taking credentials away', () => {
  it('is for the buyer whose machine it is, and the machine may prove itself anew', async () => {
    const credentials = await opened(await proofOf(machine));
    const revoke = async (organizationId: string, kind: 'buyer' | 'vendor'): Promise<number> => {
      const headers = await asCaller({ organizationId, kind });
      return (await fetch(`${app.url}/v1/instance-sessions/${machine.instanceId}`, { method: 'DELETE', headers })).status;
    };
    expect(await revoke(shop.vendorId, 'buyer')).toBe(404);
    expect(await revoke(shop.vendorId, 'vendor')).toBe(403);
    expect(await revoke(shop.buyerId, 'buyer')).toBe(204);
    await expect(meter(credentials)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    await expect(meter(await opened(await proofOf(machine)))).resolves.toBeDefined();
  });
});
