/** Everything the sandbox's Stripe holds: one shelf per kind of object, the events, what is due, and the shared clock. */
import type { SandboxClock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Store, Table } from '../store.ts';
import type { SessionDetails } from './checkout/session-course.ts';
import type { StripeSession } from './checkout/types.ts';
import type { AccountOrder } from './connect/standing.ts';
import type * as Connect from './connect/types.ts';
import { DueList } from './kept/due.ts';
import { Shelf } from './kept/shelf.ts';
import { Balances } from './money/balances.ts';
import type * as Money from './money/types.ts';
import type * as Payments from './payments/types.ts';
import type * as Tax from './tax/types.ts';
import { difference, Events } from './webhooks/events.ts';
import type { KeptEndpoint, StripeEvent } from './webhooks/types.ts';
import { present } from './wire/present.ts';

export interface StateSettings {
  store: Store;
  clock: SandboxClock;
  faults: Faults;
  /** How long a charge stays pending before its money may be transferred or paid out. */
  availableAfterSeconds: number;
  /** How long a bank takes to say whether it pays a debit. */
  debitClearsAfterSeconds: number;
  /** How long a payout takes to its bank. */
  payoutArrivesAfterSeconds: number;
}

export class StripeState {
  readonly customers: Shelf<Payments.StripeCustomer>;
  readonly deletedCustomers: Table<{ id: string; object: 'customer'; deleted: true }>;
  readonly paymentMethods: Shelf<Payments.StripePaymentMethod>;
  /** Ids of payment methods that were let go, for good. */
  readonly detachedMethods: Table<true>;
  /** Ids of payment methods whose owner has authenticated for later payments. */
  readonly readyMethods: Table<true>;
  readonly mandates: Shelf<Payments.StripeMandate>;
  readonly setupIntents: Shelf<Payments.StripeSetupIntent>;
  readonly paymentIntents: Shelf<Payments.StripePaymentIntent>;
  readonly charges: Shelf<Payments.StripeCharge>;
  readonly refunds: Shelf<Money.StripeRefund>;
  readonly disputes: Shelf<Money.StripeDispute>;
  readonly transactions: Shelf<Money.StripeBalanceTransaction>;
  readonly balances: Balances;
  readonly transfers: Shelf<Connect.StripeTransfer>;
  readonly reversals: Shelf<Connect.StripeTransferReversal>;
  readonly payouts: Shelf<Connect.StripePayout>;
  /** By automatic payout, the balance transactions it pays out. */
  readonly payoutParts: Table<string[]>;
  /** By owner and currency, up to when money was paid out automatically; epoch seconds. */
  readonly paidUntil: Table<number>;
  readonly accounts: Shelf<Connect.StripeAccount>;
  readonly accountOrders: Table<AccountOrder>;
  readonly platformPayouts: Table<Connect.PayoutSettings>;
  readonly sessions: Shelf<StripeSession>;
  readonly sessionDetails: Table<SessionDetails>;
  readonly calculations: Shelf<Tax.StripeCalculation>;
  readonly calculationLines: Table<Tax.CalculationLine[]>;
  readonly taxTransactions: Shelf<Tax.StripeTaxTransaction>;
  readonly taxLines: Table<Tax.TransactionLine[]>;
  readonly endpoints: Shelf<KeptEndpoint>;
  readonly events: Events;
  readonly due: DueList;
  readonly store: Store;
  readonly faults: Faults;
  readonly availableAfterSeconds: number;
  readonly debitClearsAfterSeconds: number;
  readonly payoutArrivesAfterSeconds: number;
  private readonly settledListeners: ((owner: string, intent: Payments.StripePaymentIntent) => void)[] = [];

  constructor(settings: StateSettings) {
    const { store, clock, faults } = settings;
    this.store = store;
    this.faults = faults;
    this.availableAfterSeconds = settings.availableAfterSeconds;
    this.debitClearsAfterSeconds = settings.debitClearsAfterSeconds;
    this.payoutArrivesAfterSeconds = settings.payoutArrivesAfterSeconds;
    this.due = new DueList(store, clock);
    this.customers = new Shelf(store, 'customer', ['email', 'metadata']);
    this.deletedCustomers = store.table('stripe.deleted_customer');
    this.paymentMethods = new Shelf(store, 'payment_method', ['customer']);
    this.detachedMethods = store.table('stripe.detached_method');
    this.readyMethods = store.table('stripe.ready_method');
    this.mandates = new Shelf(store, 'mandate', ['payment_method']);
    this.setupIntents = new Shelf(store, 'setup_intent', ['customer', 'payment_method']);
    this.paymentIntents = new Shelf(store, 'payment_intent', ['customer', 'metadata']);
    this.charges = new Shelf(store, 'charge', ['customer', 'payment_intent', 'transfer_group', 'metadata']);
    this.refunds = new Shelf(store, 'refund', ['charge', 'payment_intent']);
    this.disputes = new Shelf(store, 'dispute', ['charge', 'payment_intent']);
    this.transactions = new Shelf(store, 'balance_transaction', ['source', 'type', 'currency']);
    this.balances = new Balances((owner) => this.transactions.of(owner));
    store.table<{ owner: string; object: Money.StripeBalanceTransaction }>('stripe.balance_transaction').follow(this.balances);
    this.transfers = new Shelf(store, 'transfer', ['destination', 'transfer_group', 'source_transaction']);
    this.reversals = new Shelf(store, 'transfer_reversal', ['transfer']);
    this.payouts = new Shelf(store, 'payout', ['destination']);
    this.payoutParts = store.table('stripe.payout_parts');
    this.paidUntil = store.table('stripe.paid_until');
    this.accounts = new Shelf(store, 'account');
    this.accountOrders = store.table('stripe.account_order');
    this.platformPayouts = store.table('stripe.platform_payouts');
    this.sessions = new Shelf(store, 'checkout.session', ['customer', 'payment_intent']);
    this.sessionDetails = store.table('stripe.session_details');
    this.calculations = new Shelf(store, 'tax.calculation');
    this.calculationLines = store.table('stripe.calculation_lines');
    this.taxTransactions = new Shelf(store, 'tax.transaction', ['reference']);
    this.taxLines = store.table('stripe.tax_lines');
    this.endpoints = new Shelf(store, 'webhook_endpoint');
    this.events = new Events(new Shelf<StripeEvent>(store, 'event', ['type']), () => this.now());
  }

  /** Epoch seconds of the sandbox's clock; while something due is done, of the moment for which it was due. */
  now(): number {
    return Math.floor(this.due.nowMs() / 1000);
  }

  emit(owner: string, type: string, object: object, previous?: object): void {
    this.events.emit(owner, type, present(this, object), previous);
  }

  /** Tells of a change with what it changed; nothing, if nothing did. */
  emitChange(owner: string, type: string, before: object, after: object): void {
    const previous = difference(before, after);
    if (Object.keys(previous).length > 0) this.emit(owner, type, after, previous);
  }

  /** Called with each payment that has been made or has failed. */
  onIntentSettled(listener: (owner: string, intent: Payments.StripePaymentIntent) => void): void {
    this.settledListeners.push(listener);
  }

  intentSettled(owner: string, intent: Payments.StripePaymentIntent): void {
    for (const listener of this.settledListeners) listener(owner, intent);
  }
}
