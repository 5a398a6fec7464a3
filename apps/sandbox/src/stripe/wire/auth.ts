/** Who calls, by secret key, and for which account. Keys live in the store's table `stripe.key`; one is there from the start. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Table } from '../../store.ts';
import { invalid, StripeRefusal } from './errors.ts';
import { PLATFORM } from '../kept/shelf.ts';
import type { StripeState } from '../state.ts';

export const DEFAULT_KEY = 'sk_test_slipway_sandbox';

export class Auth {
  private readonly keys: Table<{ key: string }>;

  constructor(private readonly state: StripeState) {
    this.keys = state.store.table('stripe.key');
    if (this.keys.values().length === 0) this.keys.set(DEFAULT_KEY, { key: DEFAULT_KEY });
  }

  /** @throws StripeRefusal 401 for a key that is not listed, 403 for an account that is not the platform's. */
  ownerOf(headers: IncomingHttpHeaders): string {
    const key = keyIn(headers.authorization);
    if (!key)
      throw unauthorized('You did not provide an API key: send it as the header "Authorization: Bearer YOUR_SECRET_KEY".');
    if (!/^(sk|rk)_test_/.test(key) || !this.keys.get(key)) throw unauthorized(`Invalid API Key provided: ${masked(key)}`);
    const account = headers['stripe-account'] ?? headers['stripe-context'];
    if (typeof account !== 'string' || account === PLATFORM) return PLATFORM;
    if (this.state.accounts.find(account)) return account;
    const message = `The provided key '${masked(key)}' does not have access to account '${account}', or it does not exist.`;
    throw invalid(message, { code: 'account_invalid' }, 403);
  }
}

/** Bearer, or Basic with the key as its user name, which `curl -u` sends. */
function keyIn(authorization: string | undefined): string | undefined {
  const [scheme, value] = authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() === 'basic' && value) return Buffer.from(value, 'base64').toString().split(':')[0];
  return undefined;
}

const unauthorized = (message: string): StripeRefusal => new StripeRefusal(401, 'invalid_request_error', message);

const masked = (key: string): string => `${key.slice(0, 8)}${'*'.repeat(Math.max(0, key.length - 12))}${key.slice(-4)}`;
