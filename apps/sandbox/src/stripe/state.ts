/** Everything the sandbox's Stripe holds: one shelf per kind of object, the events, what is due, and the shared clock. */
import type { SandboxClock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { Store } from '../store.ts';
import { DueList } from './kept/due.ts';
import { Events } from './webhooks/events.ts';
import { Shelf } from './kept/shelf.ts';
import type * as Connect from './connect/types.ts';
import type * as Stripe from './payments/types.ts';
import type { KeptEndpoint } from './webhooks/webhooks.ts';

export interface StateSettings {
  store: Store;
  clock: SandboxClock;
  faults: Faults;
  /** How long a charge stays pending before its money may be transferred or paid out. */
  availableAfterSeconds: number;
}

export class StripeState {
  readonly customers: Shelf<Stripe.StripeCustomer>;
  readonly paymentMethods: Shelf<Stripe.StripePaymentMethod>;
  readonly setupIntents: Shelf<Stripe.StripeSetupIntent>;
  readonly paymentIntents: Shelf<Stripe.StripePaymentIntent>;
  readonly charges: Shelf<Stripe.StripeCharge>;
  readonly refunds: Shelf<Stripe.StripeRefund>;
  readonly disputes: Shelf<Stripe.StripeDispute>;
  readonly transactions: Shelf<Stripe.StripeBalanceTransaction>;
  readonly transfers: Shelf<Connect.StripeTransfer>;
  readonly reversals: Shelf<Connect.StripeTransferReversal>;
  readonly payouts: Shelf<Connect.StripePayout>;
  readonly accounts: Shelf<Connect.StripeAccount>;
  readonly endpoints: Shelf<KeptEndpoint>;
  readonly events: Events;
  readonly due: DueList;
  readonly store: Store;
  readonly faults: Faults;
  readonly availableAfterSeconds: number;
  private readonly clock: SandboxClock;

  constructor({ store, clock, faults, availableAfterSeconds }: StateSettings) {
    this.store = store;
    this.clock = clock;
    this.faults = faults;
    this.availableAfterSeconds = availableAfterSeconds;
    this.customers = new Shelf(store, 'customer');
    this.paymentMethods = new Shelf(store, 'payment_method');
    this.setupIntents = new Shelf(store, 'setup_intent');
    this.paymentIntents = new Shelf(store, 'payment_intent');
    this.charges = new Shelf(store, 'charge');
    this.refunds = new Shelf(store, 'refund');
    this.disputes = new Shelf(store, 'dispute');
    this.transactions = new Shelf(store, 'balance_transaction');
    this.transfers = new Shelf(store, 'transfer');
    this.reversals = new Shelf(store, 'transfer_reversal');
    this.payouts = new Shelf(store, 'payout');
    this.accounts = new Shelf(store, 'account');
    this.endpoints = new Shelf(store, 'webhook_endpoint');
    this.events = new Events(store, clock);
    this.due = new DueList(store, clock);
  }

  /** Epoch seconds of the sandbox's clock. */
  now(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }

  emit(owner: string, type: string, object: Stripe.StripeObject, previous?: object): void {
    this.events.emit(owner, type, this.present(object), previous);
  }

  /** The object as the wire shows it: with what Stripe computes when it is read, without what only the sandbox knows. */
  present(object: object): object {
    const kind = (object as Partial<Stripe.StripeObject>).object;
    if (kind === 'balance_transaction') {
      const transaction = object as Stripe.StripeBalanceTransaction;
      return { ...transaction, status: transaction.available_on <= this.now() ? 'available' : 'pending' };
    }
    if (kind === 'transfer') return this.withReversals(object as Connect.StripeTransfer);
    if (kind === 'webhook_endpoint') {
      const { sandbox_connect: _, ...endpoint } = object as KeptEndpoint;
      return endpoint;
    }
    return object;
  }

  /** Whatever object has this id, whoever owns it; for expansion. */
  find(id: string): object | undefined {
    return this.shelfOf(id)?.find(id)?.object;
  }

  private withReversals(transfer: Connect.StripeTransfer): object {
    const data = this.reversals
      .all()
      .filter((kept) => kept.object.transfer === transfer.id)
      .map((kept) => kept.object)
      .toReversed();
    const url = `/v1/transfers/${transfer.id}/reversals`;
    return { ...transfer, reversals: { object: 'list', data, has_more: false, url } };
  }

  private shelfOf(id: string): Shelf<{ id: string }> | undefined {
    const shelves: Record<string, unknown> = {
      cus: this.customers,
      pm: this.paymentMethods,
      seti: this.setupIntents,
      pi: this.paymentIntents,
      ch: this.charges,
      py: this.charges,
      re: this.refunds,
      dp: this.disputes,
      txn: this.transactions,
      tr: this.transfers,
      trr: this.reversals,
      po: this.payouts,
      acct: this.accounts,
    };
    return shelves[id.slice(0, id.indexOf('_'))] as Shelf<{ id: string }> | undefined;
  }
}
