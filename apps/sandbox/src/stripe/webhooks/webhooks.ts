/**
 * Delivers events by signed POST until the receiver says 2xx, with growing pauses, for three days at least. What is undelivered is
 * kept in the store and goes on after a restart. Faults on `webhook` or `webhook <type>` lose a delivery, double it, spoil its
 * signature (`bad_signature`) or make it three days late (`late`).
 */
import type { SandboxClock } from '../../clock.ts';
import type { Faults } from '../../faults.ts';
import type { Store, Table } from '../../store.ts';
import { PLATFORM } from '../kept/shelf.ts';
import type { StripeState } from '../state.ts';
import { newId } from '../wire/ids.ts';
import { Manners, randomFrom, shuffled } from './manner.ts';
import { Secrets, sign } from './signature.ts';
import type { StripeEvent } from './types.ts';

export interface Delivery {
  id: string;
  eventId: string;
  /** A webhook endpoint's id, or 'settings' for the one the sandbox was started with. */
  target: string;
  attempts: number;
  isForged: boolean;
  /** Waits to be released. */
  isHeld?: boolean;
  /** Epoch seconds of the sandbox's clock. */
  since: number;
}

interface Target {
  url: string;
  secrets: string[];
}

interface WebhookSettings {
  store: Store;
  clock: SandboxClock;
  faults: Faults;
  webhookUrl?: string;
  webhookSecret: string;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const ANSWER_WITHIN_MS = 10_000;
const AT_ONCE = 16;
const GIVES_UP_AFTER_SECONDS = 3 * 24 * 60 * 60;
const FEWEST_ATTEMPTS = 8;

export class Webhooks {
  readonly manners: Manners;
  readonly secrets: Secrets;
  private readonly pending: Table<Delivery>;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly waiting: string[] = [];
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly state: StripeState,
    private readonly settings: WebhookSettings,
  ) {
    this.pending = settings.store.table('stripe.delivery');
    this.manners = new Manners(settings.store, settings.faults);
    this.secrets = new Secrets(settings.store);
    state.due.on('webhook', (deliveryId) => this.schedule(deliveryId, 0));
  }

  /** Takes up what an earlier run of the sandbox left undelivered. */
  start(): void {
    for (const { id, isHeld } of this.pending.values()) if (!isHeld) this.schedule(id, 0);
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
      const fate = this.manners.fateOf(event.type);
      // What is lost Stripe has given up on, and counts it as undelivered.
      copies += Math.max(fate.copies, 1);
      for (let left = fate.copies; left > 0; left--) {
        const delivery = this.keep({ eventId: event.id, target, isForged: fate.isForged });
        if (delivery.isHeld) continue;
        if (fate.delaySeconds > 0) this.state.due.after(fate.delaySeconds, 'webhook', delivery.id);
        else this.schedule(delivery.id, fate.pauseMs());
      }
    }
    return copies > 0 ? { ...event, pending_webhooks: copies } : event;
  }

  /** Sends what was held, and holds nothing any more. @param copies how many times each. @returns how many messages went */
  release({
    order = 'as_sent',
    seed = 1,
    copies = 1,
  }: {
    order?: 'as_sent' | 'reversed' | 'shuffled';
    seed?: number;
    copies?: number;
  }): number {
    this.manners.set({ ...this.manners.get(), isHeld: false });
    const held = this.pending.values().filter((delivery) => delivery.isHeld);
    const all = held.flatMap((delivery) => {
      const more = Array.from({ length: copies - 1 }, () => this.keep(delivery));
      this.pending.set(delivery.id, { ...delivery, isHeld: false });
      return [delivery, ...more];
    });
    const sorted = order === 'reversed' ? all.toReversed() : order === 'shuffled' ? shuffled(all, randomFrom(seed)) : all;
    for (const { id } of sorted) this.waiting.push(id);
    this.startWaiting();
    return sorted.length;
  }

  /** Signs with a new secret from now on, and with the old one as well for a while. @returns the new one */
  rollSecret(target: string, overlapSeconds: number): string {
    const given = target === 'settings' ? this.settings.webhookSecret : this.state.endpoints.find(target)?.object.secret;
    if (given === undefined) throw new Error(`There is no webhook endpoint ${target}.`);
    return this.secrets.roll(target, given, this.seconds() + overlapSeconds);
  }

  /** Resolves when nothing is under way or about to be, at most after the time given. */
  async delivered(withinMs = 5_000): Promise<void> {
    const until = Date.now() + withinMs;
    while (this.timers.size + this.waiting.length + this.running.size > 0 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  private keep(given: Pick<Delivery, 'eventId' | 'target' | 'isForged'>): Delivery {
    const isHeld = this.manners.get().isHeld;
    const { eventId, target, isForged } = given;
    const delivery = {
      id: newId('dlv'),
      eventId,
      target,
      attempts: 0,
      isForged,
      ...(isHeld && { isHeld }),
      since: this.seconds(),
    };
    this.pending.set(delivery.id, delivery);
    return delivery;
  }

  private targetsFor(owner: string, type: string): string[] {
    const targets = this.settings.webhookUrl ? ['settings'] : [];
    for (const { object: endpoint } of this.state.endpoints.all()) {
      const hears = endpoint.enabled_events.includes('*') || endpoint.enabled_events.includes(type);
      const isMeant = (endpoint.sandbox_connect ?? false) === (owner !== PLATFORM) && endpoint.status === 'enabled';
      if (hears && isMeant) targets.push(endpoint.id);
    }
    return targets;
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
    const event = delivery && this.state.events.shelf.find(delivery.eventId);
    const target = delivery && this.targetOf(delivery.target);
    // Without an address there is nobody to tell; it waits for a sandbox that is started with one.
    if (delivery?.target === 'settings' && !target) return;
    if (!delivery || !event || !target) return this.pending.delete(deliveryId);
    const isDelivered = await this.post(target, event.object, delivery.isForged);
    if (this.stopping.signal.aborted && !isDelivered) return;
    const attempts = delivery.attempts + 1;
    if (isDelivered || (attempts >= FEWEST_ATTEMPTS && this.seconds() - delivery.since > GIVES_UP_AFTER_SECONDS)) {
      return this.settings.store.atomically(() => this.finish(delivery, isDelivered));
    }
    this.pending.set(deliveryId, { ...delivery, attempts });
    this.schedule(deliveryId, Math.min(FIRST_PAUSE_MS * 2 ** delivery.attempts, LONGEST_PAUSE_MS));
  }

  private finish({ id, eventId }: Delivery, isDelivered: boolean): void {
    this.pending.delete(id);
    // Read again: other deliveries of the event may have ended meanwhile, or the sandbox may have been reset.
    const now = this.state.events.shelf.find(eventId);
    if (!now || !isDelivered) return;
    // A copy beyond those that were counted, as `release` makes them, leaves nothing to count down.
    const left = Math.max(0, now.object.pending_webhooks - 1);
    this.state.events.shelf.put(now.owner, { ...now.object, pending_webhooks: left });
  }

  private targetOf(target: string): Target | undefined {
    const { webhookUrl, webhookSecret } = this.settings;
    const given = target === 'settings' ? { url: webhookUrl, secret: webhookSecret } : this.state.endpoints.find(target)?.object;
    if (!given?.url) return undefined;
    return { url: given.url, secrets: this.secrets.of(target, given.secret, this.seconds()) };
  }

  private async post(target: Target, event: StripeEvent, isForged: boolean): Promise<boolean> {
    const body = JSON.stringify(event);
    const secrets = isForged ? target.secrets.map((secret) => `${secret}-forged`) : target.secrets;
    try {
      const answer = await fetch(target.url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': sign(secrets, this.seconds(), body),
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
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

  private seconds(): number {
    return Math.floor(this.settings.clock.now().getTime() / 1000);
  }
}
