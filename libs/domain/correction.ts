/** When accepted usage may be corrected, by how much, and who has to agree. Knows no table; time comes as an argument. */
import { DomainError } from './errors.ts';
import { hourOf } from './usage.ts';

/** The most that one correction adds or takes away: what JSON numbers hold exactly. */
export const MOST_DELTA = Number.MAX_SAFE_INTEGER;

const DAY_MS = 86_400_000;

export type CorrectionState = 'proposed' | 'approved' | 'refused' | 'withdrawn';

/** A company, and the person who acts for it; null for an API key, which is no particular person. */
export interface Party {
  kind: 'buyer' | 'vendor' | 'operator' | 'auditor';
  userId: string | null;
}

/**
 * Refuses an hour whose usage cannot be corrected: one that has not begun, one in which the subscription did not run, or one whose
 * records are about to be archived, so that its day could not be summed up again.
 * @param startedAt @param endedAt of the subscription.
 * @param usageDays how long records stay at hand.
 * @throws DomainError `hour_not_correctable`
 */
export function assertCorrectable({
  hour,
  now,
  startedAt,
  endedAt,
  usageDays,
}: {
  hour: Date;
  now: Date;
  startedAt: Date;
  endedAt: Date | null;
  usageDays: number;
}): void {
  const refuse = (detail: string): never => {
    throw new DomainError('conflict', 'hour_not_correctable', detail);
  };
  if (hour > now) refuse('This hour has not begun; there is nothing to correct.');
  if (hour < hourOf(startedAt) || (endedAt !== null && hour > endedAt)) refuse('The subscription did not run in this hour.');
  // A day less than records are kept: what is approved at midnight is summed up after it.
  if (hour.getTime() < now.getTime() - (usageDays - 1) * DAY_MS) refuse(`Usage can be corrected for ${usageDays - 1} days.`);
}

/**
 * Refuses to take back more than there is.
 * @param total records and earlier corrections of the hour, in this dimension.
 * @throws DomainError `below_zero`
 */
export function assertNotBelowZero(total: bigint, delta: bigint): void {
  if (total + delta < 0n)
    throw new DomainError('conflict', 'below_zero', `Only ${total} was used in this hour; no more than that can be taken back.`);
}

/**
 * Refuses who may not approve or refuse a correction. Who pays more has to agree: the buyer, or the operator for them. What the
 * buyer gets back is the vendor's to give, but not one person's alone: another of the vendor's people decides, or the operator. An
 * API key stands for nobody in particular, so a vendor's key neither decides nor has its proposals decided by the vendor.
 * @throws DomainError `needs_the_buyer`, `needs_the_vendor`, `needs_another_person`
 */
export function assertMayDecide({ delta, proposedBy }: { delta: bigint; proposedBy: string | null }, party: Party): void {
  if (party.kind === 'operator') return;
  if (party.kind === 'auditor')
    throw new DomainError('forbidden', 'auditors_only_read', 'An auditor reads and changes nothing; the operator decides.');
  if (delta > 0n) {
    if (party.kind === 'buyer') return;
    throw new DomainError('conflict', 'needs_the_buyer', 'The buyer would pay more: the buyer or the operator decides.');
  }
  if (party.kind === 'buyer')
    throw new DomainError('conflict', 'needs_the_vendor', 'The vendor would earn less: the vendor or the operator decides.');
  if (party.userId === null || proposedBy === null || party.userId === proposedBy)
    throw new DomainError(
      'conflict',
      'needs_another_person',
      'Two signed-in people of the vendor have to agree, or the operator: another person than who proposed it decides.',
    );
}
