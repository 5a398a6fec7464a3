/** Rows of `api` as its verbs would write them, for specs of one downstream app alone. Acme sells, Globex buys. */
import { createHash } from 'node:crypto';
import { newId } from '#platform/ids.ts';
import type { TestDatabase } from './database.ts';

export interface Marketplace {
  vendorId: string;
  buyerId: string;
  productId: string;
  productCode: string;
  versionId: string;
  offerId: string;
  priceVersionId: string;
  subscriptionId: string;
  customerIdentifier: string;
  licenseArn: string;
}

export const ACME_AWS_ACCOUNT = '222233334444';
export const GLOBEX_AWS_ACCOUNT = '333344445555';

/**
 * Acme sells Vault at `hourly` USD per hour and `perUser` USD per user (dimension `users`); Globex has subscribed.
 * @param at when everything happened.
 */
export async function subscribedMarketplace(
  { sql }: Pick<TestDatabase, 'sql'>,
  {
    at = '2026-01-05T09:00:00Z',
    hourly = '0.25',
    perUser = '1.5',
    sourceImageId = 'ami-0acce550000000001',
    regions = ['us-east-1'],
  } = {},
): Promise<Marketplace> {
  const [vendorId, buyerId, productId, versionId, offerId, priceVersionId, subscriptionId] = Array.from({ length: 7 }, newId) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const unique = subscriptionId.replaceAll('-', '').slice(-12);
  const productCode = `v${unique}${unique}`.slice(0, 25).padEnd(25, '0');
  const terms = 'Use it well.';
  const licenseArn = `arn:aws:license-manager::${ACME_AWS_ACCOUNT}:license:l-${subscriptionId.replaceAll('-', '')}`;
  const customerIdentifier = `cust${unique}`;
  await sql(
    `insert into api.organization (id, name, slug, "createdAt", kind, "awsAccountId") values
       ($1, 'Acme', $3, $5, 'vendor', $6), ($2, 'Globex', $4, $5, 'buyer', $7)`,
    [vendorId, buyerId, `acme-${unique}`, `globex-${unique}`, at, ACME_AWS_ACCOUNT, GLOBEX_AWS_ACCOUNT],
  );
  await sql('insert into api.product (id, vendor_id, product_code, name, created_at) values ($1, $2, $3, $4, $5)', [
    productId,
    vendorId,
    productCode,
    'Acme Vault',
    at,
  ]);
  await sql(
    `insert into api.version (id, product_id, title, notes, source_image_id, source_region, regions, instance_types, url_template, health_path, created_at)
     values ($1, $2, '1.0.0', 'First release.', $3, 'us-east-1', $4, '{t3.micro,t3.small}', 'http://{address}:4130/', '/health', $5)`,
    [versionId, productId, sourceImageId, regions, at],
  );
  await sql(
    "insert into api.offer (id, product_id, currency, terms_text, terms_sha256, created_at) values ($1, $2, 'usd', $3, $4, $5)",
    [offerId, productId, terms, createHash('sha256').update(terms).digest('hex'), at],
  );
  await sql('insert into api.price_version (id, offer_id, effective_from, created_at) values ($1, $2, $3, $3)', [
    priceVersionId,
    offerId,
    at,
  ]);
  await sql(
    `insert into api.price (price_version_id, dimension, model, description, unit, rate) values
       ($1, 'hours', 'hourly', 'Running machine', 'hour', $2), ($1, 'users', 'metered', 'Active users', 'user', $3)`,
    [priceVersionId, hourly, perUser],
  );
  await sql(
    `insert into api.subscription (id, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, customer_identifier, license_arn, started_at)
     select $1, $2, $3, $4, $5, $6, 'usd', offer.terms_sha256, $7, $8, $9 from api.offer where offer.id = $5`,
    [subscriptionId, buyerId, vendorId, productId, offerId, priceVersionId, customerIdentifier, licenseArn, at],
  );
  return {
    vendorId,
    buyerId,
    productId,
    productCode,
    versionId,
    offerId,
    priceVersionId,
    subscriptionId,
    customerIdentifier,
    licenseArn,
  };
}
