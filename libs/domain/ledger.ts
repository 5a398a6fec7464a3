/**
 * The recipes of double entry: which accounts each business event touches, and under which key it is posted once
 * (docs/MONEY.md, “The ledger”). Debit is positive, credit negative; every recipe sums to zero.
 */
import type { Minor } from './money.ts';

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
  vendorUnsettled: (vendorId: string) => `vendor_unsettled/${vendorId}`,
  vendorPayable: (vendorId: string) => `vendor_payable/${vendorId}`,
  payoutInTransit: 'payout_in_transit',
  platformRevenue: 'platform_revenue',
  stripeClearing: 'stripe_clearing',
  stripeFees: 'stripe_fees',
  buyerCredit: (buyerId: string) => `buyer_credit/${buyerId}`,
  creditsGiven: 'credits_given',
} as const;

/** The buyer owes the total; the vendors' shares wait for the money; the fee is ours. */
export function invoiceFinalised(invoice: {
  invoiceId: string;
  buyerId: string;
  currency: string;
  lines: Array<{ vendorId: string; fee: Minor; vendor: Minor }>;
}): Entry {
  const { currency } = invoice;
  const total = sum(invoice.lines.map((line) => line.fee + line.vendor));
  const vendors = [...new Set(invoice.lines.map((line) => line.vendorId))].sort();
  return entry(`invoice:${invoice.invoiceId}:finalise`, 'invoice_finalised', [
    { account: account.buyerReceivable(invoice.buyerId), currency, amountMinor: total },
    ...vendors.map((vendorId) => ({
      account: account.vendorUnsettled(vendorId),
      currency,
      amountMinor: -sum(invoice.lines.filter((line) => line.vendorId === vendorId).map((line) => line.vendor)),
    })),
    { account: account.platformRevenue, currency, amountMinor: -sum(invoice.lines.map((line) => line.fee)) },
  ]);
}

/** The operator gives a buyer credit: the platform bears it. */
export const creditGranted = (grant: { grantId: string; buyerId: string; currency: string; amount: Minor }): Entry =>
  move(`credit:${grant.grantId}:grant`, 'credit_granted', grant, account.creditsGiven, account.buyerCredit(grant.buyerId));

/** Credit pays for a part of an invoice (docs/MONEY.md R7). */
export const creditApplied = (use: {
  invoiceId: string;
  grantId: string;
  buyerId: string;
  currency: string;
  amount: Minor;
}): Entry =>
  move(
    `invoice:${use.invoiceId}:credit:${use.grantId}`,
    'credit_applied',
    use,
    account.buyerCredit(use.buyerId),
    account.buyerReceivable(use.buyerId),
  );

/** What is left of a credit when its time is over: the platform has it back. */
export const creditExpired = (grant: { grantId: string; buyerId: string; currency: string; amount: Minor }): Entry =>
  move(`credit:${grant.grantId}:expire`, 'credit_expired', grant, account.buyerCredit(grant.buyerId), account.creditsGiven);

/** The card paid: Stripe has the money, the buyer owes nothing. */
export const paymentSucceeded = (payment: { paymentIntentId: string; buyerId: string; currency: string; amount: Minor }): Entry =>
  move(
    `stripe:${payment.paymentIntentId}:succeeded`,
    'payment_succeeded',
    payment,
    account.stripeClearing,
    account.buyerReceivable(payment.buyerId),
  );

/** What Stripe kept for itself; the platform bears it (docs/MONEY.md R9). */
export const stripeFee = (fee: { balanceTransactionId: string; currency: string; fee: Minor }): Entry =>
  move(
    `stripe:${fee.balanceTransactionId}`,
    'stripe_fee',
    { currency: fee.currency, amount: fee.fee },
    account.stripeFees,
    account.stripeClearing,
  );

/** A line is paid for and its hold is over: the vendor may have its share. */
export const shareReleased = (line: { lineId: string; vendorId: string; currency: string; amount: Minor }): Entry =>
  move(
    `line:${line.lineId}:release`,
    'share_released',
    line,
    account.vendorUnsettled(line.vendorId),
    account.vendorPayable(line.vendorId),
  );

/** Set aside before anything is sent, so that it cannot be sent twice. */
export const payoutReserved = (payout: { payoutId: string; vendorId: string; currency: string; amount: Minor }): Entry =>
  move(
    `payout:${payout.payoutId}:reserve`,
    'payout_reserved',
    payout,
    account.vendorPayable(payout.vendorId),
    account.payoutInTransit,
  );

export const payoutSent = (payout: { payoutId: string; currency: string; amount: Minor }): Entry =>
  move(`payout:${payout.payoutId}:sent`, 'payout_sent', payout, account.payoutInTransit, account.stripeClearing);

/** Stripe definitively refused: the vendor is owed it again, and another payout will be made. */
export const payoutVoid = (payout: { payoutId: string; vendorId: string; currency: string; amount: Minor }): Entry =>
  move(`payout:${payout.payoutId}:void`, 'payout_void', payout, account.payoutInTransit, account.vendorPayable(payout.vendorId));

function move(
  idemKey: string,
  kind: string,
  { currency, amount }: { currency: string; amount: Minor },
  debit: string,
  credit: string,
): Entry {
  return entry(idemKey, kind, [
    { account: debit, currency, amountMinor: amount },
    { account: credit, currency, amountMinor: -amount },
  ]);
}

/** Postings of nothing are left out. @throws RangeError when the rest does not balance: a recipe is wrong */
function entry(idemKey: string, kind: string, postings: Posting[]): Entry {
  const total = sum(postings.map((posting) => posting.amountMinor));
  if (total !== 0n) throw new RangeError(`The entry ${idemKey} is out of balance by ${total}.`);
  return { idemKey, kind, postings: postings.filter((posting) => posting.amountMinor !== 0n) };
}

const sum = (amounts: Minor[]): Minor => amounts.reduce((all, amount) => all + amount, 0n);
