/** Who calls, by secret key, and for which account. Keys live in the store's table `stripe.key`; one is there from the start. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Table } from '../../store.ts';
import { PLATFORM } from '../kept/shelf.ts';
import type { StripeState } from '../state.ts';
import { invalid, StripeRefusal } from './errors.ts';
import type { Route } from './route.ts';

export const DEFAULT_KEY = 'sk_test_slipway_sandbox';

export interface StripeKey {
  key: string;
  /** Of a restricted key, by resource: `customer`, `charge`, `payment_intent`. What is not named is not allowed. */
  permissions?: Record<string, 'read' | 'write'>;
}

export class Auth {
  private readonly keys: Table<StripeKey>;

  constructor(private readonly state: StripeState) {
    this.keys = state.store.table('stripe.key');
    if (!this.keys.first()) this.keys.set(DEFAULT_KEY, { key: DEFAULT_KEY });
  }

  /** @throws StripeRefusal 401 for a key that is not listed. */
  keyOf(headers: IncomingHttpHeaders): StripeKey {
    const key = keyIn(headers.authorization);
    if (!key)
      throw unauthorized('You did not provide an API key: send it as the header "Authorization: Bearer YOUR_SECRET_KEY".');
    const listed = /^(sk|rk)_test_/.test(key) ? this.keys.get(key) : undefined;
    if (!listed) throw unauthorized(`Invalid API Key provided: ${masked(key)}`);
    return listed;
  }

  /** @throws StripeRefusal 403 for an account that is not the platform's. */
  ownerOf({ key }: StripeKey, headers: IncomingHttpHeaders): string {
    const account = headers['stripe-account'] ?? headers['stripe-context'];
    if (typeof account !== 'string' || account === PLATFORM) return PLATFORM;
    if (this.state.accounts.find(account)) return account;
    const message = `The provided key '${masked(key)}' does not have access to account '${account}', or it does not exist.`;
    throw invalid(message, { code: 'account_invalid' }, 403);
  }
}

/** @throws StripeRefusal 403 when a restricted key has no permission for the route. */
export function demandPermission({ key, permissions }: StripeKey, route: Pick<Route, 'method' | 'path'>): void {
  if (key.startsWith('sk_')) return;
  const resource = resourceOf(route.path);
  const wanted = route.method === 'GET' ? 'read' : 'write';
  const granted = permissions?.[resource];
  if (granted === 'write' || granted === wanted) return;
  const message =
    `The provided key '${masked(key)}' does not have the required permissions for this endpoint. ` +
    `Having the 'rak_${resource}_${wanted}' permission would allow this request to continue.`;
  throw invalid(message, {}, 403);
}

/** `/v1/checkout/sessions/:id` is about `checkout_session`. */
export function resourceOf(path: string): string {
  const [, , first, second] = path.split('/');
  const name = first === 'checkout' || first === 'tax' ? `${first}_${second}` : first!;
  return RENAMED[name] ?? name.replace(/s$/, '');
}

const RENAMED: Record<string, string> = { refunds: 'charge', webhook_endpoints: 'webhook', balance: 'balance' };

/** Bearer, or Basic with the key as its user name, which `curl -u` sends. */
function keyIn(authorization: string | undefined): string | undefined {
  const [scheme, value] = authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() === 'basic' && value) return Buffer.from(value, 'base64').toString().split(':')[0];
  return undefined;
}

const unauthorized = (message: string): StripeRefusal => new StripeRefusal(401, 'invalid_request_error', message);

const masked = (key: string): string => `${key.slice(0, 8)}${'*'.repeat(Math.max(0, key.length - 12))}${key.slice(-4)}`;
