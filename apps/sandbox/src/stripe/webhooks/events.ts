/** Every change of an object leaves an event, kept before anybody is told of it. */
import { PLATFORM, type Shelf } from '../kept/shelf.ts';
import { newId } from '../wire/ids.ts';
import { API_VERSION } from '../wire/version.ts';
import type { StripeEvent } from './types.ts';

export interface RequestMark {
  id: string | null;
  idempotency_key: string | null;
}

const NO_REQUEST: RequestMark = { id: null, idempotency_key: null };

export class Events {
  private readonly listeners: ((owner: string, event: StripeEvent) => StripeEvent)[] = [];
  private request = NO_REQUEST;

  /** @param now epoch seconds */
  constructor(
    readonly shelf: Shelf<StripeEvent>,
    private readonly now: () => number,
  ) {}

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
      created: this.now(),
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

/** What `after` has changed, with the values of `before`; for an event's previous_attributes. */
export const difference = (before: object, after: object): object =>
  Object.fromEntries(
    Object.entries(before).filter(([name, value]) => {
      const now = (after as Record<string, unknown>)[name];
      return value !== now && JSON.stringify(value) !== JSON.stringify(now);
    }),
  );
