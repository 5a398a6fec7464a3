/** Stripe's refusals: the error object, the HTTP status that goes with it, and how a requested fault becomes one. */
import type { Fault } from '../../faults.ts';

export type ErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';

export interface ErrorDetail {
  code?: string;
  param?: string;
  decline_code?: string;
  advice_code?: string;
  charge?: string;
  payment_intent?: object;
  setup_intent?: object;
  payment_method?: object;
}

export class StripeRefusal extends Error {
  /** What was done before the refusal stays done, as a declined payment leaves its intent and its failed charge. */
  keepsWork = false;
  readonly headers: Record<string, string> = {};

  constructor(
    readonly httpStatus: number,
    readonly type: ErrorType,
    message: string,
    readonly detail: ErrorDetail = {},
  ) {
    super(message);
  }

  /** The body as it goes over the wire. */
  body(): { error: Record<string, unknown> } {
    const docs = this.detail.code && { doc_url: `https://docs.stripe.com/error-codes#${this.detail.code.replaceAll('_', '-')}` };
    return { error: { ...this.detail, ...docs, message: this.message, type: this.type } };
  }

  /** Whether Stripe stores this answer under the Idempotency-Key: only when the work had begun. */
  get isStored(): boolean {
    if ([401, 403, 409, 429, 501].includes(this.httpStatus)) return false;
    return !this.detail.code || !BEFORE_EXECUTION.has(this.detail.code);
  }

  /** The same refusal, whose call has left something behind. */
  afterWork(): this {
    this.keepsWork = true;
    return this;
  }
}

/** Codes of requests that Stripe refuses for their shape, before it executes anything. */
const BEFORE_EXECUTION = new Set([
  'parameter_unknown',
  'parameter_missing',
  'parameter_invalid_empty',
  'parameter_invalid_integer',
  'parameter_invalid_string_blank',
  'amount_too_small',
  'amount_too_large',
  'parameters_exclusive',
  'payment_method_types_no_longer_supported',
]);

/** A request that breaks a rule. 400, unless the caller knows better. */
export const invalid = (message: string, detail: ErrorDetail = {}, httpStatus = 400): StripeRefusal =>
  new StripeRefusal(httpStatus, 'invalid_request_error', message, detail);

/** An id nobody knows: 404 when it is the address (`param` 'id'), 400 when a parameter names it. */
export const noSuch = (noun: string, id: string, param?: string): StripeRefusal =>
  invalid(`No such ${noun}: '${id}'`, { code: 'resource_missing', param: param ?? 'id' }, param ? 400 : 404);

export const missing = (param: string): StripeRefusal =>
  invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });

export const balanceInsufficient = (message: string): StripeRefusal => invalid(message, { code: 'balance_insufficient' });

/** A method that leaves the page needs a way back; Stripe asks for it unless redirects are excluded. */
export const returnUrlMissing = (): StripeRefusal =>
  invalid(
    'To confirm with payment methods that may redirect, give a return_url, or set automatic_payment_methods[allow_redirects] ' +
      'to never, or narrow the allowed_payment_method_types.',
    { param: 'return_url' },
  );

/** What Stripe can do and this sandbox cannot: loud, so that nobody takes silence for Stripe's consent. */
export const notImitated = (what: string, param?: string): StripeRefusal =>
  new StripeRefusal(501, 'api_error', `The sandbox does not know ${what}.`, {
    code: 'sandbox_not_implemented',
    ...(param && { param }),
  });

/** A real rate limit: nothing was begun, nothing is stored, and the SDK is told not to repeat it at once. */
export function rateLimited(reason: 'endpoint-rate' | 'global-rate'): StripeRefusal {
  const refusal = invalid('Request rate limit exceeded. Back off and try again later.', { code: 'rate_limit' }, 429);
  refusal.headers['stripe-rate-limited-reason'] = reason;
  refusal.headers['stripe-should-retry'] = 'false';
  return refusal;
}

/** What the sandbox answers when it was told to fail with this fault. */
export function refusalOf(fault: Fault): StripeRefusal {
  if (fault.code === 'rate_limit' && !fault.message && !fault.httpStatus) return rateLimited('endpoint-rate');
  const known = FAULTS[fault.code];
  const status = fault.httpStatus ?? known?.[0] ?? 400;
  const decline = status === 402 && { decline_code: fault.code === 'card_declined' ? 'generic_decline' : fault.code };
  const message = fault.message ?? `The sandbox was told to refuse this call with ${fault.code}.`;
  const refusal = new StripeRefusal(status, known?.[1] ?? typeOf(status), message, { code: fault.code, ...decline });
  // Another call holds the object: the same again in a moment goes through.
  if (fault.code === 'lock_timeout') refusal.headers['stripe-should-retry'] = 'true';
  return refusal;
}

/** Faults that do not answer 400 invalid_request_error. */
const FAULTS: Record<string, [httpStatus: number, type: ErrorType]> = {
  rate_limit: [429, 'invalid_request_error'],
  lock_timeout: [429, 'invalid_request_error'],
  idempotency_key_in_use: [409, 'idempotency_error'],
  api_error: [500, 'api_error'],
  account_invalid: [403, 'invalid_request_error'],
  card_declined: [402, 'card_error'],
  insufficient_funds: [402, 'card_error'],
  lost_card: [402, 'card_error'],
  stolen_card: [402, 'card_error'],
  expired_card: [402, 'card_error'],
  processing_error: [402, 'card_error'],
  authentication_required: [402, 'card_error'],
};

const typeOf = (status: number): ErrorType =>
  status >= 500 ? 'api_error' : status === 402 ? 'card_error' : 'invalid_request_error';
