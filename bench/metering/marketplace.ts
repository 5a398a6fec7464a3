/** A vendor with many customers and machines, written straight into the tables: what the load of the benchmark is about. */
import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { newId } from '#platform/ids.ts';
import { seal, sha256 } from '#platform/seal.ts';

export const SECRETS_KEY = Buffer.alloc(32, 1).toString('base64');
export const CALLER_SECRET = 'a secret that only the benchmark uses';
export const RECEIPT_KEY = Buffer.alloc(32, 2).toString('base64');
export const REGION = 'us-east-1';
export const DIMENSIONS = Array.from({ length: 40 }, (_, index) => `dimension_${index}`);

export interface Signing {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface Machine extends Signing {
  subscriptionId: string;
  instanceId: string;
}

export interface Shop {
  vendorId: string;
  productCode: string;
  vendor: Signing;
  /** Subscriptions with the names by which the wire calls their customers. */
  customers: Array<{ subscriptionId: string; customerIdentifier: string }>;
  machines: Machine[];
}

/** @param url as the owner of the database. Everything began two days ago. */
export async function openShop(url: string, { customers, machines }: { customers: number; machines: number }): Promise<Shop> {
  const owner = new Pool({ connectionString: url, max: 1 });
  owner.on('error', () => {}); // The database is stopped when something fails; what failed is to be seen then.
  const began = new Date(Date.now() - 2 * 86_400_000);
  const [vendorId, productId, offerId, priceVersionId] = [newId(), newId(), newId(), newId()];
  const productCode = randomBytes(13).toString('hex').slice(0, 25);
  const sql = (text: string, values: unknown[]): Promise<unknown> => owner.query(text, values);
  await sql(`insert into api.organization (id, name, slug, "createdAt", kind) values ($1, 'Acme', $2, $3, 'vendor')`, [
    vendorId,
    vendorId,
    began,
  ]);
  await sql(`insert into api.product (id, vendor_id, product_code, name, created_at) values ($1, $2, $3, 'Acme Vault', $4)`, [
    productId,
    vendorId,
    productCode,
    began,
  ]);
  await sql(
    `insert into api.offer (id, product_id, currency, terms_text, terms_sha256, created_at) values ($1, $2, 'usd', 'Use it well.', 'x', $3)`,
    [offerId, productId, began],
  );
  await sql(`insert into api.price_version (id, offer_id, effective_from, created_at) values ($1, $2, $3, $3)`, [
    priceVersionId,
    offerId,
    began,
  ]);
  await sql(
    `insert into api.price (price_version_id, dimension, model, description, unit, rate) select $1, unnest($2::text[]), 'metered', 'Users', 'user', 1`,
    [priceVersionId, DIMENSIONS],
  );
  const ids = Array.from({ length: customers }, newId);
  await sql(
    `with buyer as (insert into api.organization (id, name, slug, "createdAt", kind) select id, 'Globex', id::text, $2, 'buyer' from unnest($1::uuid[]) as id)
     insert into api.subscription (id, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, customer_identifier, license_arn, started_at)
     select id, id, $3, $4, $5, $6, 'usd', 'x', 'c' || id, 'arn:' || id, $2 from unnest($1::uuid[]) as id`,
    [ids, began, vendorId, productId, offerId, priceVersionId],
  );
  const vendor = keys('AKIA');
  await sql('insert into api.vendor_key (access_key_id, vendor_id, secret_sealed, created_at) values ($1, $2, $3, $4)', [
    vendor.accessKeyId,
    vendorId,
    seal(SECRETS_KEY, `vendor_key:${vendor.accessKeyId}`, vendor.secretAccessKey),
    began,
  ]);
  const made = Array.from({ length: machines }, (_, index): Machine => ({
    ...keys('ASIA'),
    sessionToken: randomBytes(48).toString('base64'),
    subscriptionId: ids[index % ids.length]!,
    instanceId: newId(),
  }));
  await sql(
    `insert into launcher.instance (id, subscription_id, buyer_id, vendor_id, product_id, version_id, region, instance_type, state, created_at)
     select id, subscription_id, subscription_id, $3, $4, gen_random_uuid(), $5, 't3.micro', 'healthy', $6 from unnest($1::uuid[], $2::uuid[]) as given (id, subscription_id)`,
    [made.map((one) => one.instanceId), made.map((one) => one.subscriptionId), vendorId, productId, REGION, began],
  );
  await sql(
    `insert into metering.instance_session (access_key_id, subscription_id, instance_id, product_id, secret_sealed, token_sha256, created_at, expires_at)
     select key, subscription_id, instance_id, $6, sealed, token, now(), now() + interval '6 hours'
       from unnest($1::text[], $2::uuid[], $3::uuid[], $4::bytea[], $5::text[]) as given (key, subscription_id, instance_id, sealed, token)`,
    [
      made.map((one) => one.accessKeyId),
      made.map((one) => one.subscriptionId),
      made.map((one) => one.instanceId),
      made.map((one) => seal(SECRETS_KEY, `instance_session:${one.accessKeyId}`, one.secretAccessKey)),
      made.map((one) => sha256(one.sessionToken!).toString('hex')),
      productId,
    ],
  );
  await owner.end();
  const named = ids.map((subscriptionId) => ({ subscriptionId, customerIdentifier: `c${subscriptionId}` }));
  return { vendorId, productCode, vendor, customers: named, machines: made };
}

const keys = (prefix: string): Signing => ({
  accessKeyId: `${prefix}${randomBytes(8).toString('hex').toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString('base64'),
});
