/** What is printed on an invoice beside its amounts, as it is when the invoice is made. */
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { Party, TermsDays } from '#domain/invoice.ts';
import { Organization } from '#tables/api/organization.ts';
import { BuyerDetails, BuyerTerms } from '#tables/billing/buyer-details.ts';
import type { InvoiceLine } from '#tables/billing/invoice.ts';
import { BillingConfig } from '../config.ts';

export interface Printed {
  issuer: Party;
  billTo: Party;
  purchaseOrder: string | null;
  termsDays: TermsDays;
}

type Sold = Pick<InvoiceLine, 'productId' | 'vendorId'>;

@Injectable()
export class Parties {
  constructor(private readonly config: BillingConfig) {}

  async of(tx: EntityManager, buyerId: string): Promise<Printed> {
    const details = await tx.findOneBy(BuyerDetails, { buyerId });
    const terms = await tx.findOneBy(BuyerTerms, { buyerId });
    const { name } = await tx.findOneByOrFail(Organization, { id: buyerId });
    const [issuer, ...address] = this.config.ISSUER;
    return {
      issuer: { name: issuer!, address, taxId: this.config.ISSUER_TAX_ID ?? null },
      billTo: { name: details?.legalName ?? name, address: details?.address ?? [], taxId: details?.taxId ?? null },
      purchaseOrder: details?.purchaseOrder ?? null,
      termsDays: terms?.days ?? 0,
    };
  }

  /** What products and their vendors are called now. */
  async namesOf(
    tx: EntityManager,
    sold: readonly Sold[],
  ): Promise<(line: Sold) => { productName: string | null; vendorName: string | null }> {
    const products: Array<{ id: string; name: string }> = await tx.query(
      'select product.id, product.name from api.product where product.id = any($1)',
      [[...new Set(sold.map((line) => line.productId))]],
    );
    const vendors = await tx.findBy(Organization, { id: In([...new Set(sold.map((line) => line.vendorId))]) });
    return ({ productId, vendorId }) => ({
      productName: products.find((product) => product.id === productId)?.name ?? null,
      vendorName: vendors.find((vendor) => vendor.id === vendorId)?.name ?? null,
    });
  }
}
