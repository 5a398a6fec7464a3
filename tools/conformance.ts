/**
 * What `.slipway/demo.json` holds for other people's metering clients: keys, machines and customers that their tests can meter with,
 * made anew by each start, so that no hour of theirs has usage yet.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Account, type NewAccount } from '#testing/account.ts';
import {
  proveIdentity,
  subscribe,
  until,
  VAULT,
  type InstanceCredentials,
  type Launch,
  type Subscription,
} from '../story/market.ts';
import type { Stack } from './stack.ts';

/** Buys Acme Vault anew at each start. Nobody else claims its AWS account: who is meant by that account is never in doubt. */
const INITECH: Omit<NewAccount, 'password'> = {
  name: 'Initech',
  email: 'buyer@initech.example',
  kind: 'buyer',
  awsAccountId: '444455556666',
};
/** Bought Acme Vault and has ended the subscription, while its machine's credentials are still good. */
const HOOLI: Omit<NewAccount, 'password'> = {
  name: 'Hooli',
  email: 'buyer@hooli.example',
  kind: 'buyer',
  awsAccountId: '555566667777',
};
/** Another vendor, for a product code that is none of Acme's. */
const VANDELAY: Omit<NewAccount, 'password'> = {
  name: 'Vandelay',
  email: 'vendor@vandelay.example',
  kind: 'vendor',
  awsAccountId: '666677778888',
};

/** What everyone who buys Acme Vault is entitled to. */
export const SEATS = { dimension: 'seats', integerValue: 25 } as const;

/** A vendor may report 24 whole hours back, so that a subscription has to be older than 25. */
const SUBSCRIBED_HOURS_AGO = 26;
/** A machine may report 6 whole hours back. */
const LAUNCHED_HOURS_AGO = 8;
/** Longer ago than the hour in which usage of before is still taken. */
const UNSUBSCRIBED_HOURS_AGO = 2;

interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Conformance {
  region: string;
  /** Signs BatchMeterUsage, ResolveCustomer and GetEntitlements. */
  seller: AccessKey;
  /** Signs MeterUsage and RegisterUsage. */
  instance: InstanceCredentials;
  /** Its subscription has ended: CustomerNotEntitledException. */
  unentitledInstance: InstanceCredentials;
  /** ExpiredTokenException. */
  expiredInstance: InstanceCredentials;
  productCode: string;
  dimension: string;
  /** The product that `instance` runs. */
  amiProductCode: string;
  amiDimension: string;
  /** For RegisterUsage. */
  containerProductCode: string;
  publicKeyVersion: number;
  /** PEM file with the key that verifies what RegisterUsage signs. */
  publicKeyFile: string;
  /** Another vendor's: InvalidProductCodeException. */
  otherProductCode: string;
  customerIdentifier: string;
  customerAwsAccountId: string;
  licenseArn: string;
  unsubscribedCustomerIdentifier: string;
  registrationToken: string;
  expiredRegistrationToken: string;
  entitledProductCode: string;
  entitledDimension: string;
}

export interface ConformanceOptions {
  password: string;
  /** Whose product is for sale. */
  vendor: Account;
  vault: { productId: string; productCode: string };
  seller: AccessKey;
}

/** Acme Vault has to be on the storefront. */
export async function openConformance(
  stack: Stack,
  { password, vendor, vault, seller }: ConformanceOptions,
): Promise<Conformance> {
  const url = stack.url('api');
  const [customer, former, otherProductCode, key] = await Promise.all([
    Account.open(url, { ...INITECH, password }).then((buyer) => runMachine(stack, buyer)),
    Account.open(url, { ...HOOLI, password }).then(async (buyer) => {
      const had = await runMachine(stack, buyer);
      await buyer.delete(`/v1/subscriptions/${had.subscription.id}`);
      return had;
    }),
    Account.open(url, { ...VANDELAY, password }).then(productOf),
    newestKey(vendor, vault.productId),
  ]);
  const { subscription } = customer;
  const tokens = await Promise.all([customer.registrationToken(), customer.registrationToken()]);
  const expiredInstance = await customer.proveIdentity();
  await putIntoThePast(stack, {
    subscriptionIds: [subscription.id, former.subscription.id],
    endedSubscriptionId: former.subscription.id,
    launchIds: [customer.launchId, former.launchId],
    expiredAccessKeyId: expiredInstance.accessKeyId,
    expiredToken: tokens[1],
  });
  const publicKeyFile = join(stack.folder, 'product-key.pem');
  writeFileSync(publicKeyFile, key.publicKeyPem);
  return {
    region: VAULT.regions[0],
    seller,
    instance: customer.credentials,
    unentitledInstance: former.credentials,
    expiredInstance,
    productCode: vault.productCode,
    dimension: VAULT.dimension,
    amiProductCode: vault.productCode,
    amiDimension: VAULT.dimension,
    containerProductCode: vault.productCode,
    publicKeyVersion: key.version,
    publicKeyFile,
    otherProductCode,
    customerIdentifier: subscription.customerIdentifier,
    customerAwsAccountId: INITECH.awsAccountId!,
    licenseArn: subscription.licenseArn,
    unsubscribedCustomerIdentifier: former.subscription.customerIdentifier,
    registrationToken: tokens[0],
    expiredRegistrationToken: tokens[1],
    entitledProductCode: vault.productCode,
    entitledDimension: SEATS.dimension,
  };
}

interface Customer {
  subscription: Subscription;
  launchId: string;
  credentials: InstanceCredentials;
  proveIdentity: () => Promise<InstanceCredentials>;
  registrationToken: () => Promise<string>;
}

/** A new subscription with a machine that has proved its identity. Those of the start before end, so that they do not pile up. */
async function runMachine(stack: Stack, buyer: Account): Promise<Customer> {
  const { items } = await buyer.get<{ items: Subscription[] }>('/v1/subscriptions');
  await Promise.all(items.filter(({ endedAt }) => !endedAt).map(({ id }) => buyer.delete(`/v1/subscriptions/${id}`)));
  await buyer.put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' });
  const subscription = await subscribe(buyer, VAULT.slug);
  const wanted = { subscriptionId: subscription.id, region: VAULT.regions[0], instanceType: 't3.micro' };
  const { id: launchId } = await buyer.post<Launch>('/v1/launches', wanted);
  // Not yet healthy is early enough: a machine has its identity as soon as EC2 has started it.
  const ec2InstanceId = await until('the machine to be started', async () => {
    const launch = await buyer.get<Launch>(`/v1/launches/${launchId}`);
    if (launch.state === 'failed') throw new Error(`The launch failed: ${launch.failure}`);
    return launch.ec2InstanceId ?? undefined;
  });
  const nonce = crypto.randomUUID();
  const prove = (): Promise<InstanceCredentials> =>
    proveIdentity(`${stack.sandboxUrls.ec2}/imds/${ec2InstanceId}`, stack.url('metering'), nonce);
  return {
    subscription,
    launchId,
    credentials: await prove(),
    proveIdentity: prove,
    registrationToken: async () =>
      (await buyer.post<{ registrationToken: string }>(`/v1/subscriptions/${subscription.id}/registration-tokens`))
        .registrationToken,
  };
}

/** @returns the product code of the vendor's only product. */
async function productOf(vendor: Account): Promise<string> {
  const { items } = await vendor.get<{ items: Array<{ productCode: string }> }>('/v1/products');
  const product = items[0] ?? (await vendor.post<{ productCode: string }>('/v1/products', { name: 'Vandelay Files' }));
  return product.productCode;
}

async function newestKey(vendor: Account, productId: string): Promise<{ version: number; publicKeyPem: string }> {
  const { items } = await vendor.get<{ items: Array<{ version: number; publicKeyPem: string }> }>(
    `/v1/products/${productId}/keys`,
  );
  return items.at(-1)!;
}

/**
 * All of the above was made the way that every company makes it, so it began just now. What a client's tests need to lie in the
 * past is moved there by the owner of the database, here and nowhere else: no app may do this, and nothing was metered yet.
 */
async function putIntoThePast(
  stack: Stack,
  moved: {
    subscriptionIds: string[];
    endedSubscriptionId: string;
    launchIds: string[];
    expiredAccessKeyId: string;
    expiredToken: string;
  },
): Promise<void> {
  const ago = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
  const subscribedAt = ago(SUBSCRIBED_HOURS_AGO);
  await asOwner(stack.databaseUrl, async (sql) => {
    await sql('update api.subscription set started_at = $2 where id = any($1)', [moved.subscriptionIds, subscribedAt]);
    await sql('update api.subscription set ended_at = $2 where id = $1', [
      moved.endedSubscriptionId,
      ago(UNSUBSCRIBED_HOURS_AGO),
    ]);
    // A price has to have been in force then.
    await sql(
      `update api.price_version set effective_from = least(effective_from, $2)
        where id in (select subscription.price_version_id from api.subscription where subscription.id = any($1))`,
      [moved.subscriptionIds, subscribedAt],
    );
    // Billing makes a subscription's periods from its start; without any it makes them again, from the new one.
    await sql(`delete from billing.period where subscription_id = any($1) and state = 'open'`, [moved.subscriptionIds]);
    // When EC2 started the machine stays true: it is what the identity document says, and what hours are counted from.
    await sql('update launcher.instance set created_at = $2 where id = any($1)', [moved.launchIds, ago(LAUNCHED_HOURS_AGO)]);
    await sql('update api.registration_token set expires_at = $2 where token_sha256 = $1', [
      createHash('sha256').update(moved.expiredToken).digest('hex'),
      ago(1),
    ]);
  });
  await asOwner(stack.meteringDatabaseUrl ?? stack.databaseUrl, (sql) =>
    sql('update metering.instance_session set expires_at = $2 where access_key_id = $1', [moved.expiredAccessKeyId, ago(1)]),
  );
}

/** One transaction. */
async function asOwner(
  connectionString: string,
  work: (sql: (text: string, values: unknown[]) => Promise<unknown>) => Promise<unknown>,
): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query('begin');
    await work((text, values) => client.query(text, values));
    await client.query('commit');
  } finally {
    await client.end();
  }
}
