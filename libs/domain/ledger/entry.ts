/**
 * What a journal is made of (docs/MONEY.md, “The ledger”). Debit is positive, credit negative; every entry sums to zero per
 * currency. The recipes beside this file say what each business event posts.
 */
import type { Minor } from '../money.ts';

export interface Posting {
  account: string;
  currency: string;
  amountMinor: Minor;
}

export interface Entry {
  /** One business event, one journal: a repeat under the same key is the same journal. */
  idemKey: string;
  kind: string;
  postings: Posting[];
}

/** The chart of accounts; those with an owner have one account each. */
export const account = {
  buyerReceivable: (buyerId: string) => `buyer_receivable/${buyerId}`,
  buyerCredit: (buyerId: string) => `buyer_credit/${buyerId}`,
  creditsGiven: 'credits_given',
  vendorUnsettled: (vendorId: string) => `vendor_unsettled/${vendorId}`,
  vendorPayable: (vendorId: string) => `vendor_payable/${vendorId}`,
  /** Payable, but somebody disputes what it was paid for. */
  vendorHeld: (vendorId: string) => `vendor_held/${vendorId}`,
  /** Payable later: kept back in case something goes back to buyers. */
  vendorReserve: (vendorId: string) => `vendor_reserve/${vendorId}`,
  payoutInTransit: 'payout_in_transit',
  platformRevenue: 'platform_revenue',
  stripeClearing: 'stripe_clearing',
  stripeFees: 'stripe_fees',
  /** On its way back to a buyer. */
  refundClearing: 'refund_clearing',
  /** Taken back by a bank that has not decided yet. */
  disputeHold: 'dispute_hold',
  /** Fees of invoices that were given up. */
  badDebt: 'bad_debt',
} as const;

/** One amount from one account to another. */
export const move = (
  idemKey: string,
  kind: string,
  { currency, amount }: { currency: string; amount: Minor },
  { debit, credit }: { debit: string; credit: string },
): Entry =>
  entry(idemKey, kind, [
    { account: debit, currency, amountMinor: amount },
    { account: credit, currency, amountMinor: -amount },
  ]);

/**
 * Postings to the same account are summed up, those of nothing left out.
 * @throws RangeError when they do not balance: a recipe is wrong
 */
export function entry(idemKey: string, kind: string, postings: readonly Posting[]): Entry {
  const summed = new Map<string, Posting>();
  for (const posting of postings) {
    const name = `${posting.account} ${posting.currency}`;
    const before = summed.get(name)?.amountMinor ?? 0n;
    summed.set(name, { ...posting, amountMinor: before + posting.amountMinor });
  }
  const totals = new Map<string, Minor>();
  for (const { currency, amountMinor } of summed.values()) totals.set(currency, (totals.get(currency) ?? 0n) + amountMinor);
  for (const [currency, total] of totals)
    if (total !== 0n) throw new RangeError(`The entry ${idemKey} is out of balance by ${total} ${currency}.`);
  return { idemKey, kind, postings: [...summed.values()].filter((posting) => posting.amountMinor !== 0n) };
}

/** The same with the signs turned: what an entry did is taken back by another. */
export const reverse = ({ postings }: Entry, idemKey: string, kind: string): Entry =>
  entry(
    idemKey,
    kind,
    postings.map((posting) => ({ ...posting, amountMinor: -posting.amountMinor })),
  );
