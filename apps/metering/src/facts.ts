/**
 * What the hot paths know of other apps' rows, remembered for FACTS_SECONDS: products, subscriptions, machines. Whatever is new
 * counts at once; what changed (the end of a subscription) counts after those seconds.
 */
import { Injectable } from '@nestjs/common';
import type { Organization } from '#tables/api/organization.ts';
import type { Product } from '#tables/api/product.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { MeteringConfig } from './config.ts';
import { Core } from './core.ts';
import { Remembered } from './remembered.ts';

/** What reports need to know of a machine (its region, its subscription, when it was launched) never changes. */
const MACHINES_LONGER = 60;

@Injectable()
export class Facts {
  private readonly products: Remembered<Product>;
  private readonly subscriptions: Remembered<Subscription>;
  private readonly instances: Remembered<Instance>;
  /** By subscription and EC2's id. */
  private readonly machines: Remembered<Instance>;
  private readonly licenses: Remembered<Subscription>;
  /** By product and customer identifier; by product and buyer. */
  private readonly customers: Remembered<Subscription>;
  private readonly agreements: Remembered<Subscription[]>;
  private readonly accounts: Remembered<Organization[]>;

  constructor(
    private readonly core: Core,
    { FACTS_SECONDS: seconds }: MeteringConfig,
  ) {
    this.products = new Remembered(seconds, async (codes) => by(await core.products(codes), (row) => row.productCode));
    this.subscriptions = new Remembered(seconds, async (ids) => by(await core.subscriptions(ids), (row) => row.id));
    this.instances = new Remembered(seconds * MACHINES_LONGER, async (ids) => by(await core.instances(ids), (row) => row.id));
    this.machines = new Remembered(seconds, async (pairs) =>
      by(
        await core.instancesOf(
          halves(pairs).map(({ productId, other }) => ({ subscriptionId: productId, ec2InstanceId: other })),
        ),
        (row) => pair(row.subscriptionId, row.ec2InstanceId ?? ''),
      ),
    );
    this.licenses = new Remembered(seconds, async (arns) => by(await core.subscriptionsByLicense(arns), (row) => row.licenseArn));
    this.customers = new Remembered(seconds, async (pairs) =>
      by(await core.subscriptionsByCustomer(halves(pairs)), (row) => pair(row.productId, row.customerIdentifier)),
    );
    this.agreements = new Remembered(seconds, async (pairs) =>
      grouped(await core.subscriptionsByBuyer(halves(pairs)), (row) => pair(row.productId, row.buyerId)),
    );
    this.accounts = new Remembered(seconds, async (accounts) =>
      grouped(await core.buyersByAwsAccount(accounts), (row) => row.awsAccountId ?? ''),
    );
  }

  product(productCode: string): Promise<Product | undefined> {
    return this.products.one(productCode);
  }

  productsByCode(productCodes: readonly string[]): Promise<Map<string, Product>> {
    return this.products.of(productCodes);
  }

  subscription(id: string): Promise<Subscription | undefined> {
    return this.subscriptions.one(id);
  }

  subscriptionsById(ids: readonly string[]): Promise<Map<string, Subscription>> {
    return this.subscriptions.of(ids);
  }

  instance(id: string): Promise<Instance | undefined> {
    return this.instances.one(id);
  }

  instancesById(ids: readonly string[]): Promise<Map<string, Instance>> {
    return this.instances.of(ids);
  }

  /** By EC2's id. @param machines as they are named, with the subscription whose they are said to be. */
  async instancesAtEc2(
    machines: ReadonlyArray<{ subscriptionId: string; ec2InstanceId: string }>,
  ): Promise<Map<string, Instance>> {
    const found = await this.machines.of(machines.map((machine) => pair(machine.subscriptionId, machine.ec2InstanceId)));
    return by([...found.values()], (row) => row.ec2InstanceId ?? '');
  }

  subscriptionsByLicense(licenseArns: readonly string[]): Promise<Map<string, Subscription>> {
    return this.licenses.of(licenseArns);
  }

  /** By customer identifier. */
  subscriptionsByCustomer(productId: string, customerIdentifiers: readonly string[]): Promise<Map<string, Subscription>> {
    return byOther(this.customers, productId, customerIdentifiers);
  }

  /** By buyer; running and ended ones, for a buyer may have subscribed to a product more than once. */
  subscriptionsByBuyer(productId: string, buyerIds: readonly string[]): Promise<Map<string, Subscription[]>> {
    return byOther(this.agreements, productId, buyerIds);
  }

  /** By AWS account. Two buyers may claim the same one. */
  buyersByAwsAccount(awsAccountIds: readonly string[]): Promise<Map<string, Organization[]>> {
    return this.accounts.of(awsAccountIds);
  }

  /** @see Core.meteredDimensions */
  meteredDimensions(priceVersionId: string): Promise<ReadonlySet<string>> {
    return this.core.meteredDimensions(priceVersionId);
  }
}

/** Two ids as one key. A product's id has no space in it, so the first space parts them. */
const pair = (productId: string, other: string): string => `${productId} ${other}`;

const halves = (pairs: string[]): Array<{ productId: string; other: string }> =>
  pairs.map((key) => {
    const space = key.indexOf(' ');
    return { productId: key.slice(0, space), other: key.slice(space + 1) };
  });

async function byOther<V extends object>(
  known: Remembered<V>,
  productId: string,
  others: readonly string[],
): Promise<Map<string, V>> {
  const pairs = others.map((other) => pair(productId, other));
  const found = await known.of(pairs);
  const named = new Map<string, V>();
  for (const [index, other] of others.entries()) {
    const value = found.get(pairs[index]!);
    if (value) named.set(other, value);
  }
  return named;
}

const by = <V>(rows: V[], key: (row: V) => string): Map<string, V> => new Map(rows.map((row) => [key(row), row]));

function grouped<V>(rows: V[], key: (row: V) => string): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
