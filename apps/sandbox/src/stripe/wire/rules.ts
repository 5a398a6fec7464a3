/** The kinds of parameters in Stripe's forms. A form has only texts: each rule reads one and refuses with Stripe's code. */
import { z } from 'zod';

/** What a rule is on the wire, where its Zod type does not show it; a spec compares this with what Stripe publishes. */
export const wireKinds = z.registry<{ kind?: 'number' | 'flag'; isEmptyable?: boolean }>();

/** A refinement's message is Stripe's code and its sentence, split here and put together in form.ts. */
export const refuse = (code: string, sentence: string): string => `${code}|${sentence}`;

export const text = z.string().min(1, 'parameter_invalid_empty').max(5000);

/** A rule whose parameter the empty string unsets; read as null. */
export function emptyable<T extends z.ZodType>(rule: T) {
  const made = z.preprocess((value) => (value === '' ? null : value), rule.nullable());
  wireKinds.add(made, { isEmptyable: true });
  return made;
}

export const emptyableText = emptyable(text);

export const integer = z
  .string()
  .min(1, 'parameter_invalid_empty')
  .regex(/^-?\d{1,15}$/, 'parameter_invalid_integer')
  .transform(Number)
  .register(wireKinds, { kind: 'number' });

const atLeast = (least: number) => refuse('parameter_invalid_integer', `This value must be greater than or equal to ${least}.`);

/** Minor units of money that moves: one or more, at most eight digits. */
export const amount = integer
  .refine((value) => value >= 1, atLeast(1))
  .refine((value) => value <= 99_999_999, {
    message: refuse('amount_too_large', 'Amount must be no more than 99999999 minor units.'),
  });

/** A count, or money that may be nothing. */
export const natural = integer.refine((value) => value >= 0, atLeast(0));

export const flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .register(wireKinds, { kind: 'flag' });

const CURRENCIES = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

/** ISO 4217 in lower case, as Stripe shows it. */
export const currency = z
  .string()
  .min(1, 'parameter_invalid_empty')
  .transform((value) => value.toLowerCase())
  .refine((value) => CURRENCIES.has(value), refuse('', 'Invalid currency.'));

export const email = text.regex(/^[^\s@]+@[^\s@]+$/, refuse('email_invalid', 'Invalid email address.'));

export const url = text.regex(/^https?:\/\/\S+$/, refuse('url_invalid', 'Not a valid URL.'));

/** ISO 3166, two letters. */
export const country = text.regex(/^[A-Za-z]{2}$/, refuse('country_unsupported', 'A country is given by its two letters.'));

/** At most 50 keys of 40 characters without brackets, values of 500. */
export const metadata = z
  .record(
    z
      .string()
      .max(40, refuse('', 'Metadata keys can have up to 40 characters.'))
      .regex(/^[^[\]]*$/, refuse('', 'Metadata keys have no square brackets.')),
    z.string().max(500, refuse('', 'Metadata values can have up to 500 characters.')),
  )
  .refine((value) => Object.keys(value).length <= MOST_KEYS, refuse('', 'Metadata can have up to 50 keys.'));

/** As above, and the empty string clears the whole of it. */
export const clearableMetadata = emptyable(metadata);

export const MOST_KEYS = 50;

const line = text.max(500);

const addressLines = {
  city: line.optional(),
  country: country.optional(),
  line1: line.optional(),
  line2: line.optional(),
  postal_code: line.optional(),
  state: line.optional(),
};

export const address = z.strictObject(addressLines);

export const shipping = z.strictObject({ address, name: text, phone: text.optional() });

export const parcel = shipping.extend({ carrier: text.optional(), tracking_number: text.optional() });

/** Unix seconds, or a range of them. */
export const instants = z.union([
  integer,
  z.strictObject({ gt: integer.optional(), gte: integer.optional(), lt: integer.optional(), lte: integer.optional() }),
]);

/** What every list takes. */
export const pages = {
  limit: integer
    .refine((value) => value >= 1 && value <= 100, refuse('parameter_invalid_integer', 'This value must be from 1 to 100.'))
    .optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
};

/** What most lists take. */
export const paging = { ...pages, created: instants.optional() };

/** A choice of Stripe's of which the sandbox imitates some; the others are answered as not implemented, not as wrong. */
export const known = <const T extends string, const O extends string>(imitated: T[], others: O[]) =>
  z
    .enum([...imitated, ...others])
    .refine((value) => (imitated as string[]).includes(value), {
      error: (issue) => refuse('sandbox_not_implemented', `the value ${String(issue.input)}`),
    })
    .transform((value) => value as T);
