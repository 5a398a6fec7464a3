/** Signers for specs: a vendor's key, and a machine with its session, as api, launcher and metering would write them. */
import { createHash, randomBytes } from 'node:crypto';
import { MarketplaceMeteringClient } from '@aws-sdk/client-marketplace-metering';
import { newId } from '#platform/ids.ts';
import { seal } from '#platform/seal.ts';
import { TEST_SECRETS_KEY } from '#testing/app.ts';
import type { TestDatabase } from '#testing/database.ts';
import type { Marketplace } from '#testing/fixtures.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** The real SDK with nothing changed but the endpoint. It does not try again, so that a spec sees each refusal. */
export const meteringClient = (url: string, credentials: Credentials, region = 'us-east-1'): MarketplaceMeteringClient =>
  new MarketplaceMeteringClient({ endpoint: url, region, credentials, maxAttempts: 1 });

export async function vendorKey({ sql }: TestDatabase, vendorId: string): Promise<Credentials> {
  const accessKeyId = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
  const secretAccessKey = randomBytes(30).toString('base64');
  await sql('insert into api.vendor_key (access_key_id, vendor_id, secret_sealed, created_at) values ($1, $2, $3, now())', [
    accessKeyId,
    vendorId,
    seal(TEST_SECRETS_KEY, `vendor_key:${accessKeyId}`, secretAccessKey),
  ]);
  return { accessKeyId, secretAccessKey };
}

export interface Machine {
  instanceId: string;
  credentials: Credentials;
}

/** A healthy machine of the buyer's, with a session. @param createdAt when it was launched. */
export async function machine(
  { sql }: TestDatabase,
  shop: Marketplace,
  { createdAt = '2026-01-05T09:00:00Z', expiresAt = new Date(Date.now() + 3_600_000), region = 'us-east-1' } = {},
): Promise<Machine> {
  const instanceId = newId();
  await sql(
    `insert into launcher.instance (id, subscription_id, buyer_id, vendor_id, product_id, version_id, region, instance_type, state, created_at)
     values ($1, $2, $3, $4, $5, $8, $6, 't3.micro', 'healthy', $7)`,
    [instanceId, shop.subscriptionId, shop.buyerId, shop.vendorId, shop.productId, region, createdAt, shop.versionId],
  );
  const accessKeyId = `ASIA${randomBytes(16).toString('hex').toUpperCase()}`;
  const secretAccessKey = randomBytes(30).toString('base64');
  const sessionToken = randomBytes(48).toString('base64');
  await sql(
    `insert into metering.instance_session
       (access_key_id, subscription_id, instance_id, product_id, secret_sealed, token_sha256, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, now(), $7)`,
    [
      accessKeyId,
      shop.subscriptionId,
      instanceId,
      shop.productId,
      seal(TEST_SECRETS_KEY, `instance_session:${accessKeyId}`, secretAccessKey),
      createHash('sha256').update(sessionToken).digest('hex'),
      expiresAt,
    ],
  );
  return { instanceId, credentials: { accessKeyId, secretAccessKey, sessionToken } };
}
