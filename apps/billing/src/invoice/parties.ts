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

  /** By buyer. */
  async ofEach(tx: EntityManager, buyerIds: readonly string[]): Promise<Map<string, Printed>> {
    const where = { buyerId: In(buyerIds) };
    const details = new Map((await tx.findBy(BuyerDetails, where)).map((own) => [own.buyerId, own]));
    const terms = new Map((await tx.findBy(BuyerTerms, where)).map((own) => [own.buyerId, own]));
    const [issuer, ...address] = this.config.ISSUER;
    const printed = (await tx.findBy(Organization, { id: In(buyerIds) })).map(({ id, name }): [string, Printed] => {
      const own = details.get(id);
      return [
        id,
        {
          issuer: { name: issuer!, address, taxId: this.config.ISSUER_TAX_ID ?? null },
          billTo: { name: own?.legalName ?? name, address: own?.address ?? [], taxId: own?.taxId ?? null },
          purchaseOrder: own?.purchaseOrder ?? null,
          termsDays: terms.get(id)?.days ?? 0,
        },
      ];
    });
    return new Map(printed);
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
    const names = new Map([...products, ...vendors].map(({ id, name }) => [id, name]));
    return ({ productId, vendorId }) => ({
      productName: names.get(productId) ?? null,
      vendorName: names.get(vendorId) ?? null,
    });
  }
}
