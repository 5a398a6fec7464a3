/** The version of Stripe's API that the sandbox imitates, and what it says to callers who ask for another. */
import { invalid, notImitated } from './errors.ts';

/** The one the installed SDK asks for. */
export const API_VERSION = '2026-10-28.endive';

/**
 * @returns the version the call is answered in
 * @throws StripeRefusal 400 for what is no version, 501 for one of Stripe's others: its shapes and rules would be different.
 */
export function versionFor(asked: string | undefined): string {
  if (asked === undefined || asked === API_VERSION) return API_VERSION;
  if (/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(asked)) throw notImitated(`the API version ${asked}, only ${API_VERSION}`);
  throw invalid(`Invalid Stripe API version: ${asked}`);
}
