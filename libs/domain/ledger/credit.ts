/** What a buyer's credit posts: given, used, and over. */
import type { Minor } from '../money.ts';
import { account, move, type Entry } from './entry.ts';

interface Grant {
  grantId: string;
  buyerId: string;
  currency: string;
  amount: Minor;
}

/** The operator gives a buyer credit: the platform bears it. */
export const creditGranted = (grant: Grant): Entry =>
  move(`credit:${grant.grantId}:grant`, 'credit_granted', grant, {
    debit: account.creditsGiven,
    credit: account.buyerCredit(grant.buyerId),
  });

/** Credit pays for a part of an invoice (docs/MONEY.md R7). */
export const creditApplied = (use: Grant & { invoiceId: string }): Entry =>
  move(`invoice:${use.invoiceId}:credit:${use.grantId}`, 'credit_applied', use, {
    debit: account.buyerCredit(use.buyerId),
    credit: account.buyerReceivable(use.buyerId),
  });

/** What is left of a credit when its time is over: the platform has it back. */
export const creditExpired = (grant: Grant): Entry =>
  move(`credit:${grant.grantId}:expire`, 'credit_expired', grant, {
    debit: account.buyerCredit(grant.buyerId),
    credit: account.creditsGiven,
  });
