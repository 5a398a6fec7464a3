/** Why a vendor's share of an invoice line is what it is: the rule, the formula with the numbers filled in, and everybody's part. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { missing } from '#domain/errors.ts';
import { formulaOf, restOf } from '#domain/fees/receipt.ts';
import type { FeeModel, OtherPart } from '#domain/fees/terms.ts';
import type { Caller } from '#platform/auth.ts';
import { NET_SHARE } from '../dispute/holds.ts';
import type { FeeReceiptView } from './fee-rules.schema.ts';

@Injectable()
export class FeeReceipts {
  constructor(private readonly db: DataSource) {}

  /** @param id of an invoice line, or of its charge. @throws DomainError `missing`, also when it is another vendor's */
  async get({ kind, organizationId }: Caller, id: string): Promise<FeeReceiptView> {
    const [row]: ReceiptRow[] = await this.db.query(
      `select invoice_line.*, invoice.number as invoice, invoice.currency, invoice.finalised_at, product.name as product,
              (invoice_line.vendor_minor - ${NET_SHARE})::text as credited, version.number as rule_number, version.effective_from,
              fee_rule.id as rule_id, fee_rule.name as rule_name,
              (select json_agg(json_build_object('kind', line_part.kind, 'organizationId', line_part.organization_id, 'organization', organization.name,
                 'basisPoints', line_part.basis_points, 'amountMinor', line_part.amount_minor::text) order by line_part.kind)
                 from billing.line_part join api.organization on organization.id = line_part.organization_id
                where line_part.line_id = invoice_line.id) as parts
         from billing.invoice_line join billing.invoice on invoice.id = invoice_line.invoice_id join api.product on product.id = invoice_line.product_id
         left join billing.fee_rule_version version on version.id = invoice_line.fee_rule_version_id
         left join billing.fee_rule on fee_rule.id = version.rule_id
        where (invoice_line.id = $1 or invoice_line.charge_id = $1) and invoice.number is not null and ($2::uuid is null or invoice_line.vendor_id = $2)`,
      [id, kind === 'operator' ? null : organizationId],
    );
    if (!row) throw missing('fee_receipt');
    return viewOf(row);
  }
}

interface ReceiptRow {
  id: string;
  charge_id: string;
  invoice: string;
  finalised_at: Date;
  product: string;
  description: string;
  currency: string;
  amount_minor: string;
  fee_model: FeeModel;
  fee_basis_points: number;
  fee_base_minor: string | null;
  fee_fixed_minor: string;
  fee_minor: string;
  vendor_minor: string;
  credited: string;
  fee_rule_version_id: string | null;
  rule_id: string;
  rule_name: string;
  rule_number: number;
  effective_from: Date;
  parts: Array<{
    kind: OtherPart['kind'];
    organizationId: string;
    organization: string;
    basisPoints: number;
    amountMinor: string;
  }> | null;
}

function viewOf(row: ReceiptRow): FeeReceiptView {
  const others = (row.parts ?? []).map((part) => ({ ...part, amountMinor: BigInt(part.amountMinor) }));
  const baseMinor = BigInt(row.fee_base_minor ?? row.amount_minor);
  const facts = {
    currency: row.currency,
    model: row.fee_model,
    basisPoints: row.fee_basis_points,
    amountMinor: BigInt(row.amount_minor),
    baseMinor,
    fixedMinor: BigInt(row.fee_fixed_minor),
    platformMinor: BigInt(row.fee_minor) - others.reduce((sum, other) => sum + other.amountMinor, 0n),
    others,
    vendorMinor: BigInt(row.vendor_minor),
  };
  return {
    lineId: row.id,
    chargeId: row.charge_id,
    invoice: row.invoice,
    finalisedAt: row.finalised_at.toISOString(),
    product: row.product,
    description: row.description,
    currency: row.currency,
    amountMinor: row.amount_minor,
    rule:
      row.fee_rule_version_id === null
        ? null
        : {
            id: row.rule_id,
            name: row.rule_name,
            versionId: row.fee_rule_version_id,
            number: row.rule_number,
            effectiveFrom: row.effective_from.toISOString(),
          },
    model: facts.model,
    basisPoints: facts.basisPoints,
    baseMinor: String(baseMinor),
    fixedMinor: row.fee_fixed_minor,
    formula: formulaOf(facts),
    platformMinor: String(facts.platformMinor),
    parts: others.map(({ kind, organization, basisPoints, amountMinor }) => ({
      kind,
      organization,
      basisPoints,
      amountMinor: String(amountMinor),
    })),
    vendorMinor: row.vendor_minor,
    rest: restOf(facts),
    creditedMinor: row.credited,
  };
}
