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

const MOST_REMEMBERED = 10_000;

/** A subscription's machines as launcher last saw them. */
export interface Fleet {
  subscriptionId: string;
  priceVersionId: string;
  endedAt: Date | null;
  /** How many of them may still run. */
  machines: number;
  /** When the one of these that was not seen for longest was last seen; null when none ever was asked for. */
  seenAt: Date | null;
  /** Changes whenever a run begins or ends. */
  runs: string;
}

/** When a machine ran. Without an end it ran at `seenAt`, and what came after is not known. */
export interface MachineRun {
  instanceId: string;
  startedAt: Date;
  endedAt: Date | null;
  seenAt: Date | null;
}

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

  instanceAtEc2(region: string, ec2InstanceId: string): Promise<Instance | null> {
    return this.db.manager.findOneBy(Instance, { region, ec2InstanceId });
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

  /** The dimension in which the platform counts a machine's hours under a price version, if they cost anything. */
  async hourlyDimension(priceVersionId: string): Promise<string | undefined> {
    const price = await this.db.manager.findOneBy(Price, { priceVersionId, model: 'hourly' });
    return price?.dimension;
  }

  /** One subscription's machines, or those of all subscriptions that run or ended after an instant. */
  fleets(which: { subscriptionId: string } | { endedAfter: Date }): Promise<Fleet[]> {
    const [condition, value] =
      'subscriptionId' in which
        ? ['subscription.id = $1', which.subscriptionId]
        : ['(subscription.ended_at is null or subscription.ended_at > $1)', which.endedAfter];
    return this.db.query(
      `select subscription.id as "subscriptionId", subscription.price_version_id as "priceVersionId", subscription.ended_at as "endedAt",
              coalesce(machine.count, 0)::int as machines, machine.seen_at as "seenAt", coalesce(run.seen, '') as runs
         from api.subscription
         left join (
           select instance.subscription_id, count(*) as count, min(coalesce(instance.observed_at, instance.attempted_at)) as seen_at
             from launcher.instance
            where instance.state not in ('terminated', 'failed')
            group by instance.subscription_id
         ) machine on machine.subscription_id = subscription.id
         left join lateral (
           select concat_ws(' ', count(*), max(run_interval.started_at), count(run_interval.ended_at), max(run_interval.ended_at)) as seen
             from launcher.run_interval
            where run_interval.subscription_id = subscription.id
         ) run on true
        where ${condition}
        order by subscription.id`,
      [value],
    );
  }

  /** Runs of a subscription's machines that had not ended by `from`. */
  runs(subscriptionId: string, from: Date): Promise<MachineRun[]> {
    return this.db.query(
      `select run_interval.instance_id as "instanceId", run_interval.started_at as "startedAt", run_interval.ended_at as "endedAt",
              instance.observed_at as "seenAt"
         from launcher.run_interval
         left join launcher.instance on instance.id = run_interval.instance_id
        where run_interval.subscription_id = $1 and (run_interval.ended_at is null or run_interval.ended_at > $2)
        order by run_interval.started_at`,
      [subscriptionId, from],
    );
  }
}
