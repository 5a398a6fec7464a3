/**
 * What metering knows of the other apps: subscriptions, prices, products, keys and machines. Each answer is a query of its own
 * over api's, launcher's or billing's tables alone, never joined with metering's, which may live in another database (METERING_DATABASE_URL).
 */
import { Injectable } from '@nestjs/common';
import { In, type FindOptionsWhere } from 'typeorm';
import { REPORTED_MODELS } from '#domain/pricing/price.ts';
import { isRuntimeDimension } from '#domain/runtime.ts';
import type { Span } from '#domain/period.ts';
import type { PeriodMoney } from '#domain/usage-money.ts';
import { OtherDatabase } from '#platform/tokens.ts';
import { Organization } from '#tables/api/organization.ts';
import { Price } from '#tables/api/price-version.ts';
import { ProductKey } from '#tables/api/product-key.ts';
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
  /** The earliest start that may still come to less than the minimum of its price, as far as was seen. */
  openSince: Date | null;
  /** Changes whenever a run begins or ends, or is said to have begun or ended at another time. */
  runs: string;
}

/** When a machine ran. Without an end it ran at `seenAt`, and what came after is not known. */
export interface MachineRun {
  instanceId: string;
  /** Null where the launcher knows no such machine. */
  instanceType: string | null;
  startedAt: Date;
  endedAt: Date | null;
  seenAt: Date | null;
  /** The machine is gone for good: it runs no more. */
  isGone: boolean;
}

/** A machine that runs now and whose product's software reports usage. */
export interface MeteredMachine {
  instanceId: string;
  subscriptionId: string;
  buyerId: string;
  vendorId: string;
  productId: string;
  ec2InstanceId: string | null;
  /** When its present run began. */
  startedAt: Date;
}

interface Pair {
  productId: string;
  other: string;
}

@Injectable()
export class Core {
  /** Price versions never change, so their dimensions are read once. */
  private readonly metered = new Map<string, ReadonlySet<string>>();

  constructor(private readonly db: OtherDatabase) {}

  vendorKeys(accessKeyIds: string[]): Promise<VendorKey[]> {
    return this.db.manager.findBy(VendorKey, { accessKeyId: In(accessKeyIds) });
  }

  products(productCodes: string[]): Promise<Product[]> {
    return this.db.manager.findBy(Product, { productCode: In(productCodes) });
  }

  productById(id: string): Promise<Product | null> {
    return this.db.manager.findOneBy(Product, { id });
  }

  productKey(productId: string, version: number): Promise<ProductKey | null> {
    return this.db.manager.findOneBy(ProductKey, { productId, version });
  }

  organization(id: string): Promise<Organization | null> {
    return this.db.manager.findOneBy(Organization, { id });
  }

  instance(id: string): Promise<Instance | null> {
    return this.db.manager.findOneBy(Instance, { id });
  }

  instances(ids: string[]): Promise<Instance[]> {
    return this.db.manager.findBy(Instance, { id: In(ids.filter(isUuid)) });
  }

  instanceAtEc2(region: string, ec2InstanceId: string): Promise<Instance | null> {
    return this.db.manager.findOneBy(Instance, { region, ec2InstanceId });
  }

  /** Machines as EC2 names them, of the subscriptions whose they are said to be. */
  instancesOf(machines: ReadonlyArray<{ subscriptionId: string; ec2InstanceId: string }>): Promise<Instance[]> {
    return this.db.manager.findBy(Instance, {
      subscriptionId: In(machines.map((machine) => machine.subscriptionId)),
      ec2InstanceId: In(machines.map((machine) => machine.ec2InstanceId)),
    });
  }

  /** A machine by our id or by EC2's. */
  instanceNamed(name: string): Promise<Instance | null> {
    return this.db.manager.findOneBy(Instance, isUuid(name) ? { id: name } : { ec2InstanceId: name });
  }

  /**
   * Ids of subscriptions in their order, from `since` on.
   * @param whose a company's own, on its side; without one everybody's.
   */
  async subscriptionIds(
    whose: { vendorId?: string; buyerId?: string; productId?: string },
    { since, most }: { since: string | null; most: number },
  ): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select subscription.id from api.subscription
        where ($1::uuid is null or subscription.vendor_id = $1) and ($2::uuid is null or subscription.buyer_id = $2)
          and ($3::uuid is null or subscription.product_id = $3) and ($4::uuid is null or subscription.id >= $4)
        order by subscription.id limit $5`,
      [whose.vendorId ?? null, whose.buyerId ?? null, whose.productId ?? null, since, most],
    );
    return rows.map((row) => row.id);
  }

  /** How far billing has come with the periods that overlap `[from, to)`; none for what it has not rated. */
  usageMoney(subscriptionIds: readonly string[], { from, to }: Span): Promise<Array<PeriodMoney & { subscriptionId: string }>> {
    return this.db.query(
      `select usage_money.subscription_id as "subscriptionId", usage_money.starts_at as "startsAt", usage_money.ends_at as "endsAt",
              usage_money.dimension, usage_money.state
         from billing.usage_money
        where usage_money.subscription_id = any($1) and usage_money.ends_at > $2 and usage_money.starts_at < $3`,
      [subscriptionIds, from, to],
    );
  }

  subscription(id: string): Promise<Subscription | null> {
    return this.db.manager.findOneBy(Subscription, { id });
  }

  subscriptions(ids: string[]): Promise<Subscription[]> {
    return this.db.manager.findBy(Subscription, { id: In(ids.filter(isUuid)) });
  }

  subscriptionsByLicense(licenseArns: string[]): Promise<Subscription[]> {
    return this.db.manager.findBy(Subscription, { licenseArn: In(licenseArns) });
  }

  /** @param pairs of a product and a customer identifier. */
  subscriptionsByCustomer(pairs: Pair[]): Promise<Subscription[]> {
    return this.db.manager.findBy(Subscription, perProduct(pairs, 'customerIdentifier'));
  }

  /** Running and ended ones; a buyer may have subscribed to a product more than once. @param pairs of a product and a buyer. */
  subscriptionsByBuyer(pairs: Pair[]): Promise<Subscription[]> {
    return this.db.manager.findBy(Subscription, perProduct(pairs, 'buyerId'));
  }

  /** Buyers with these AWS accounts. Two may claim the same account. */
  buyersByAwsAccount(awsAccountIds: string[]): Promise<Organization[]> {
    return this.db.manager.findBy(Organization, { kind: 'buyer', awsAccountId: In(awsAccountIds) });
  }

  registrationToken(tokenSha256: string): Promise<RegistrationToken | null> {
    return this.db.manager.findOneBy(RegistrationToken, { tokenSha256 });
  }

  /** Dimensions that a vendor's software reports under a price version; never what we count ourselves. */
  async meteredDimensions(priceVersionId: string): Promise<ReadonlySet<string>> {
    const known = this.metered.get(priceVersionId);
    if (known) return known;
    const prices = await this.db.manager.findBy(Price, { priceVersionId, model: In([...REPORTED_MODELS]) });
    const dimensions = new Set(prices.map((price) => price.dimension).filter((dimension) => !isRuntimeDimension(dimension)));
    if (this.metered.size >= MOST_REMEMBERED) this.metered.clear();
    this.metered.set(priceVersionId, dimensions);
    return dimensions;
  }

  /** What machines' running costs under a price version: one price for all types, and one for each that has its own; none when it is free. */
  hourlyPrices(priceVersionId: string): Promise<Price[]> {
    return this.db.manager.find(Price, { where: { priceVersionId, model: 'hourly' }, order: { dimension: 'asc' } });
  }

  /** One subscription's machines, or those of all subscriptions that run or ended after an instant. */
  fleets(which: { subscriptionId: string } | { endedAfter: Date }): Promise<Fleet[]> {
    const [condition, value] =
      'subscriptionId' in which
        ? ['subscription.id = $1', which.subscriptionId]
        : ['(subscription.ended_at is null or subscription.ended_at > $1)', which.endedAfter];
    return this.db.query(
      `select subscription.id as "subscriptionId", subscription.price_version_id as "priceVersionId", subscription.ended_at as "endedAt",
              coalesce(machine.count, 0)::int as machines, machine.seen_at as "seenAt",
              run.open_since as "openSince", run.seen as runs
         from api.subscription
         left join (
           select instance.subscription_id, count(*) as count, min(coalesce(instance.observed_at, instance.attempted_at)) as seen_at
             from launcher.instance
            where instance.state not in ('terminated', 'failed')
            group by instance.subscription_id
         ) machine on machine.subscription_id = subscription.id
         left join api.price on price.price_version_id = subscription.price_version_id and price.model = 'hourly' and price.instance_type is null
         left join lateral (
           select concat_ws(' ', count(*), sum(hashtextextended(concat_ws(' ', run_interval.instance_id,
                    extract(epoch from run_interval.started_at), extract(epoch from run_interval.ended_at)), 0))) as seen,
                  min(run_interval.started_at) filter (where run_interval.ended_at is null
                    and machine.seen_at < run_interval.started_at + make_interval(secs => price.minimum_seconds)) as open_since
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
      `select run_interval.instance_id as "instanceId", instance.instance_type as "instanceType", run_interval.started_at as "startedAt", run_interval.ended_at as "endedAt",
              instance.observed_at as "seenAt", coalesce(instance.state in ('terminated', 'failed'), false) as "isGone"
         from launcher.run_interval
         left join launcher.instance on instance.id = run_interval.instance_id
        where run_interval.subscription_id = $1 and (run_interval.ended_at is null or run_interval.ended_at > $2)
        order by run_interval.started_at`,
      [subscriptionId, from],
    );
  }

  /** Running machines under running subscriptions with a metered price, of one bucket of subscriptions. See ./buckets.ts. */
  meteredMachines(bucket: string): Promise<MeteredMachine[]> {
    return this.db.query(
      `select instance.id as "instanceId", instance.subscription_id as "subscriptionId", instance.buyer_id as "buyerId",
              instance.vendor_id as "vendorId", instance.product_id as "productId", instance.ec2_instance_id as "ec2InstanceId",
              coalesce(instance.launched_at, instance.created_at) as "startedAt"
         from launcher.instance
         join api.subscription on subscription.id = instance.subscription_id and subscription.ended_at is null
        where instance.state in ('running', 'healthy') and right(instance.subscription_id::text, 1) = $1
          and exists (select from api.price where price.price_version_id = subscription.price_version_id
                        and price.model = any($2) and price.dimension <> 'hours')`,
      [bucket, REPORTED_MODELS],
    );
  }

  /** A machine of a product by its id at EC2. @param region any, when not given; EC2's ids are the same in no two regions. */
  async instanceOfProduct(productId: string, ec2InstanceId: string, region?: string): Promise<Instance | null> {
    if (region !== undefined) return this.db.manager.findOneBy(Instance, { productId, ec2InstanceId, region });
    // The index on machines begins with the region: it is asked once for each region there is.
    const [row]: Array<{ id: string }> = await this.db.query(
      `with recursive known (region) as (
         select min(instance.region) from launcher.instance
         union all
         select (select min(instance.region) from launcher.instance where instance.region > known.region) from known where known.region is not null
       )
       select instance.id from known join launcher.instance on instance.region = known.region and instance.ec2_instance_id = $2
        where instance.product_id = $1 limit 1`,
      [productId, ec2InstanceId],
    );
    return row ? this.instance(row.id) : null;
  }
}

function perProduct(pairs: Pair[], column: 'customerIdentifier' | 'buyerId'): Array<FindOptionsWhere<Subscription>> {
  const products = new Map<string, string[]>();
  for (const { productId, other } of pairs) products.set(productId, [...(products.get(productId) ?? []), other]);
  return [...products].map(([productId, others]) => ({ productId, [column]: In(others) }));
}

/** What is not a uuid is nobody's id, and would be an error to PostgreSQL. */
const isUuid = (id: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
