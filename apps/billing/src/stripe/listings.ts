/** What Stripe has, gone through from one instant to another: events that may not have come, objects by their op_id, movements of the balance. */
import { Injectable } from '@nestjs/common';
import type { Stripe } from 'stripe';
import type { Fact, Window } from '#domain/reconciliation.ts';
import { BillingConfig } from '../config.ts';
import { fromStripe } from './amounts.ts';
import { page, stripeClient } from './client.ts';
import type { StripeEvent } from './gateway.ts';
import { failureOf } from './stripe.errors.ts';

/** Kinds of balance transactions that are one to us: a card's and a bank's. */
const KINDS: Record<string, string> = { payment: 'charge', payment_refund: 'refund', adjustment: 'dispute' };

@Injectable()
export class StripeListings {
  private readonly stripe: Stripe;

  constructor(config: BillingConfig) {
    this.stripe = stripeClient(config);
  }

  /** Events since then, of the platform or of a connected account. Stripe shows them for thirty days. */
  async *events(since: Date, account: string | null): AsyncGenerator<StripeEvent> {
    for await (const event of walked(this.stripe.events.list(page(since), on(account)))) {
      const object = event.data.object as { id?: string };
      yield { id: event.id, type: event.type, objectId: object.id ?? '', account };
    }
  }

  /** What calls of ours made, or should have: payments, transfers and refunds, and the payouts of these connected accounts. */
  async objects({ from, to }: Window, accounts: readonly string[]): Promise<Fact[]> {
    const created = { limit: 100, created: { gte: seconds(from), lt: seconds(to) } };
    const facts: Fact[] = [];
    const take = async <T extends Made>(kind: string, list: AsyncIterable<T>): Promise<void> => {
      for await (const object of walked(list)) facts.push(objectFact(kind, object));
    };
    await take('payment_intent', this.stripe.paymentIntents.list(created));
    await take('transfer', this.stripe.transfers.list(created));
    await take('refund', this.stripe.refunds.list(created));
    for (const account of accounts) await take('payout', this.stripe.payouts.list(created, on(account)));
    return facts;
  }

  /** What moved the platform's balance, and what Stripe kept of it. */
  async movements({ from, to }: Window): Promise<Fact[]> {
    const created = { limit: 100, created: { gte: seconds(from), lt: seconds(to) } };
    const facts: Fact[] = [];
    for await (const moved of walked(this.stripe.balanceTransactions.list(created))) {
      const { id, currency, type } = moved;
      const source = typeof moved.source === 'string' ? moved.source : (moved.source?.id ?? id);
      const at = new Date(moved.created * 1000);
      const kind = `moved:${KINDS[type] ?? type}`;
      const key = type === 'adjustment' ? `${source}:${moved.amount < 0 ? 'taken' : 'given'}` : source;
      if (moved.amount !== 0) facts.push({ kind, key, id, amount: fromStripe(moved.amount, currency), currency, at });
      const feeKey = type === 'adjustment' ? source : id;
      if (moved.fee !== 0) facts.push({ kind: 'fee', key: feeKey, id, amount: fromStripe(-moved.fee, currency), currency, at });
    }
    return facts;
  }
}

type Made = { id: string; amount: number; currency: string; created: number; metadata: Stripe.Metadata | null };

const objectFact = (kind: string, { id, amount, currency, created, metadata }: Made): Fact => ({
  kind,
  // What carries no op_id was made by somebody else: it has nobody here to match.
  key: metadata?.op_id ?? id,
  id,
  amount: fromStripe(amount, currency),
  currency,
  at: new Date(created * 1000),
});

const seconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

const on = (account: string | null): Stripe.RequestOptions => (account === null ? {} : { stripeAccount: account });

async function* walked<T>(list: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* list;
  } catch (error) {
    throw failureOf(error);
  }
}
