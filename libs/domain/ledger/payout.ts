/** What the way of a vendor's money posts: released, held back, set aside, sent, and taken back. */
import type { Minor } from '../money.ts';
import { account, entry, move, type Entry } from './entry.ts';

interface Owed {
  vendorId: string;
  currency: string;
  amount: Minor;
}

/** A line is paid for and its hold is over: the vendor may have its share. */
export const shareReleased = (line: Owed & { lineId: string }): Entry =>
  move(`line:${line.lineId}:release`, 'share_released', line, {
    debit: account.vendorUnsettled(line.vendorId),
    credit: account.vendorPayable(line.vendorId),
  });

/**
 * Somebody disputes what released shares were paid for: they are not sent until that is settled.
 * @param cause what holds them, such as `dispute:{id}` or `line_dispute:{id}`; one entry for each
 */
export const sharesHeld = (cause: string, shares: readonly Owed[]): Entry =>
  entry(
    `${cause}:hold`,
    'shares_held',
    shares.flatMap(({ vendorId, currency, amount }) => [
      { account: account.vendorPayable(vendorId), currency, amountMinor: amount },
      { account: account.vendorHeld(vendorId), currency, amountMinor: -amount },
    ]),
  );

/** They are payable again, whatever follows from how it ended. */
export const sharesUnheld = (cause: string, shares: readonly Owed[]): Entry =>
  entry(
    `${cause}:unhold`,
    'shares_unheld',
    shares.flatMap(({ vendorId, currency, amount }) => [
      { account: account.vendorHeld(vendorId), currency, amountMinor: amount },
      { account: account.vendorPayable(vendorId), currency, amountMinor: -amount },
    ]),
  );

/** Set aside before anything is sent, so that it cannot be sent twice. */
export const payoutReserved = (payout: Owed & { payoutId: string }): Entry =>
  move(`payout:${payout.payoutId}:reserve`, 'payout_reserved', payout, {
    debit: account.vendorPayable(payout.vendorId),
    credit: account.payoutInTransit,
  });

export const payoutSent = (payout: { payoutId: string; currency: string; amount: Minor }): Entry =>
  move(`payout:${payout.payoutId}:sent`, 'payout_sent', payout, {
    debit: account.payoutInTransit,
    credit: account.stripeClearing,
  });

/** Stripe definitively refused: the vendor is owed it again, and another payout will be made. */
export const payoutVoid = (payout: Owed & { payoutId: string }): Entry =>
  move(`payout:${payout.payoutId}:void`, 'payout_void', payout, {
    debit: account.payoutInTransit,
    credit: account.vendorPayable(payout.vendorId),
  });

/** Money that was sent came back from the vendor's account, for what the vendor had to give back. */
export const transferReversed = (reversal: Owed & { reversalId: string }): Entry =>
  move(`stripe:${reversal.reversalId}`, 'transfer_reversed', reversal, {
    debit: account.stripeClearing,
    credit: account.vendorPayable(reversal.vendorId),
  });
