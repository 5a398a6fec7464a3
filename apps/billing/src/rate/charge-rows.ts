/** Charges between the domain and their rows, and the hash by which the same input is known to have rated to the same bytes. */
import { createHash } from 'node:crypto';
import { formatRate, type Rate } from '#domain/money.ts';
import type { Billed } from '#domain/pricing/late.ts';
import type { Part, RatedCharge } from '#domain/pricing/price.ts';
import { newId } from '#platform/ids.ts';
import { exactOf } from '#tables/columns.ts';
import type { Subscription } from '#tables/api/subscription.ts';
import type { Charge, ChargeSource, StoredPart } from '#tables/billing/charge.ts';
import type { Period } from '#tables/billing/period.ts';
import type { UsageSource } from './metered.ts';

export type Rated = RatedCharge<UsageSource>;

/** What is due times the unit size. */
export const exactAmount = ({ amount, quantity, rate }: Pick<Charge, 'amount' | 'quantity' | 'rate'>): Rate =>
  amount ?? quantity * (rate ?? 0n);

/** @param revision 0 for what the period was rated to, higher for what was found later. */
export function rowsOf(
  charges: readonly Rated[],
  { period, subscription, revision }: { period: Period; subscription: Subscription; revision: number },
): { charges: Charge[]; sources: ChargeSource[] } {
  const rows = charges.map((charge, index) => ({
    charge,
    row: rowOf(charge, period, subscription, { revision, ordinal: index + 1 }),
  }));
  return {
    charges: rows.map(({ row }) => row),
    sources: rows.flatMap(({ charge, row }) =>
      charge.usage.map(({ day, quantity, proof }) => ({ chargeId: row.id, day, quantity, rowsSha: proof })),
    ),
  };
}

const rowOf = (
  charge: Rated,
  period: Period,
  subscription: Subscription,
  place: Pick<Charge, 'revision' | 'ordinal'>,
): Charge => ({
  id: newId(),
  periodId: period.id,
  subscriptionId: subscription.id,
  buyerId: subscription.buyerId,
  vendorId: subscription.vendorId,
  productId: subscription.productId,
  dimension: charge.dimension,
  model: charge.model,
  priceVersionId: charge.priceVersionId,
  item: charge.item,
  ...place,
  description: charge.description,
  unit: charge.unit,
  quantity: charge.quantity,
  unitSize: charge.unitSize,
  rate: charge.rate,
  amount: charge.amount,
  parts: charge.parts.map(storedPart),
  costs: charge.costs.map(({ day, amount }) => ({ day, amount: formatRate(amount) })),
  isSegment: charge.isSegment,
  currency: period.currency,
  rowsSha: proofOf(charge),
});

export const storedPart = ({ label, quantity, unitSize, rate }: Part): StoredPart => ({
  label,
  quantity: String(quantity),
  unitSize: String(unitSize),
  rate: formatRate(rate),
});

/** Leads from a charge back to the records: SHA-256 over the hashes of its daily sums, in order. */
const proofOf = ({ usage }: Pick<Hashed, 'usage'>): Buffer =>
  createHash('sha256')
    .update(Buffer.concat(usage.map((source) => source.proof)))
    .digest();

/** What the hash is over. */
type Hashed = Omit<Rated, 'usage' | 'model' | 'description' | 'unit' | 'isSegment' | 'costs'> & {
  usage: ReadonlyArray<Pick<UsageSource, 'proof'>>;
};

/** A charge as it is kept, to be hashed as it was when it was rated. */
export const keptCharge = ({ charge, sources }: BilledRow): Hashed => ({
  ...charge,
  amount: exactAmount(charge),
  parts: readParts(charge.parts),
  usage: sources.map(({ rowsSha }) => ({ proof: rowsSha })),
});

/** Over everything that a charge says, in their order. */
export function hashOf(charges: readonly Hashed[]): Buffer {
  const lines = charges.map((charge) =>
    JSON.stringify([
      charge.dimension,
      charge.priceVersionId,
      charge.item,
      String(charge.quantity),
      String(charge.unitSize),
      charge.rate === null ? null : formatRate(charge.rate),
      formatRate(charge.amount),
      charge.parts.map(storedPart),
      proofOf(charge).toString('hex'),
    ]),
  );
  return createHash('sha256').update(lines.join('\n')).digest();
}

export interface BilledRow {
  charge: Charge;
  sources: ChargeSource[];
}

/** What was billed of a period so far, over all revisions. @param rows in the order of their revisions. */
export function billedOf(rows: readonly BilledRow[]): Billed[] {
  const groups = Map.groupBy(rows, ({ charge }) => JSON.stringify([charge.dimension, charge.priceVersionId, charge.item]));
  return [...groups.values()].map((own) => {
    const { charge } = own[0]!;
    const days = new Map<string, bigint>();
    for (const { day, quantity } of own.flatMap(({ sources }) => sources)) days.set(day, (days.get(day) ?? 0n) + quantity);
    return {
      dimension: charge.dimension,
      priceVersionId: charge.priceVersionId,
      item: charge.item,
      model: charge.model,
      description: charge.description,
      unit: charge.unit,
      rate: charge.rate,
      unitSize: charge.unitSize,
      quantity: own.reduce((sum, each) => sum + each.charge.quantity, 0n),
      amount: own.reduce((sum, each) => sum + exactAmount(each.charge), 0n),
      days,
    };
  });
}

export const readParts = (parts: readonly StoredPart[]): Part[] =>
  parts.map(({ label, quantity, unitSize, rate }) => ({
    label,
    quantity: BigInt(quantity),
    unitSize: BigInt(unitSize),
    rate: exactOf(rate),
  }));
