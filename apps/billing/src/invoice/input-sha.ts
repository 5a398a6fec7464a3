/** What an invoice is made from, as one hash: whoever closes the same month again computes the same. */
import { createHash } from 'node:crypto';
import type { InvoicedLine } from '#domain/invoice.ts';
import { formatRate } from '#domain/money.ts';
import type { Span } from '#domain/period.ts';
import type { ExactCharge } from './line-facts.ts';

/** SHA-256 over charges with the hashes of their usage, discounts and fees, in the order of the lines; ids of charges are not part of it. */
export function inputShaOf(
  { buyerId, currency, month }: { buyerId: string; currency: string; month: Span },
  lines: ReadonlyArray<InvoicedLine<ExactCharge>>,
): Buffer {
  const rows = lines.map(({ charge, amountMinor, discounts, feeBasisPoints, feeMinor, feeRuleVersionId, others }) => [
    charge.subscriptionId,
    charge.periodId,
    charge.dimension,
    charge.priceVersionId,
    charge.item,
    charge.revision,
    String(charge.quantity),
    String(charge.unitSize),
    formatRate(charge.amount),
    charge.rowsSha.toString('hex'),
    String(amountMinor),
    discounts.map(({ coupon, amountMinor: off }) => [coupon?.id ?? null, String(off)]),
    feeBasisPoints,
    String(feeMinor),
    ...(feeRuleVersionId === null ? [] : [feeRuleVersionId]),
    ...others.map(({ organizationId, amountMinor: part }) => [organizationId, String(part)]),
  ]);
  const head = [buyerId, currency, month.from.toISOString(), month.to.toISOString()];
  return createHash('sha256')
    .update([head, ...rows].map((row) => JSON.stringify(row)).join('\n'))
    .digest();
}
