/** What giving a buyer money back posts: asked for, sent, and come back. */
import type { Minor } from '../money.ts';
import { account, entry, move, type Entry } from './entry.ts';

/** What goes back of one line, as `partOf` in ../refund.ts says, and where the vendor's part is taken from. */
export interface ReturnedLine {
  vendorId: string;
  fee: Minor;
  vendor: Minor;
  /** Of a share that was not released yet it is taken from what waits; of a released one, from what is payable. */
  from: 'unsettled' | 'payable';
}

interface Refund {
  refundId: string;
  currency: string;
  lines: readonly ReturnedLine[];
}

/** Vendors and the platform give back their parts; the whole is on its way to the buyer. */
export const refundPosted = ({ refundId, currency, lines }: Refund): Entry =>
  entry(`refund:${refundId}:post`, 'refund_posted', [
    ...takenBack(lines, currency),
    { account: account.refundClearing, currency, amountMinor: -totalOf(lines) },
  ]);

/** Stripe refused it, or the money came back: everybody has their part again. */
export const refundVoid = ({ refundId, currency, lines }: Refund): Entry =>
  entry(`refund:${refundId}:void`, 'refund_void', [
    ...takenBack(lines, currency).map((posting) => ({ ...posting, amountMinor: -posting.amountMinor })),
    { account: account.refundClearing, currency, amountMinor: totalOf(lines) },
  ]);

interface StripeRefund {
  stripeRefundId: string;
  currency: string;
  amount: Minor;
}

/** Stripe took it from our balance. */
export const refundSent = (refund: StripeRefund): Entry =>
  move(`stripe:${refund.stripeRefundId}`, 'refund_sent', refund, {
    debit: account.refundClearing,
    credit: account.stripeClearing,
  });

/** The buyer's bank did not take it; Stripe gave it back to us. */
export const refundReturned = (refund: StripeRefund): Entry =>
  move(`stripe:${refund.stripeRefundId}:failed`, 'refund_returned', refund, {
    debit: account.stripeClearing,
    credit: account.refundClearing,
  });

/** The parts of lines as debits of those who had them. */
export const takenBack = (lines: readonly ReturnedLine[], currency: string): Entry['postings'] =>
  lines.flatMap(({ vendorId, fee, vendor, from }) => [
    {
      account: from === 'unsettled' ? account.vendorUnsettled(vendorId) : account.vendorPayable(vendorId),
      currency,
      amountMinor: vendor,
    },
    { account: account.platformRevenue, currency, amountMinor: fee },
  ]);

export const totalOf = (lines: readonly ReturnedLine[]): Minor => lines.reduce((sum, { fee, vendor }) => sum + fee + vendor, 0n);
