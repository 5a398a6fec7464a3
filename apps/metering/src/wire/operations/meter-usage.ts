/** MeterUsage: a machine reports what it used in an hour. Its session says which machine, subscription and product. */
import { Injectable } from '@nestjs/common';
import { canonicalUsage, isInBounds, reportWindow, takesUsage } from '#domain/usage.ts';
import { Clock } from '#platform/clock.ts';
import { MeteringConfig } from '../../config.ts';
import { Facts } from '../../facts.ts';
import { ClientTokenReused, UsageWriter, type NewUsage, type Receipt } from '../../usage/usage-writer.ts';
import type { InstanceSigner, Signer } from '../signers.ts';
import { refused, WireError } from '../wire.errors.ts';
import { MeterUsageInput, read } from '../wire.schema.ts';
import { noSuchDimension, noSuchProduct, outOfBounds, policyOf, refuseWrongAllocations, type Operation } from './operation.ts';

@Injectable()
export class MeterUsage implements Operation {
  constructor(
    private readonly facts: Facts,
    private readonly usage: UsageWriter,
    private readonly clock: Clock,
    private readonly config: MeteringConfig,
  ) {}

  async answer(signer: Signer, body: unknown): Promise<{ MeteringRecordId: string }> {
    const input = read(MeterUsageInput, body);
    if (signer.kind !== 'instance') throw notForVendors(input.DryRun);
    const product = await this.facts.product(input.ProductCode);
    if (product?.id !== signer.productId) throw noSuchProduct();
    if (input.DryRun) throw new WireError('DryRunOperation', 'The request would have succeeded, but DryRun was set.');
    await this.refuse(signer, input);
    const { recordId, outcome } = await this.record({
      subscriptionId: signer.subscriptionId,
      at: input.Timestamp,
      sourceId: signer.instanceId,
      dimension: input.UsageDimension,
      quantity: input.UsageQuantity,
      allocations: input.UsageAllocations,
      signedBy: signer.accessKeyId,
      clientToken: input.ClientToken === undefined ? undefined : { token: input.ClientToken, request: asked(input) },
    });
    if (outcome === 'differs')
      throw new WireError(
        'DuplicateRequestException',
        'Another quantity was recorded for this hour and dimension; that one stays.',
      );
    return { MeteringRecordId: recordId };
  }

  /** @throws WireError for each rule that the report breaks. */
  private async refuse(signer: InstanceSigner & { region: string }, input: MeterUsageInput): Promise<void> {
    const [instance, subscription] = await Promise.all([
      this.facts.instance(signer.instanceId),
      this.facts.subscription(signer.subscriptionId),
    ]);
    if (!instance || !subscription) throw notEntitled();
    if (instance.region !== signer.region)
      throw new WireError(
        'InvalidEndpointRegionException',
        `This machine runs in ${instance.region}; sign requests for that region.`,
      );
    const now = this.clock.now();
    const window = reportWindow(now, policyOf(this.config, this.config.METER_WINDOW_HOURS));
    if (!isInBounds(input.Timestamp, window, instance.createdAt) || !isInBounds(input.Timestamp, window, subscription.startedAt))
      throw outOfBounds();
    const graceMinutes = this.config.UNSUBSCRIBE_GRACE_MINUTES;
    if (!takesUsage({ endedAt: subscription.endedAt, at: input.Timestamp, now, graceMinutes })) throw notEntitled();
    const dimensions = await this.facts.meteredDimensions(subscription.priceVersionId);
    if (!dimensions.has(input.UsageDimension)) throw noSuchDimension(input.UsageDimension);
    refuseWrongAllocations(input.UsageQuantity, input.UsageAllocations);
  }

  private async record(usage: NewUsage): Promise<Receipt> {
    try {
      const [receipt] = await this.usage.record([usage]);
      return receipt!;
    } catch (error) {
      if (error instanceof ClientTokenReused)
        throw new WireError('IdempotencyConflictException', 'This ClientToken was used with other parameters.');
      throw error;
    }
  }
}

/** All that a client token stands for. */
const asked = (input: MeterUsageInput): string =>
  JSON.stringify([
    input.ProductCode,
    input.Timestamp.getTime(),
    input.UsageDimension,
    canonicalUsage(input.UsageQuantity, input.UsageAllocations),
  ]);

const notForVendors = (isDryRun: boolean): WireError =>
  isDryRun
    ? new WireError('UnauthorizedException', 'MeterUsage is for machines; this is a vendor key.')
    : refused(
        'AccessDeniedException',
        'MeterUsage is called by a machine with its own session; a vendor key calls BatchMeterUsage.',
      );

const notEntitled = (): WireError =>
  new WireError('CustomerNotEntitledException', 'There is no subscription that takes usage of this machine at that time.');
