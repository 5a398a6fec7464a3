/** Every change of an object leaves an event, kept before anybody is told of it. */
import type { SandboxClock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { newId } from '../wire/ids.ts';
import { PLATFORM, Shelf } from '../kept/shelf.ts';
import type { StripeEvent } from '../payments/types.ts';

/** The version of Stripe's API that the sandbox imitates, the one the installed SDK asks for. */
export const API_VERSION = '2026-10-28.endive';

export interface RequestMark {
  id: string | null;
  idempotency_key: string | null;
}

const NO_REQUEST: RequestMark = { id: null, idempotency_key: null };

export class Events {
  readonly shelf: Shelf<StripeEvent>;
  private readonly listeners: ((owner: string, event: StripeEvent) => StripeEvent)[] = [];
  private request = NO_REQUEST;

  constructor(
    store: Store,
    private readonly clock: SandboxClock,
  ) {
    this.shelf = new Shelf(store, 'event');
  }

  /** Called with each new event before it is kept; returns it with what the listener adds (`pending_webhooks`). */
  onEvent(listener: (owner: string, event: StripeEvent) => StripeEvent): void {
    this.listeners.push(listener);
  }

  /** Marks the events of `work` as caused by this request. The work must not be asynchronous. */
  during<T>(request: RequestMark, work: () => T): T {
    this.request = request;
    try {
      return work();
    } finally {
      this.request = NO_REQUEST;
    }
  }

  /** @param previous the fields that changed, with what they were. */
  emit(owner: string, type: string, object: object, previous?: object): void {
    const event: StripeEvent = {
      id: newId('evt'),
      object: 'event',
      ...(owner !== PLATFORM && { account: owner }),
      api_version: API_VERSION,
      created: Math.floor(this.clock.now().getTime() / 1000),
      data: { object: { ...object }, ...(previous && { previous_attributes: { ...previous } }) },
      livemode: false,
      pending_webhooks: 0,
      request: this.request,
      type,
    };
    this.shelf.put(
      owner,
      this.listeners.reduce((so, listener) => listener(owner, so), event),
    );
  }
}
