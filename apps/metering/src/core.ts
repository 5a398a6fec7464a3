/**
 * What metering knows of the other apps: subscriptions, prices, products, keys and machines. Each answer is a query of its own
 * over api's or launcher's tables alone, never joined with metering's, which may live in another database one day.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { Organization } from '#tables/api/organization.ts';
import { Price } from '#tables/api/price-version.ts';
import { Product } from '#tables/api/product.ts';
import { RegistrationToken } from '#tables/api/registration-token.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { VendorKey } from '#tables/api/vendor-key.ts';
import { Instance } from '#tables/launcher/instance.ts';

/** A stretch of time in which a machine ran. */
export interface Run {
  instanceId: string;
  startedAt: Date;
  /** Null while it runs. */
  endedAt: Date | null;
  /** When the launcher last saw the machine. */
  observedAt: Date | null;
}

const MOST_REMEMBERED = 10_000;

@Injectable()
export class Core {
  /** Price versions never change, so their dimensions are read once. */
  private readonly metered = new Map<string, ReadonlySet<string>>();

  constructor(private readonly db: DataSource) {}

  vendorKey(accessKeyId: string): Promise<VendorKey | null> {
    return this.db.manager.findOneBy(VendorKey, { accessKeyId });
  }

  product(productCode: string): Promise<Product | null> {
    return this.db.manager.findOneBy(Product, { productCode });
  }

  productById(id: string): Promise<Product | null> {
    return this.db.manager.findOneBy(Product, { id });
  }

  organization(id: string): Promise<Organization | null> {
    return this.db.manager.findOneBy(Organization, { id });
  }

  instance(id: string): Promise<Instance | null> {
    return this.db.manager.findOneBy(Instance, { id });
  }

  subscription(id: string): Promise<Subscription | null> {
    return this.db.manager.findOneBy(Subscription, { id });
  }

  subscriptionsByLicense(licenseArns: string[]): Promise<Subscription[]> {
    return this.db.manager.findBy(Subscription, { licenseArn: In(licenseArns) });
  }

  subscriptionsByCustomer(productId: string, customerIdentifiers: string[]): Promise<Subscription[]> {
    return this.db.manager.findBy(Subscription, { productId, customerIdentifier: In(customerIdentifiers) });
  }

  /** Running and ended ones; a buyer may have subscribed to a product more than once. */
  subscriptionsByBuyer(productId: string, buyerIds: string[]): Promise<Subscription[]> {
    return this.db.manager.findBy(Subscription, { productId, buyerId: In(buyerIds) });
  }

  /** Buyers with these AWS accounts. Two may claim the same account. */
  buyersByAwsAccount(awsAccountIds: string[]): Promise<Organization[]> {
    return this.db.manager.findBy(Organization, { kind: 'buyer', awsAccountId: In(awsAccountIds) });
  }

  registrationToken(tokenSha256: string): Promise<RegistrationToken | null> {
    return this.db.manager.findOneBy(RegistrationToken, { tokenSha256 });
  }

  /** Ids of the newest subscriptions. */
  async newestSubscriptions(count: number): Promise<string[]> {
    const found = await this.db.manager.find(Subscription, { select: { id: true }, order: { startedAt: 'desc' }, take: count });
    return found.map((subscription) => subscription.id);
  }

  /** When the machines of a subscription ran, as far as it was after `since`. */
  async runs(subscriptionId: string, since: Date): Promise<Run[]> {
    const rows: Array<{ instance_id: string; started_at: Date; ended_at: Date | null; observed_at: Date | null }> = await this.db.query(
      `select run_interval.instance_id, run_interval.started_at, run_interval.ended_at, instance.observed_at
         from launcher.run_interval join launcher.instance on instance.id = run_interval.instance_id
        where run_interval.subscription_id = $1 and (run_interval.ended_at is null or run_interval.ended_at > $2)
        order by run_interval.instance_id, run_interval.started_at`,
      [subscriptionId, since],
    );
    return rows.map((row) => ({ instanceId: row.instance_id, startedAt: row.started_at, endedAt: row.ended_at, observedAt: row.observed_at }));
  }

  /** The machine of a launch that EC2 knows by this id. */
  instanceInEc2(region: string, ec2InstanceId: string): Promise<Instance | null> {
    return this.db.manager.findOneBy(Instance, { region, ec2InstanceId });
  }

  /** The dimension that a price version charges hours of running under, if it does. */
  async hourlyDimension(priceVersionId: string): Promise<string | null> {
    return (await this.db.manager.findOneBy(Price, { priceVersionId, model: 'hourly' }))?.dimension ?? null;
  }

  /** Dimensions that a vendor's software reports under a price version; never `hours`, which we count ourselves. */
  async meteredDimensions(priceVersionId: string): Promise<ReadonlySet<string>> {
    const known = this.metered.get(priceVersionId);
    if (known) return known;
    const prices = await this.db.manager.findBy(Price, { priceVersionId, model: 'metered' });
    const dimensions = new Set(prices.map((price) => price.dimension).filter((dimension) => dimension !== 'hours'));
    if (this.metered.size >= MOST_REMEMBERED) this.metered.clear();
    this.metered.set(priceVersionId, dimensions);
    return dimensions;
  }
}
