/** What is printed on a buyer's invoices, which it says itself, and how long it may take to pay, which the operator says. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Organization } from '#tables/api/organization.ts';
import { BuyerDetails, BuyerTerms } from '#tables/billing/buyer-details.ts';
import type { BillingDetailsView, NewBillingDetails, NewPaymentTerms, PaymentTermsView } from './billing-details.schema.ts';

@Injectable()
export class BillingDetails {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  async get({ organizationId: buyerId }: Caller): Promise<BillingDetailsView> {
    const details = await this.db.manager.findOneBy(BuyerDetails, { buyerId });
    const organization = await this.db.manager.findOneBy(Organization, { id: buyerId });
    return {
      legalName: details?.legalName ?? organization?.name ?? '',
      address: details?.address ?? [],
      taxId: details?.taxId ?? null,
      purchaseOrder: details?.purchaseOrder ?? null,
      termsDays: await this.days(buyerId),
    };
  }

  /** For invoices from now on; those that were sent stay as they are. */
  async put(caller: Caller, given: NewBillingDetails): Promise<BillingDetailsView> {
    const row = { buyerId: caller.organizationId, ...given, updatedAt: this.clock.now() };
    await this.db.manager.upsert(BuyerDetails, row, ['buyerId']);
    return this.get(caller);
  }

  /** @throws DomainError `missing` when there is no such buyer */
  async termsOf(buyerId: string): Promise<PaymentTermsView> {
    if (!(await this.db.manager.existsBy(Organization, { id: buyerId, kind: 'buyer' }))) throw missing('buyer');
    return { buyerId, days: await this.days(buyerId) };
  }

  /** From the next invoice on. @throws DomainError `missing` when there is no such buyer */
  async setTerms(caller: Caller, buyerId: string, { days }: NewPaymentTerms): Promise<PaymentTermsView> {
    await this.termsOf(buyerId);
    const row = { buyerId, days, setBy: caller.userId ?? caller.organizationId, setAt: this.clock.now() };
    await this.db.manager.upsert(BuyerTerms, row, ['buyerId']);
    return this.termsOf(buyerId);
  }

  private async days(buyerId: string): Promise<PaymentTermsView['days']> {
    return (await this.db.manager.findOneBy(BuyerTerms, { buyerId }))?.days ?? 0;
  }
}
