/** How far a payment that a buyer disputes at their bank has come, told from news that may arrive twice, late, or in any order. */

/** inquiry: the bank only asks. open: it has taken the money and decides. closed: it asked, and no more came of it. */
export type DisputeState = 'inquiry' | 'open' | 'won' | 'lost' | 'closed';

const RANK: Record<DisputeState, number> = { inquiry: 0, closed: 1, open: 2, won: 3, lost: 3 };

/** The state after news of a dispute; old news changes nothing. The bank decides once. */
export const laterDispute = (current: DisputeState, seen: DisputeState): DisputeState =>
  RANK[seen] > RANK[current] ? seen : current;

/** Stripe's words in ours. @param status such as `warning_needs_response`; what is not known yet counts as undecided */
export function disputeStateOf(status: string): DisputeState {
  if (status === 'won' || status === 'lost') return status;
  if (status === 'warning_closed' || status === 'prevented') return 'closed';
  return status.startsWith('warning_') ? 'inquiry' : 'open';
}
