/**
 * Which subscription, and which of its machines, each of a vendor's reports is about: a few queries for all of them together. What
 * belongs to another vendor looks as if it were not there.
 */
import { Injectable } from '@nestjs/common';
import { agreementFor } from '#domain/usage.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { Facts } from '../facts.ts';
import type { UsageReport } from './report-usage.schema.ts';

export type Named = Pick<
  UsageReport,
  'subscriptionId' | 'licenseArn' | 'productCode' | 'customerIdentifier' | 'customerAwsAccountId' | 'instanceId' | 'at'
>;

export interface Subject {
  subscription: Subscription;
  /** Where the usage is a machine's. */
  instance: Instance | undefined;
}

export type NotFound = 'product_not_found' | 'subscription_not_found' | 'instance_not_found';

const isThere = <T>(value: T | undefined): value is T => value !== undefined;

@Injectable()
export class ReportSubjects {
  constructor(private readonly facts: Facts) {}

  /** In the order of `reports`. */
  async of(vendorId: string, reports: readonly Named[]): Promise<Array<Subject | NotFound>> {
    const subscriptions = await this.subscriptions(vendorId, reports);
    const instances = await this.instances(reports, subscriptions);
    return subscriptions.map((subscription, index) => {
      if (typeof subscription === 'string') return subscription;
      const instance = instances[index];
      if (reports[index]!.instanceId !== undefined && instance?.subscriptionId !== subscription.id) return 'instance_not_found';
      return { subscription, instance };
    });
  }

  private async subscriptions(vendorId: string, reports: readonly Named[]): Promise<Array<Subscription | NotFound>> {
    const codes = reports.map((report) => report.productCode).filter(isThere);
    const [byId, byLicense, products] = await Promise.all([
      this.facts.subscriptionsById(reports.map((report) => report.subscriptionId).filter(isThere)),
      this.facts.subscriptionsByLicense(reports.map((report) => report.licenseArn).filter(isThere)),
      this.facts.productsByCode(codes),
    ]);
    const ofCustomers = new Map<string, (report: Named) => Subscription | undefined>();
    for (const [code, product] of products) {
      const own = reports.filter((report) => report.productCode === code);
      if (product.vendorId === vendorId) ofCustomers.set(code, await this.ofCustomers(product.id, own));
    }
    return reports.map((report) => {
      const { subscriptionId, licenseArn, productCode } = report;
      const ofCustomer = productCode === undefined ? undefined : ofCustomers.get(productCode);
      if (productCode !== undefined && !ofCustomer) return 'product_not_found';
      const found = ofCustomer?.(report) ?? byId.get(subscriptionId ?? '') ?? byLicense.get(licenseArn ?? '');
      return found?.vendorId === vendorId ? found : 'subscription_not_found';
    });
  }

  /** The subscriptions to one product by how its customers are named. */
  private async ofCustomers(productId: string, reports: Named[]): Promise<(report: Named) => Subscription | undefined> {
    const accounts = reports.map((report) => report.customerAwsAccountId).filter(isThere);
    const identifiers = reports.map((report) => report.customerIdentifier).filter(isThere);
    const [named, claimed] = await Promise.all([
      this.facts.subscriptionsByCustomer(productId, identifiers),
      this.facts.buyersByAwsAccount(accounts),
    ]);
    const buyers = [...claimed.values()].flat();
    const ofBuyers = await this.facts.subscriptionsByBuyer(
      productId,
      buyers.map((buyer) => buyer.id),
    );
    return ({ customerIdentifier, customerAwsAccountId, at }) => {
      if (customerIdentifier !== undefined) return named.get(customerIdentifier);
      const theirs = claimed.get(customerAwsAccountId ?? '') ?? [];
      const candidates = theirs.map((buyer) => ofBuyers.get(buyer.id)).filter(isThere);
      // Two companies say that this AWS account is theirs: to bill neither is better than to bill the wrong one.
      return candidates.length === 1 ? agreementFor(candidates[0]!, at) : undefined;
    };
  }

  private async instances(
    reports: readonly Named[],
    subscriptions: Array<Subscription | NotFound>,
  ): Promise<Array<Instance | undefined>> {
    const atEc2 = reports.flatMap(({ instanceId }, index) => {
      const subscription = subscriptions[index]!;
      return instanceId?.startsWith('i-') && typeof subscription !== 'string'
        ? [{ subscriptionId: subscription.id, ec2InstanceId: instanceId }]
        : [];
    });
    const ids = reports.map((report) => report.instanceId).filter(isThere);
    const [byId, byEc2Id] = await Promise.all([
      this.facts.instancesById(ids.filter((id) => !id.startsWith('i-'))),
      this.facts.instancesAtEc2(atEc2),
    ]);
    return reports.map(({ instanceId }) =>
      instanceId === undefined ? undefined : (byId.get(instanceId) ?? byEc2Id.get(instanceId)),
    );
  }
}
