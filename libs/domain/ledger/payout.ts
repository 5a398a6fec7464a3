/** What the way of a vendor's money posts: released, held back, set aside, sent, and taken back. */
import type { Minor } from '../money.ts';
import { account, move, type Entry } from './entry.ts';

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

/** Somebody disputes what a released share was paid for: it is not sent until that is settled. */
export const shareHeld = (hold: Owed & { holdId: string }): Entry =>
  move(`hold:${hold.holdId}`, 'share_held', hold, {
    debit: account.vendorPayable(hold.vendorId),
    credit: account.vendorHeld(hold.vendorId),
  });

/** It is payable again, whatever follows from how the dispute ended. */
export const shareUnheld = (hold: Owed & { holdId: string }): Entry =>
  move(`hold:${hold.holdId}:over`, 'share_unheld', hold, {
    debit: account.vendorHeld(hold.vendorId),
    credit: account.vendorPayable(hold.vendorId),
  });

/** Some of a released share is kept back for a while. */
export const shareReserved = (reserve: Owed & { reserveId: string }): Entry =>
  move(`reserve:${reserve.reserveId}`, 'share_reserved', reserve, {
    debit: account.vendorPayable(reserve.vendorId),
    credit: account.vendorReserve(reserve.vendorId),
  });

/** Its time is over, or it goes into what the vendor has to give back. */
export const shareUnreserved = (reserve: Owed & { reserveId: string }): Entry =>
  move(`reserve:${reserve.reserveId}:over`, 'share_unreserved', reserve, {
    debit: account.vendorReserve(reserve.vendorId),
    credit: account.vendorPayable(reserve.vendorId),
  });

/** Of a line's fee, the part of a reseller or of the project inside becomes theirs; below zero when some of the line went back. */
export const partShared = (part: Owed & { shareId: string }): Entry =>
  move(`part:${part.shareId}`, 'part_shared', part, {
    debit: account.platformRevenue,
    credit: account.vendorPayable(part.vendorId),
  });

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
