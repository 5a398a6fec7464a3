/** Mandates: that the holder of a bank account agreed to be debited. Without one no bank debit is made. */
import type { z } from 'zod';
import type { StripeState } from '../state.ts';
import { newId } from '../wire/ids.ts';
import { type Route, route } from '../wire/route.ts';
import { randomText } from '../wire/ids.ts';
import { instrumentOf } from './payment-methods.ts';
import { isDebit } from './instruments.ts';
import type { mandateData } from './method-types.ts';
import type { StripeMandate, StripePaymentMethod } from './types.ts';

export type MandateData = z.output<typeof mandateData>;

export function mandateRoutes(state: StripeState): Route[] {
  return [route('GET /v1/mandates/:id', {}, (_params, { owner, id }) => state.mandates.get(owner, id))];
}

export const needsMandate = (method: StripePaymentMethod): boolean => isDebit(instrumentOf(method));

/** @param single the payment it is good for; without it, it is good for every later one. */
export function makeMandate(
  state: StripeState,
  owner: string,
  method: StripePaymentMethod,
  { customer_acceptance: given }: NonNullable<MandateData>,
  single?: { amount: number; currency: string },
): StripeMandate {
  const { accepted_at, offline: _, online, type } = given;
  return state.mandates.put(owner, {
    id: newId('mandate'),
    object: 'mandate',
    customer_acceptance: {
      accepted_at: accepted_at ?? state.now(),
      ...(type === 'offline' ? { offline: {} } : { online: online ?? { ip_address: null, user_agent: null } }),
      type,
    },
    livemode: false,
    ...(single ? { single_use: single } : { multi_use: {} }),
    payment_method: method.id,
    payment_method_details: { [method.type]: detailsOf(method), type: method.type },
    status: 'active',
    type: single ? 'single_use' : 'multi_use',
  });
}

/** The mandate under which a payment method may be debited again. */
export function standingMandate(state: StripeState, owner: string, method: StripePaymentMethod): StripeMandate | undefined {
  for (const mandate of state.mandates.of(owner, { payment_method: method.id })) {
    if (mandate.type === 'multi_use' && mandate.status === 'active') return mandate;
  }
  return undefined;
}

/** The account holder disputed a debit: Stripe takes no further one under what was agreed. */
export function revokeMandates(state: StripeState, owner: string, methodId: string): void {
  for (const mandate of state.mandates.of(owner, { payment_method: methodId })) {
    if (mandate.status !== 'active') continue;
    const revoked = state.mandates.put(owner, { ...mandate, status: 'inactive' });
    state.emit(owner, 'mandate.updated', revoked, { status: mandate.status });
  }
}

const detailsOf = ({ type }: StripePaymentMethod): Record<string, unknown> =>
  type === 'sepa_debit' ? { reference: randomText(16).toUpperCase(), url: '' } : { collection_method: 'paper' };
