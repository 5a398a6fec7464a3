/** BatchMeterUsage: a vendor reports usage of its customers, by product code and customer or by licence and AWS account. */
import { Injectable } from '@nestjs/common';
import { agreementFor, isInBounds, reportWindow, takesUsage } from '#domain/usage.ts';
import { Clock } from '#platform/clock.ts';
import type { Organization } from '#tables/api/organization.ts';
import type { Product } from '#tables/api/product.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import { MeteringConfig } from '../../config.ts';
import { Facts } from '../../facts.ts';
import { UsageWriter, type Receipt } from '../../usage/usage-writer.ts';
import type { Signer, VendorSigner } from '../signers.ts';
import { refused, WireError } from '../wire.errors.ts';
import { BatchMeterUsageInput, read, type UsageRecordInput } from '../wire.schema.ts';
import { noSuchDimension, noSuchProduct, outOfBounds, policyOf, refuseWrongAllocations, type Operation } from './operation.ts';

type Status = 'Success' | 'CustomerNotSubscribed' | 'DuplicateRecord';

interface Result {
  UsageRecord: unknown;
  MeteringRecordId?: string;
  Status: Status;
}

const STATUS: Record<Receipt['outcome'], Status> = { accepted: 'Success', repeated: 'Success', differs: 'DuplicateRecord' };

const NOBODY = new Map<string, Organization[]>();
const NOTHING = new Map<string, Subscription>();
const NONE = new Map<string, Subscription[]>();

@Injectable()
export class BatchMeterUsage implements Operation {
  constructor(
    private readonly facts: Facts,
    private readonly usage: UsageWriter,
    private readonly clock: Clock,
    private readonly config: MeteringConfig,
  ) {}

  async answer(signer: Signer, body: unknown): Promise<{ Results: Result[]; UnprocessedRecords: never[] }> {
    const { ProductCode, UsageRecords } = read(BatchMeterUsageInput, body);
    if (signer.kind !== 'vendor')
      throw refused('AccessDeniedException', 'BatchMeterUsage is called with a vendor key; a machine calls MeterUsage.');
    const product = ProductCode === undefined ? null : ((await this.facts.product(ProductCode)) ?? null);
    if (ProductCode !== undefined && product?.vendorId !== signer.vendorId) throw noSuchProduct();
    const now = this.clock.now();
    const window = reportWindow(now, policyOf(this.config, this.config.BATCH_WINDOW_HOURS));
    const graceMinutes = this.config.UNSUBSCRIBE_GRACE_MINUTES;
    for (const record of UsageRecords) refuseMalformed(record, product);
    // One bad time rejects them all, as on AWS, and before anything is written.
    if (UsageRecords.some((record) => !isInBounds(record.Timestamp, window))) throw outOfBounds();

    const agreements = await this.agreements(signer, product, UsageRecords);
    const taking = agreements.map((agreement, index) => {
      const at = UsageRecords[index]!.Timestamp;
      if (agreement && !isInBounds(at, window, agreement.startedAt)) throw outOfBounds();
      return agreement && takesUsage({ endedAt: agreement.endedAt, at, now, graceMinutes }) ? agreement : undefined;
    });
    await this.refuseUnknownDimensions(taking, UsageRecords);
    const receipts = await this.record(signer, taking, UsageRecords);
    const echoed = (body as { UsageRecords: unknown[] }).UsageRecords;
    const Results = receipts.map((receipt, index): Result => {
      if (!receipt) return { UsageRecord: echoed[index], Status: 'CustomerNotSubscribed' };
      return { UsageRecord: echoed[index], MeteringRecordId: receipt.recordId, Status: STATUS[receipt.outcome] };
    });
    return { Results, UnprocessedRecords: [] };
  }

  /** The subscription each record is about, in their order. @throws WireError InvalidLicenseException */
  private async agreements(
    signer: VendorSigner,
    product: Product | null,
    records: UsageRecordInput[],
  ): Promise<Array<Subscription | undefined>> {
    const accounts = records.flatMap(({ CustomerAWSAccountId }) => CustomerAWSAccountId ?? []);
    const identifiers = records.flatMap(({ CustomerIdentifier }) => CustomerIdentifier ?? []);
    const licenses = records.flatMap(({ LicenseArn }) => LicenseArn ?? []);
    const claimed = accounts.length > 0 ? await this.facts.buyersByAwsAccount(accounts) : NOBODY;
    const licensed = licenses.length > 0 ? await this.facts.subscriptionsByLicense(licenses) : NOTHING;
    const buyerIds = [...claimed.values()].flatMap((buyers) => buyers.map((buyer) => buyer.id));
    const ofBuyers = product && buyerIds.length > 0 ? await this.facts.subscriptionsByBuyer(product.id, buyerIds) : NONE;
    const named = product && identifiers.length > 0 ? await this.facts.subscriptionsByCustomer(product.id, identifiers) : NOTHING;

    return records.map((record) => {
      const theirs = (record.CustomerAWSAccountId !== undefined && claimed.get(record.CustomerAWSAccountId)) || [];
      if (record.LicenseArn !== undefined) {
        const agreement = licensed.get(record.LicenseArn);
        if (agreement?.vendorId !== signer.vendorId || (product && agreement.productId !== product.id))
          throw new WireError('InvalidLicenseException', `The licence ${record.LicenseArn} is not one of your products'.`);
        return theirs.some((buyer) => buyer.id === agreement.buyerId) ? agreement : undefined;
      }
      if (record.CustomerIdentifier !== undefined) return named.get(record.CustomerIdentifier);
      const candidates = theirs.map((buyer) => ofBuyers.get(buyer.id) ?? []).filter((agreements) => agreements.length > 0);
      // Two companies say that this AWS account is theirs: to bill neither is better than to bill the wrong one.
      return candidates.length === 1 ? agreementFor(candidates[0]!, record.Timestamp) : undefined;
    });
  }

  private async refuseUnknownDimensions(taking: Array<Subscription | undefined>, records: UsageRecordInput[]): Promise<void> {
    for (const [index, agreement] of taking.entries()) {
      if (!agreement) continue;
      const { Dimension } = records[index]!;
      const dimensions = await this.facts.meteredDimensions(agreement.priceVersionId);
      if (!dimensions.has(Dimension)) throw noSuchDimension(Dimension);
    }
  }

  /** @returns a receipt for each record, in their order; none where nobody subscribes. */
  private async record(
    signer: VendorSigner,
    taking: Array<Subscription | undefined>,
    records: UsageRecordInput[],
  ): Promise<Array<Receipt | undefined>> {
    const given = records.flatMap((record, index) => {
      const agreement = taking[index];
      return agreement ? [{ record, index, subscriptionId: agreement.id }] : [];
    });
    const receipts = await this.usage.record(
      given.map(({ record, subscriptionId }) => ({
        subscriptionId,
        at: record.Timestamp,
        sourceId: subscriptionId,
        dimension: record.Dimension,
        quantity: record.Quantity,
        allocations: record.UsageAllocations,
        signedBy: signer.accessKeyId,
      })),
    );
    const byIndex = new Map(given.map(({ index }, place) => [index, receipts[place]]));
    return records.map((_, index) => byIndex.get(index));
  }
}

/** @throws WireError when a record does not say, in one of the two forms, whose usage it is. */
function refuseMalformed(record: UsageRecordInput, product: Product | null): void {
  const { CustomerIdentifier, CustomerAWSAccountId, LicenseArn, Quantity, UsageAllocations } = record;
  if ((CustomerIdentifier === undefined) === (CustomerAWSAccountId === undefined))
    throw new WireError(
      'InvalidCustomerIdentifierException',
      'Each record names either CustomerIdentifier or CustomerAWSAccountId.',
    );
  if (LicenseArn !== undefined && CustomerAWSAccountId === undefined)
    throw new WireError('InvalidCustomerIdentifierException', 'With LicenseArn the customer is named by CustomerAWSAccountId.');
  if (!product && LicenseArn === undefined)
    throw new WireError('InvalidLicenseException', 'Without ProductCode each record needs a LicenseArn.');
  refuseWrongAllocations(Quantity, UsageAllocations);
}
