/** Settings of the app `billing`. */
import { z } from 'zod';
import { closeGraceHours, commonSettings, ConfigError, databaseUrl, loadConfig, refuseDemoSecrets } from '#platform/config.ts';

const list = z
  .string()
  .min(1)
  .transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );

/** Whole numbers of days, rising. */
const days = z
  .string()
  .regex(/^\d{1,4}(,\d{1,4})*$/, 'must be whole numbers of days with commas between them')
  .transform((value) => value.split(',').map(Number))
  .refine((value) => value.every((day, index) => day > (value[index - 1] ?? 0)), 'must rise, from 1');

const SANDBOX_KEY = 'sk_test_slipway_sandbox';

export const billingSettings = z.object({
  ...commonSettings,
  PORT: z.coerce.number().int().min(0).max(65_535).default(4030).describe('port of billing'),
  STRIPE_API_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_/, 'must be a Stripe secret or restricted key')
    .describe('key of your Stripe account'),
  STRIPE_API_BASE: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("where Stripe's API is; unset: Stripe itself"),
  STRIPE_WEBHOOK_SECRET: list.describe('what Stripe signs webhooks with; several, comma-separated, while one is being replaced'),
  STRIPE_CONNECT_WEBHOOK_SECRET: list
    .optional()
    .describe("the same for the endpoint that hears of vendors' accounts, where that is another one"),
  STRIPE_TIMEOUT_SECONDS: z.coerce.number().min(1).max(80).default(20).describe('how long to wait for an answer of Stripe'),
  STRIPE_REQUESTS_PER_SECOND: z.coerce
    .number()
    .min(1)
    .max(10_000)
    .default(20)
    .describe('how often a process asks an endpoint of Stripe; its limit is 25 for all processes together'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://localhost:4000')
    .transform((value) => value.replace(/\/+$/, ''))
    .describe('the portal as browsers reach it; vendors come back there from Stripe'),
  FEE_BASIS_POINTS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(2_000)
    .describe("the platform's fee on each invoice line; 2000 is 20 %"),
  ISSUER: z
    .string()
    .trim()
    .min(1)
    .max(1000)
    .default('Slipway')
    .transform((value) => value.split('|').map((line) => line.trim()))
    .describe('who sends the invoices: the name, then lines of the address, with | between them'),
  ISSUER_TAX_ID: z.string().trim().min(1).max(60).optional().describe("the sender's tax number, as printed on invoices"),
  CLOSE_GRACE_HOURS: closeGraceHours,
  LATE_DAYS: z.coerce
    .number()
    .int()
    .min(31)
    .max(3660)
    .default(400)
    .describe(
      "days back in which usage that is found or corrected later is still charged; metering's USAGE_DAYS is how long it can be",
    ),
  CLOSE_REVIEW_PERCENT: z.coerce
    .number()
    .int()
    .min(10)
    .max(100_000)
    .default(200)
    .describe(
      'how far from the median of the months before a total waits for the operator: 200 is above three times, or below a third',
    ),
  CLOSE_REVIEW_LEAST: z.coerce
    .bigint()
    .min(0n)
    .max(1_000_000_000n)
    .default(100n)
    .describe('the least difference that makes it wait, in major units'),
  CLOSE_REVIEW_ABOVE: z.coerce
    .bigint()
    .min(1n)
    .max(1_000_000_000_000n)
    .optional()
    .describe('in major units; a total above it waits for the operator in any case; unset: none does'),
  METERING_DATABASE_URL: databaseUrl
    .optional()
    .describe("metering's database, when it is not the one of DATABASE_URL; connecting as the role billing"),
  HOLD_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(180)
    .default(0)
    .describe("days between a buyer's payment and the release of the vendor's share"),
  DUNNING_RETRY_DAYS: days
    .default([3, 7, 14, 21, 28])
    .describe('days after a failed collection on which it is tried again; a newer card is charged at once'),
  DUNNING_SUSPEND_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3660)
    .default(14)
    .describe("days after a failed collection until the buyer's machines are stopped; they start again when it has paid"),
  DUNNING_END_DAYS: z.coerce
    .number()
    .int()
    .min(2)
    .max(3660)
    .default(60)
    .describe("days after a failed collection until the buyer's subscriptions end"),
  PAYOUT_MINIMUM_MINOR: z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number of minor units')
    .default('100')
    .describe('the least that is paid out at once, in minor units'),
  PAYOUT_APPROVAL_ABOVE: z.coerce
    .bigint()
    .min(0n)
    .max(1_000_000_000_000n)
    .optional()
    .describe('in major units; a payout above it is sent when two people of the operator agree to it; unset: none waits'),
});

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the class is only the name to inject by
export class BillingConfig {}
export interface BillingConfig extends z.output<typeof billingSettings> {}

/** @throws ConfigError with every problem at once. */
export function loadBillingConfig(env: NodeJS.ProcessEnv): BillingConfig {
  const config = loadConfig(billingSettings, env);
  const problems = refuseDemoSecrets([config.STRIPE_API_BASE], {
    SECRETS_KEY: config.SECRETS_KEY,
    CALLER_SECRET: config.CALLER_SECRET,
    STRIPE_WEBHOOK_SECRET: config.STRIPE_WEBHOOK_SECRET.join(','),
    STRIPE_CONNECT_WEBHOOK_SECRET: config.STRIPE_CONNECT_WEBHOOK_SECRET?.join(','),
  });
  if (!config.STRIPE_API_BASE && config.STRIPE_API_KEY === SANDBOX_KEY)
    problems.push("STRIPE_API_KEY is the sandbox's, and STRIPE_API_BASE is not set: Stripe itself does not know it");
  if (config.DUNNING_END_DAYS <= config.DUNNING_SUSPEND_DAYS)
    problems.push('DUNNING_END_DAYS must be after DUNNING_SUSPEND_DAYS: who is suspended is left time to pay');
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
