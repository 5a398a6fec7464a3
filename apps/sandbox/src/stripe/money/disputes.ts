/** Disputes as the platform answers them: evidence, and what the bank makes of it. */
import { z } from 'zod';
import type { StripeState } from '../state.ts';
import { invalid } from '../wire/errors.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { type Route, route } from '../wire/route.ts';
import { clearableMetadata, emptyable, flag, known, paging, text } from '../wire/rules.ts';
import { closeDispute, escalate, isOpen } from './open-dispute.ts';
import type { StripeDispute } from './types.ts';

const words = emptyable(z.string().max(20_000)).optional();

/** What is told in words; files, which Stripe takes as well, are not imitated. */
const evidence = z.strictObject({
  access_activity_log: words,
  billing_address: words,
  cancellation_policy_disclosure: words,
  cancellation_rebuttal: words,
  customer_email_address: words,
  customer_name: words,
  customer_purchase_ip: words,
  duplicate_charge_explanation: words,
  duplicate_charge_id: words,
  product_description: words,
  refund_policy_disclosure: words,
  refund_refusal_explanation: words,
  service_date: words,
  shipping_address: words,
  shipping_carrier: words,
  shipping_date: words,
  shipping_tracking_number: words,
  uncategorized_text: words,
});

const update = {
  evidence: evidence.optional(),
  intended_submission_method: known(['manual', 'prefer_manual'], ['prefer_smart_disputes', 'smart_disputes']).optional(),
  metadata: clearableMetadata.optional(),
  submit: flag.optional(),
};

/** All evidence together, in characters. */
const MOST_EVIDENCE = 150_000;

export function disputeRoutes(state: StripeState): Route[] {
  state.due.on('dispute.due', (id) => letDue(state, id));
  return [
    route('GET /v1/disputes', { ...paging, charge: text.optional(), payment_intent: text.optional() }, (params, { owner }) => {
      const { charge, payment_intent } = params;
      return state.disputes.page(owner, '/v1/disputes', params, { charge, payment_intent });
    }),
    route('GET /v1/disputes/:id', {}, (_params, { owner, id }) => state.disputes.get(owner, id)),
    route('POST /v1/disputes/:id', update, (params, { owner, id }) =>
      answer(state, owner, state.disputes.get(owner, id), params),
    ),
    route('POST /v1/disputes/:id/close', {}, (_params, { owner, id }) => {
      const dispute = state.disputes.get(owner, id);
      demandOpen(dispute);
      return closeDispute(state, owner, dispute, dispute.status === 'needs_response' ? 'lost' : 'warning_closed');
    }),
  ];
}

type Answer = z.output<z.ZodObject<typeof update>>;

function answer(state: StripeState, owner: string, before: StripeDispute, params: Answer): StripeDispute {
  const { evidence: words, metadata, submit, intended_submission_method: method } = params;
  // Notes of one's own may be kept at any time.
  if (words || submit !== undefined || method) demandOpen(before);
  const given = { ...before.evidence, ...words };
  const isGiven = Object.entries(given).some(([name, value]) => value !== null && name !== 'enhanced_evidence');
  if (JSON.stringify(given).length > MOST_EVIDENCE)
    throw invalid('The evidence has more than 150,000 characters.', { param: 'evidence' });
  const kept = state.disputes.put(owner, {
    ...before,
    evidence: given,
    evidence_details: { ...before.evidence_details, has_evidence: isGiven },
    intended_submission_method: method ?? before.intended_submission_method,
    metadata: mergeMetadata(before.metadata, metadata),
  });
  state.emitChange(owner, 'charge.dispute.updated', before, kept);
  // Evidence that is not held back is sent, and can be sent only once.
  return (words && submit !== false) || submit ? submitEvidence(state, owner, kept) : kept;
}

function submitEvidence(state: StripeState, owner: string, before: StripeDispute): StripeDispute {
  const details = { ...before.evidence_details, submission_count: 1, submission_method: 'manual' as const };
  const sent = { ...before, evidence_details: details };
  const isInquiry = before.status === 'warning_needs_response';
  // Stripe decides test disputes at once, by these words in the evidence.
  const decision = before.evidence['uncategorized_text'];
  if (decision === 'winning_evidence') return closeDispute(state, owner, sent, isInquiry ? 'warning_closed' : 'won');
  if (decision === 'losing_evidence') return closeDispute(state, owner, sent, isInquiry ? 'warning_closed' : 'lost');
  if (decision === 'escalate_inquiry_evidence' && isInquiry) return escalate(state, owner, before);
  const reviewed = state.disputes.put(owner, { ...sent, status: isInquiry ? 'warning_under_review' : 'under_review' });
  state.emit(owner, 'charge.dispute.updated', reviewed, { status: before.status });
  return reviewed;
}

/** Who has not answered by the date on which evidence was due has lost. */
function letDue(state: StripeState, id: string): void {
  const { owner, object: dispute } = state.disputes.find(id)!;
  if (!isOpen(dispute)) return;
  const late = { ...dispute, evidence_details: { ...dispute.evidence_details, past_due: true } };
  closeDispute(state, owner, late, dispute.status === 'needs_response' ? 'lost' : 'warning_closed');
}

function demandOpen(dispute: StripeDispute): void {
  if (isOpen(dispute)) return;
  throw invalid(`The dispute ${dispute.id} has a status of ${dispute.status} and takes no more evidence.`);
}
