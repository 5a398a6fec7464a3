/** Which kinds of payment methods an intent takes: computed by Stripe, narrowed by the caller, never listed outright any more. */
import { z } from 'zod';
import { invalid, type StripeRefusal } from '../wire/errors.ts';
import { OFFERED_TYPES } from '../wire/published.gen.ts';
import { emptyable, flag, integer, known, refuse, text } from '../wire/rules.ts';
import type { MethodType, StripePaymentMethod } from './types.ts';

/** Kinds that Stripe has and the sandbox cannot charge may be named all the same: they are simply not offered. */
const offeredType = z.enum(OFFERED_TYPES);

export const methodTypeRules = {
  allowed_payment_method_types: z.array(offeredType).optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: flag, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
  excluded_payment_method_types: z.array(offeredType).optional(),
};

/** Gone since the version 2026-09-30.endive; Stripe says so by a code of its own. */
export const retiredMethodTypes = {
  payment_method_types: z
    .never(
      refuse(
        'payment_method_types_no_longer_supported',
        'payment_method_types is no longer a parameter; use allowed_payment_method_types.',
      ),
    )
    .optional(),
};

export const methodOptions = z.strictObject({
  card: z.strictObject({ request_three_d_secure: z.enum(['any', 'automatic', 'challenge']).optional() }).optional(),
  us_bank_account: z
    .strictObject({ verification_method: known(['automatic', 'instant'], ['microdeposits']).optional() })
    .optional(),
});

/** How the customer agreed to be debited. */
export const mandateData = emptyable(
  z.strictObject({
    customer_acceptance: z.strictObject({
      accepted_at: integer.optional(),
      offline: z.strictObject({}).optional(),
      online: z.strictObject({ ip_address: text, user_agent: text }).optional(),
      type: z.enum(['offline', 'online']),
    }),
  }),
);

export interface MethodTypes {
  allowed_payment_method_types: string[] | null;
  automatic_payment_methods: { allow_redirects: 'always' | 'never'; enabled: boolean } | null;
  excluded_payment_method_types: string[] | null;
  payment_method_types: string[];
}

interface Asked {
  allowed_payment_method_types?: string[];
  automatic_payment_methods?: { enabled: boolean; allow_redirects?: 'always' | 'never' };
  excluded_payment_method_types?: string[];
}

/** What this sandbox can charge, and in which currencies. */
const CURRENCIES: Record<MethodType, string[] | null> = { card: null, us_bank_account: ['usd'], sepa_debit: ['eur'] };

/**
 * @param currency of a payment; a setup has none
 * @throws StripeRefusal parameters_exclusive when more than one way of choosing is used.
 */
export function methodTypes(asked: Asked, currency?: string): MethodTypes {
  const { allowed_payment_method_types: allowed, automatic_payment_methods: automatic, excluded_payment_method_types } = asked;
  if (allowed && (automatic || excluded_payment_method_types)) {
    const message = 'allowed_payment_method_types excludes automatic_payment_methods and excluded_payment_method_types.';
    throw invalid(message, { code: 'parameters_exclusive', param: 'allowed_payment_method_types' });
  }
  const excluded = excluded_payment_method_types ?? [];
  const byStripe = { allow_redirects: automatic?.allow_redirects ?? 'always', enabled: automatic?.enabled ?? true };
  const offered = Object.entries(CURRENCIES)
    .filter(([, currencies]) => !currency || !currencies || currencies.includes(currency))
    .map(([type]) => type);
  return {
    allowed_payment_method_types: allowed ?? null,
    automatic_payment_methods: allowed ? null : byStripe,
    excluded_payment_method_types: excluded_payment_method_types ?? null,
    payment_method_types: offered.filter((type) => (allowed ? allowed.includes(type) : !excluded.includes(type))),
  };
}

/** Whether a confirmation could send the customer off the page, so that Stripe asks for the way back. */
export const canRedirect = ({ automatic_payment_methods: automatic }: MethodTypes): boolean =>
  automatic !== null && automatic.enabled && automatic.allow_redirects === 'always';

/** The refusal of a method whose kind the intent does not take; undefined when it does. */
export function incompatible(intent: MethodTypes, method: StripePaymentMethod, code: string): StripeRefusal | undefined {
  if (intent.payment_method_types.includes(method.type)) return undefined;
  const message = `The intent does not take a ${method.type}; it takes: ${intent.payment_method_types.join(', ')}.`;
  return invalid(message, { code, param: 'payment_method' });
}
