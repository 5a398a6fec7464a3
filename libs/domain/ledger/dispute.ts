/** What a payment that a buyer disputes at their bank posts. */
import type { Minor } from '../money.ts';
import { account, entry, move, type Entry } from './entry.ts';
import { takenBack, totalOf, type ReturnedLine } from './refund.ts';

interface Disputed {
  /** Stripe's `dp_…`. */
  disputeId: string;
  currency: string;
  amount: Minor;
}

/** The bank takes the money while it decides. */
export const disputeOpened = (dispute: Disputed): Entry =>
  move(`stripe:${dispute.disputeId}:opened`, 'dispute_opened', dispute, {
    debit: account.disputeHold,
    credit: account.stripeClearing,
  });

/** What Stripe asks for a dispute, whoever wins it; the platform bears it (docs/MONEY.md R9). */
export const disputeFee = (dispute: Disputed): Entry =>
  move(`stripe:${dispute.disputeId}:fee`, 'dispute_fee', dispute, { debit: account.stripeFees, credit: account.stripeClearing });

/** The bank gives the money back. */
export const disputeWon = (dispute: Disputed): Entry =>
  move(`stripe:${dispute.disputeId}:won`, 'dispute_won', dispute, {
    debit: account.stripeClearing,
    credit: account.disputeHold,
  });

/** The buyer keeps the money: vendors and the platform give back their parts of an invoice, as with a refund. */
export const disputeLost = (dispute: {
  disputeId: string;
  invoiceId: string;
  currency: string;
  lines: readonly ReturnedLine[];
}): Entry =>
  entry(`stripe:${dispute.disputeId}:lost:${dispute.invoiceId}`, 'dispute_lost', [
    ...takenBack(dispute.lines, dispute.currency),
    { account: account.disputeHold, currency: dispute.currency, amountMinor: -totalOf(dispute.lines) },
  ]);
