/** Stripe's signature of a webhook (docs.stripe.com/webhooks/signature), and the secrets an endpoint has while one is exchanged. */
import { createHmac } from 'node:crypto';
import type { Store, Table } from '../../store.ts';
import { randomText } from '../wire/ids.ts';

/** @param secrets the message is signed under each of them. */
export function sign(secrets: string[], seconds: number, payload: string): string {
  const digest = (secret: string) => createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex');
  return [`t=${seconds}`, ...secrets.map((secret) => `v1=${digest(secret)}`)].join(',');
}

interface Rolled {
  secret: string;
  old: string;
  /** Epoch seconds up to which the old one is signed with as well. */
  oldUntil: number;
}

/** Secrets that were exchanged for others, as the Dashboard does it: both are good for a while. */
export class Secrets {
  private readonly rolled: Table<Rolled>;

  constructor(store: Store) {
    this.rolled = store.table('stripe.rolled_secret');
  }

  /** @param given the secret the endpoint began with. @returns those that are good now, the newest first. */
  of(target: string, given: string, now: number): string[] {
    const rolled = this.rolled.get(target);
    if (!rolled) return [given];
    return rolled.oldUntil > now ? [rolled.secret, rolled.old] : [rolled.secret];
  }

  /** @returns the new secret. */
  roll(target: string, given: string, oldUntil: number): string {
    const secret = `whsec_${randomText(32)}`;
    this.rolled.set(target, { secret, old: this.rolled.get(target)?.secret ?? given, oldUntil });
    return secret;
  }
}
