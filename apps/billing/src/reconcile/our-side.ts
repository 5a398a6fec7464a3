/** What we hold of the money at Stripe, as facts: from the calls that made something there, and from the book's postings to stripe_clearing. */
import type { EntityManager } from 'typeorm';
import { account } from '#domain/ledger/entry.ts';
import type { Expectation, OurFact, Window } from '#domain/reconciliation.ts';

export async function ourSide(tx: EntityManager, { from, to }: Window): Promise<OurFact[]> {
  const calls: CallRow[] = await tx.query(CALLS, [from, to]);
  const booked: BookedRow[] = await tx.query(BOOKED, [from, to, account.stripeClearing]);
  const sent: SentRow[] = await tx.query(SENT, [from, to]);
  return [...calls.flatMap(callFact), ...booked.map(bookedFact), ...sent.map(sentFact)];
}

const CALLS = `select external_call.id, external_call.operation, external_call.object_id, external_call.state, external_call.first_sent_at as at,
    external_call.params ->> 'amount' as amount, external_call.params ->> 'currency' as currency, payment.stripe_payment_intent_id as link_intent_id
  from billing.external_call left join billing.payment on payment.external_call_id = external_call.id and payment.via = 'link'
 where external_call.operation in ('payment_intents.create', 'checkout.sessions.create', 'transfers.create', 'refunds.create', 'payouts.create')
   and external_call.first_sent_at >= $1 and external_call.first_sent_at < $2`;

interface CallRow {
  id: string;
  /** Of a payment link: what its buyer pays with, once somebody has tried to. */
  link_intent_id: string | null;
  operation: string;
  object_id: string | null;
  state: string;
  at: Date;
  amount: string;
  currency: string;
}

const callFact = (row: CallRow): OurFact[] => [
  {
    kind: isLink(row) ? 'payment_intent' : row.operation.replace(/s\.create$/, ''),
    key: row.id,
    id: (isLink(row) ? row.link_intent_id : row.object_id) ?? row.id,
    amount: BigInt(row.amount),
    currency: row.currency,
    at: row.at,
    expectation: expectationOf(row),
  },
];

const isLink = ({ operation }: CallRow): boolean => operation === 'checkout.sessions.create';

/** A call that was refused made nothing, unless Stripe said what it made, as of a card that was declined. */
function expectationOf(row: CallRow): Expectation {
  const { state, object_id: objectId } = row;
  // A page makes an intent when somebody pays there, and none before.
  if (isLink(row)) return row.link_intent_id === null ? 'not_expected' : 'expected';
  if (objectId !== null) return 'expected';
  return state === 'failed_final' ? 'not_expected' : 'in_flight';
}

/** Transfers are booked together, a payout's at once. */
const BOOKED = `select journal.id, journal.kind, journal.idem_key, journal.effective_at as at, posting.amount_minor::text as amount, posting.currency,
    payment.stripe_charge_id
  from billing.journal join billing.posting on posting.journal_id = journal.id and posting.account = $3
  left join billing.payment on journal.kind = 'payment_succeeded' and payment.stripe_payment_intent_id = split_part(journal.idem_key, ':', 2)
 where journal.kind <> 'payout_sent' and journal.effective_at >= $1 and journal.effective_at < $2`;

interface BookedRow {
  id: string;
  kind: string;
  idem_key: string;
  at: Date;
  amount: string;
  currency: string;
  stripe_charge_id: string | null;
}

/** What Stripe calls what we book. */
const MOVED: Record<string, string> = {
  payment_succeeded: 'moved:charge',
  stripe_fee: 'fee',
  dispute_fee: 'fee',
  refund_sent: 'moved:refund',
  refund_returned: 'moved:refund_failure',
  transfer_reversed: 'moved:transfer_refund',
  dispute_opened: 'moved:dispute',
  dispute_won: 'moved:dispute',
};

function bookedFact({ id, kind, idem_key: idemKey, at, amount, currency, stripe_charge_id: chargeId }: BookedRow): OurFact {
  const object = idemKey.split(':')[1] ?? idemKey;
  const part = { dispute_opened: ':taken', dispute_won: ':given' }[kind] ?? '';
  return {
    kind: MOVED[kind] ?? `moved:${kind}`,
    key: chargeId ?? `${object}${part}`,
    id,
    amount: BigInt(amount),
    currency,
    at,
    expectation: 'expected',
  };
}

const SENT = `select transfer.id, transfer.stripe_transfer_id, transfer.amount_minor::text as amount, payout.currency, journal.effective_at as at
  from billing.journal join billing.payout on journal.idem_key = 'payout:' || payout.id || ':sent'
  join billing.transfer on transfer.payout_id = payout.id and transfer.failure is null
 where journal.kind = 'payout_sent' and journal.effective_at >= $1 and journal.effective_at < $2`;

interface SentRow {
  id: string;
  stripe_transfer_id: string | null;
  amount: string;
  currency: string;
  at: Date;
}

const sentFact = ({ id, stripe_transfer_id: transferId, amount, currency, at }: SentRow): OurFact => ({
  kind: 'moved:transfer',
  key: transferId ?? id,
  id,
  amount: -BigInt(amount),
  currency,
  at,
  expectation: 'expected',
});
