/** The kinds of parameters in Stripe's forms. A form has only strings: each rule reads one and refuses with Stripe's code. */
import { z } from 'zod';

/** A refinement's message is Stripe's code and its sentence, split here and put together in form.ts. */
export const refuse = (code: string, sentence: string): string => `${code}|${sentence}`;

export const text = z.string().min(1, 'parameter_invalid_empty').max(5000);

/** Text that the empty string unsets; read as null. */
export const emptyable = z.preprocess((value) => (value === '' ? null : value), text.nullable());

export const integer = z
  .string()
  .min(1, 'parameter_invalid_empty')
  .regex(/^-?\d{1,15}$/, 'parameter_invalid_integer')
  .transform(Number);

const atLeast = (least: number) => refuse('parameter_invalid_integer', `This value must be greater than or equal to ${least}.`);

/** Minor units of money that moves: one or more, at most eight digits. */
export const amount = integer
  .refine((value) => value >= 1, atLeast(1))
  .refine((value) => value <= 99_999_999, {
    message: refuse('amount_too_large', 'Amount must be no more than 99999999 minor units.'),
  });

export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const CURRENCIES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

/** ISO 4217 in lower case, as Stripe shows it. */
export const currency = z
  .string()
  .min(1, 'parameter_invalid_empty')
  .transform((value) => value.toLowerCase())
  .refine((value) => CURRENCIES.has(value), refuse('', 'Invalid currency.'));

export const email = text.regex(/^\S+@\S+$/, refuse('email_invalid', 'Invalid email address.'));

/** At most 50 keys of 40 characters, values of 500; null when the whole of it is to be cleared. */
export const metadata = z.preprocess(
  (value) => (value === '' ? null : value),
  z
    .record(
      z.string().max(40, refuse('', 'Metadata keys can have up to 40 characters.')),
      z.string().max(500, refuse('', 'Metadata values can have up to 500 characters.')),
    )
    .refine((value) => Object.keys(value).length <= 50, refuse('', 'Metadata can have up to 50 keys.'))
    .nullable(),
);

/** A hash whose inside the sandbox keeps and shows but does not judge: addresses, profiles. */
export const hash = z.record(z.string(), z.unknown());

const bounds = { gt: integer.optional(), gte: integer.optional(), lt: integer.optional(), lte: integer.optional() };

/** What every list takes. */
export const paging = {
  created: z.union([integer, z.strictObject(bounds)]).optional(),
  limit: integer.refine((value) => value >= 1 && value <= 100, atLeast(1).replace('.', ' and at most 100.')).optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
};

/** Metadata after an update: given keys replace, an empty value removes its key, null removes all. */
export function mergeMetadata(
  before: Record<string, string>,
  change: Record<string, string> | null | undefined,
): Record<string, string> {
  if (change === undefined) return before;
  if (change === null) return {};
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ''));
}
