/** Addresses and who is billed, with every line there, as Stripe shows them. */
import { z } from 'zod';
import { address, emptyable, emptyableText, text } from '../wire/rules.ts';
import type { Address, BillingDetails } from './types.ts';

export const billingDetails = z.strictObject({
  address: emptyable(address).optional(),
  email: emptyableText.optional(),
  name: emptyableText.optional(),
  phone: emptyableText.optional(),
  tax_id: text.optional(),
});

export const NO_ADDRESS: Address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

export const addressOf = (lines: Partial<Address>): Address => ({ ...NO_ADDRESS, ...lines });

export const NO_BILLING: BillingDetails = { address: NO_ADDRESS, email: null, name: null, phone: null, tax_id: null };

/** The details with what was given set, and what was given as empty unset. */
export function billingWith(before: BillingDetails, given: z.output<typeof billingDetails> = {}): BillingDetails {
  const { address: lines, ...others } = given;
  const address = lines === undefined ? before.address : lines === null ? NO_ADDRESS : { ...before.address, ...lines };
  return { ...before, ...others, address };
}
