/**
 * Delivers events by signed POST until the receiver says 2xx, with growing pauses. What is undelivered is kept in the store and
 * goes on after a restart. Faults on `webhook` or `webhook <type>` lose a delivery, double it or spoil its signature.
 */
import { createHmac } from 'node:crypto';
import type { SandboxClock } from '../../clock.ts';
import type { Faults } from '../../faults.ts';
import type { Store, Table } from '../../store.ts';
import { newId } from '../wire/ids.ts';
import { PLATFORM, type Shelf } from '../kept/shelf.ts';
import type { StripeEvent, StripeWebhookEndpoint } from '../payments/types.ts';

/** An endpoint, and whether it hears of the connected accounts' events or of the platform's own. */
export type KeptEndpoint = StripeWebhookEndpoint & { sandbox_connect?: boolean };

interface Delivery {
  id: string;
  eventId: string;
  /** A webhook endpoint's id, or 'settings' for the one the sandbox was started with. */
  target: string;
  attempts: number;
  isForged: boolean;
}

interface Target {
  url: string;
  secret: string;
}

interface WebhookSettings {
  store: Store;
  clock: SandboxClock;
  faults: Faults;
  webhookUrl?: string;
  webhookSecret: string;
  events: Shelf<StripeEvent>;
  endpoints: Shelf<KeptEndpoint>;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const ANSWER_WITHIN_MS = 10_000;
const AT_ONCE = 16;

export class Webhooks {
  private readonly pending: Table<Delivery>;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly waiting: string[] = [];
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly settings: WebhookSettings) {
    this.pending = settings.store.table('stripe.delivery');
  }

  /** Takes up what an earlier run of the sandbox left undelivered. */
  start(): void {
    for (const delivery of this.pending.values()) this.schedule(delivery.id, 0);
  }

  /** No delivery starts any more, and none is under way when this resolves. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.allSettled(this.running);
  }

  /** Queues a new event for everybody who wants it. */
  send(owner: string, event: StripeEvent): StripeEvent {
    let copies = 0;
    for (const target of this.targetsFor(owner, event.type)) {
      const fault = this.settings.faults.take(`webhook ${event.type}`) ?? this.settings.faults.take('webhook');
      if (fault?.code === 'lost') {
        // Stripe has given up on it, and counts it as undelivered.
        copies += 1;
        continue;
      }
      for (let left = fault?.code === 'duplicate' ? 2 : 1; left > 0; left--) {
        copies += 1;
        const delivery = { id: newId('dlv'), eventId: event.id, target, attempts: 0, isForged: fault?.code === 'bad_signature' };
        this.pending.set(delivery.id, delivery);
        this.schedule(delivery.id, 0);
      }
    }
    return { ...event, pending_webhooks: copies };
  }

  private targetsFor(owner: string, type: string): string[] {
    const endpoints = this.settings.endpoints
      .all()
      .map((kept) => kept.object)
      .filter((endpoint) => (endpoint.sandbox_connect ?? false) === (owner !== PLATFORM))
      .filter((endpoint) => endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type));
    return [...(this.settings.webhookUrl ? ['settings'] : []), ...endpoints.map((endpoint) => endpoint.id)];
  }

  private schedule(deliveryId: string, pauseMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(deliveryId);
      this.waiting.push(deliveryId);
      this.startWaiting();
    }, pauseMs);
    this.timers.set(deliveryId, timer);
  }

  private startWaiting(): void {
    while (this.running.size < AT_ONCE && !this.stopping.signal.aborted) {
      const deliveryId = this.waiting.shift();
      if (!deliveryId) return;
      const run = this.attempt(deliveryId).finally(() => {
        this.running.delete(run);
        this.startWaiting();
      });
      this.running.add(run);
    }
  }

  private async attempt(deliveryId: string): Promise<void> {
    const delivery = this.pending.get(deliveryId);
    const event = delivery && this.settings.events.find(delivery.eventId);
    const target = delivery && this.targetOf(delivery.target);
    // Without an address there is nobody to tell; it waits for a sandbox that is started with one.
    if (delivery?.target === 'settings' && !target) return;
    if (!delivery || !event || !target) return this.pending.delete(deliveryId);
    const isDelivered = await this.post(target, event.object, delivery.isForged);
    if (isDelivered) {
      this.pending.delete(deliveryId);
      // Read again: other deliveries of the event may have ended meanwhile, or the sandbox may have been reset.
      const now = this.settings.events.find(delivery.eventId);
      if (now) this.settings.events.put(now.owner, { ...now.object, pending_webhooks: now.object.pending_webhooks - 1 });
    } else if (!this.stopping.signal.aborted) {
      this.pending.set(deliveryId, { ...delivery, attempts: delivery.attempts + 1 });
      this.schedule(deliveryId, Math.min(FIRST_PAUSE_MS * 2 ** delivery.attempts, LONGEST_PAUSE_MS));
    }
  }

  private targetOf(target: string): Target | undefined {
    const { webhookUrl, webhookSecret } = this.settings;
    if (target === 'settings') return webhookUrl ? { url: webhookUrl, secret: webhookSecret } : undefined;
    return this.settings.endpoints.find(target)?.object;
  }

  private async post(target: Target, event: StripeEvent, isForged: boolean): Promise<boolean> {
    const body = JSON.stringify(event);
    const seconds = Math.floor(this.settings.clock.now().getTime() / 1000);
    const signature = sign(isForged ? `${target.secret}-forged` : target.secret, seconds, body);
    try {
      const answer = await fetch(target.url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature, 'user-agent': 'Stripe/1.0' },
        redirect: 'manual',
        signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await answer.body?.cancel();
      // A forged message is meant to be refused: whatever the receiver says, it is not sent again.
      return answer.ok || isForged;
    } catch {
      return false;
    }
  }
}

/** Stripe's scheme: HMAC-SHA256 of `t.payload` under the endpoint's secret, in hex. */
export function sign(secret: string, seconds: number, payload: string): string {
  const digest = createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}
