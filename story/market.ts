/** What companies do on Slipway, step by step over HTTP: Acme publishes, Globex subscribes and launches. For story and demo. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account, NewAccount } from '#testing/account.ts';

export const ACME: Omit<NewAccount, 'password'> = {
  name: 'Acme',
  email: 'vendor@acme.example',
  kind: 'vendor',
  awsAccountId: '222233334444',
};
export const GLOBEX: Omit<NewAccount, 'password'> = {
  name: 'Globex',
  email: 'buyer@globex.example',
  kind: 'buyer',
  awsAccountId: '333344445555',
};

export const VAULT = {
  name: 'Acme Vault',
  slug: 'acme-vault',
  imageId: 'ami-0acce550000000001',
  imageRegion: 'us-east-1',
  regions: ['us-east-1', 'eu-west-1'],
  hourly: '0.0837',
  dimension: 'users',
  perUser: '0.333',
  terms:
    'Acme Vault licence\n\nYou may run Acme Vault for as long as you are subscribed. Acme keeps it working and answers your questions on working days.',
} as const;

export interface Vault {
  productId: string;
  productCode: string;
  versionId: string;
  slug: string;
}

interface Version {
  id: string;
  title: string;
  images: Array<{ region: string; state: string; rejection: string | null }>;
}

/** Makes the product and submits its image; what is there already is used. */
export async function submitVault(vendor: Account, appliancePort: number): Promise<Omit<Vault, 'slug'>> {
  const { items: products } = await vendor.get<{ items: Array<{ id: string; name: string; productCode: string }> }>(
    '/v1/products',
  );
  const product =
    products.find((candidate) => candidate.name === VAULT.name) ??
    (await vendor.post<{ id: string; productCode: string }>('/v1/products', { name: VAULT.name }));
  const { items: versions } = await vendor.get<{ items: Version[] }>(`/v1/products/${product.id}/versions`);
  const version =
    versions.find((candidate) => candidate.title === '1.0.0') ??
    (await vendor.post<Version>(`/v1/products/${product.id}/versions`, {
      title: '1.0.0',
      notes: 'First release.',
      imageId: VAULT.imageId,
      imageRegion: VAULT.imageRegion,
      regions: VAULT.regions,
      instanceTypes: ['t3.micro', 't3.small'],
      urlTemplate: `http://{address}:${appliancePort}/`,
      healthPath: '/health',
    }));
  return { productId: product.id, productCode: product.productCode, versionId: version.id };
}

/** Waits until the image is ready in every region. @throws Error with the reason when it is rejected */
export async function imagesReady(
  vendor: Account,
  { productId, versionId }: Pick<Vault, 'productId' | 'versionId'>,
): Promise<Version> {
  return until('the image to be ready in every region', async () => {
    const { items } = await vendor.get<{ items: Version[] }>(`/v1/products/${productId}/versions`);
    const version = items.find((candidate) => candidate.id === versionId)!;
    const rejected = version.images.find((image) => image.state === 'rejected');
    if (rejected) throw new Error(`The image was rejected in ${rejected.region}: ${rejected.rejection}`);
    return version.images.every((image) => image.state === 'ready') ? version : undefined;
  });
}

/** Opens the account that a vendor is paid on, and hands in its papers on Stripe's page, which in the sandbox takes one visit. */
export async function openPayoutAccount(vendor: Account): Promise<void> {
  const account = { country: 'US', email: ACME.email };
  const { onboardingUrl } = await vendor.put<{ onboardingUrl: string | null }>('/v1/payout-account', account);
  if (!onboardingUrl) return;
  await until('the papers to be handed in', async () => (await fetch(onboardingUrl, { redirect: 'manual' })).status);
  await vendor.get('/v1/payout-account');
}

/** Prices the product and puts it on the storefront. */
export async function listVault(
  vendor: Account,
  { productId, versionId, entitlements = [] }: Pick<Vault, 'productId' | 'versionId'> & { entitlements?: object[] },
): Promise<void> {
  await vendor.put(`/v1/products/${productId}/offer`, {
    currency: 'usd',
    terms: VAULT.terms,
    prices: [
      { model: 'hourly', rate: VAULT.hourly, description: 'Running machine' },
      { model: 'metered', dimension: VAULT.dimension, description: 'Active users', unit: 'user', rate: VAULT.perUser },
    ],
    entitlements,
  });
  await vendor.put(`/v1/products/${productId}/listing`, {
    slug: VAULT.slug,
    summary: 'A password safe for the whole company, on a machine of its own.',
    description:
      'Acme Vault keeps the passwords, keys and certificates of a company in one place.\n\n- one machine, ready in minutes\n- backed up every night\n- support on working days',
    category: 'security',
    versionId,
  });
}

export interface Listing {
  slug: string;
  offer: {
    id: string;
    termsSha256: string;
    terms: string;
    currency: string;
    prices: Array<{ dimension: string; rate: string; unit: string; model: string }>;
  };
  version: { title: string; regions: string[] };
}

export interface Subscription {
  id: string;
  customerIdentifier: string;
  licenseArn: string;
  termsSha256: string;
  priceVersionId: string;
  endedAt: string | null;
}

/** Accepts the terms that the storefront shows. A running subscription is used. */
export async function subscribe(buyer: Account, slug: string): Promise<Subscription> {
  const listing = await buyer.get<Listing>(`/v1/listings/${slug}`);
  return buyer.post<Subscription>('/v1/subscriptions', { offerId: listing.offer.id, termsSha256: listing.offer.termsSha256 });
}

export interface Launch {
  id: string;
  state: string;
  desired: string;
  subscriptionId: string;
  url: string | null;
  ec2InstanceId: string | null;
  failure: string | null;
}

/** Waits until the machine is in `state`. @throws Error with its failure when it fails */
export async function launchIs(
  buyer: Account,
  id: string,
  state: 'healthy' | 'terminated',
  seen: (state: string) => void = () => {},
): Promise<Launch> {
  let last = '';
  return until(`the machine to be ${state}`, async () => {
    const launch = await buyer.get<Launch>(`/v1/launches/${id}`);
    if (launch.state !== last) seen((last = launch.state));
    if (launch.state === 'failed') throw new Error(`The launch failed: ${launch.failure}`);
    return launch.state === state ? launch : undefined;
  });
}

export interface InstanceCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/** What the program on the machine does: reads its identity from the metadata service and trades it for credentials. */
export async function proveIdentity(
  imds: string,
  meteringUrl: string,
  nonce = randomBytes(16).toString('hex'),
): Promise<InstanceCredentials> {
  const token = await text(`${imds}/latest/api/token`, {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '300' },
  });
  const headers = { 'x-aws-ec2-metadata-token': token };
  const identityDocument = await text(`${imds}/latest/dynamic/instance-identity/document`, { headers });
  const signature = await text(`${imds}/latest/dynamic/instance-identity/rsa2048`, { headers });
  const body = JSON.stringify({ identityDocument, signature, nonce });
  const answer = JSON.parse(
    await text(`${meteringUrl}/v1/instance-sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
  ) as Record<string, string>;
  return { accessKeyId: answer.AccessKeyId!, secretAccessKey: answer.SecretAccessKey!, sessionToken: answer.SessionToken! };
}

/**
 * Asks again until there is an answer; a process that is away for a moment is asked again, as any client should.
 * @throws Error naming what was waited for, after 60 s
 */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, withinMs = 60_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  let trouble = '';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      if (!isAway(error)) throw error;
      trouble = ` (last: ${String(error)})`;
    }
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs / 1000} s for ${what}${trouble}.`);
    await sleep(50);
  }
}

/** Whether an error says "not now": no connection, or 5xx. */
export const isAway = (error: unknown): boolean =>
  (error instanceof TypeError && /fetch failed/.test(error.message)) ||
  ((error as { problem?: { status: number } }).problem?.status ?? 0) >= 500;

async function text(url: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, init);
  if (!response.ok)
    throw Object.assign(new Error(`${url} answered ${response.status}: ${await response.text()}`), {
      problem: { status: response.status },
    });
  return response.text();
}
