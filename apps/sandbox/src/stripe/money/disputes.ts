/** Disputes: the customer's bank takes a payment back, with a fee, until the evidence decides who keeps it. */
import { move } from './balance.ts';
import { invalid } from '../wire/errors.ts';
import { newId } from '../wire/ids.ts';
import { page } from '../wire/list.ts';
import { type Route, route } from '../wire/route.ts';
import { flag, hash, mergeMetadata, metadata, paging, text } from '../wire/rules.ts';
import type { StripeState } from '../state.ts';
import type { StripeCharge, StripeDispute } from '../payments/types.ts';

/** Stripe's price for a dispute, in minor units. */
const FEE = 1500;
const DUE_AFTER_SECONDS = 9 * 24 * 60 * 60;

const update = { evidence: hash.optional(), metadata: metadata.optional(), submit: flag.optional() };

export function disputeRoutes(state: StripeState): Route[] {
  return [
    route('GET /v1/disputes', { ...paging, charge: text.optional(), payment_intent: text.optional() }, (params, { owner }) => {
      const wanted = state.disputes
        .of(owner)
        .filter((dispute) => !params.charge || dispute.charge === params.charge)
        .filter((dispute) => !params.payment_intent || dispute.payment_intent === params.payment_intent);
      return page('/v1/disputes', wanted, params);
    }),
    route('GET /v1/disputes/:id', {}, (_params, { owner, id }) => state.disputes.get(owner, id)),
    route('POST /v1/disputes/:id', update, ({ evidence = {}, metadata, submit }, { owner, id }) => {
      const before = state.disputes.get(owner, id);
      demandOpen(before);
      const given = { ...before.evidence, ...evidence };
      const details = { ...before.evidence_details, has_evidence: Object.keys(given).length > 0 };
      const merged = mergeMetadata(before.metadata, metadata);
      const kept = state.disputes.put(owner, { ...before, evidence: given, evidence_details: details, metadata: merged });
      state.emit(owner, 'charge.dispute.updated', kept);
      if (submit === false) return kept;
      // Stripe decides test disputes at once, by these words in the evidence.
      if (given['uncategorized_text'] === 'winning_evidence') return closeDispute(state, owner, kept, 'won');
      if (given['uncategorized_text'] === 'losing_evidence') return closeDispute(state, owner, kept, 'lost');
      return state.disputes.put(owner, { ...kept, status: 'under_review' });
    }),
    route('POST /v1/disputes/:id/close', {}, (_params, { owner, id }) => {
      const dispute = state.disputes.get(owner, id);
      demandOpen(dispute);
      return closeDispute(state, owner, dispute, 'lost');
    }),
  ];
}

/** The bank takes the whole charge back. */
export function openDispute(state: StripeState, owner: string, charge: StripeCharge): StripeDispute {
  const id = newId('dp');
  const amount = charge.amount - charge.amount_refunded;
  const movement = { source: id, amount: -amount, fee: FEE, currency: charge.currency, description: 'Chargeback withdrawal' };
  const transaction = move(state, owner, { ...movement, type: 'adjustment' });
  const disputed = state.charges.put(owner, { ...state.charges.get(owner, charge.id), disputed: true });
  const dispute = state.disputes.put(owner, {
    id,
    object: 'dispute',
    amount,
    balance_transactions: [transaction],
    charge: disputed.id,
    created: state.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: { due_by: state.now() + DUE_AFTER_SECONDS, has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    network_reason_code: '10.4',
    payment_intent: charge.payment_intent,
    reason: 'fraudulent',
    status: 'needs_response',
  });
  state.emit(owner, 'charge.dispute.created', dispute);
  state.emit(owner, 'charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

function closeDispute(state: StripeState, owner: string, dispute: StripeDispute, status: 'won' | 'lost'): StripeDispute {
  const returned = { source: dispute.id, amount: dispute.amount, currency: dispute.currency, description: 'Chargeback reversal' };
  // The fee stays with Stripe either way.
  const back = status === 'won' ? [move(state, owner, { ...returned, type: 'adjustment' })] : [];
  const details = { ...dispute.evidence_details, submission_count: 1 };
  const transactions = [...dispute.balance_transactions, ...back];
  const closed = { ...dispute, balance_transactions: transactions, evidence_details: details, status };
  state.disputes.put(owner, closed);
  state.emit(owner, 'charge.dispute.closed', closed);
  if (status === 'won') state.emit(owner, 'charge.dispute.funds_reinstated', closed);
  return closed;
}

function demandOpen({ id, status }: StripeDispute): void {
  if (status !== 'needs_response') throw invalid(`The dispute ${id} has a status of ${status} and takes no more evidence.`);
}
