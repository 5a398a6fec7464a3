/** Settings of the app `metering`. */
import { z } from 'zod';
import { closeGraceHours, commonSettings, ConfigError, databaseUrl, loadConfig, refuseDemoSecrets } from '#platform/config.ts';

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

const regions = z
  .string()
  .transform((value) => value.split(',').map((region) => region.trim()))
  .refine((all) => all.every((region) => REGION.test(region)), 'must be AWS regions with commas between them');

const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );

const hours = (usual: number) => z.coerce.number().int().min(1).max(720).default(usual);
/** AWS publishes these per account; ResolveCustomer's it does not. */
const perSecond = (usual: number, operation: string) =>
  z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .default(usual)
    .describe(`calls of ${operation} per second and access key; 0 for no limit`);

export const throttleSettings = {
  THROTTLE_METER_USAGE: perSecond(10, 'MeterUsage'),
  THROTTLE_BATCH_METER_USAGE: perSecond(10, 'BatchMeterUsage'),
  THROTTLE_REGISTER_USAGE: perSecond(5, 'RegisterUsage'),
  THROTTLE_RESOLVE_CUSTOMER: perSecond(10, 'ResolveCustomer'),
  THROTTLE_GET_ENTITLEMENTS: perSecond(20, 'GetEntitlements'),
  THROTTLE_BURST_SECONDS: z.coerce
    .number()
    .min(1)
    .max(600)
    .default(2)
    .describe('seconds whose calls may come all at once after a pause'),
  METERING_COPIES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe('how many copies of metering run; each grants its share of the calls'),
};

export const meteringSettings = z.object({
  ...commonSettings,
  PORT: z.coerce.number().int().min(0).max(65535).default(4020).describe('port of metering'),
  METERING_REGIONS: regions
    .prefault('us-east-1,us-east-2,us-west-2,eu-west-1,eu-central-1')
    .describe('AWS regions, comma-separated, that requests on the metering wire may be signed for'),
  SIGNATURE_SKEW_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(900)
    .describe("how far a signer's clock may be from ours"),
  IDENTITY_CERTIFICATES_FILE: z
    .string()
    .optional()
    .describe("PEM file with the certificates that sign instance identity documents; AWS's own when not set"),
  IDENTITY_ROLES: list.describe(
    "names, comma-separated, of roles whose credentials prove a machine's identity; only roles that nobody but EC2 may assume. Empty: none",
  ),
  STS_URLS: list.describe("the STS that is asked who signed; empty: AWS's own, of each of METERING_REGIONS"),
  SERVER_ID: z
    .string()
    .regex(/^[\w.:-]{1,100}$/)
    .default('slipway')
    .describe('what machines sign to name this marketplace; one of your own, so that a proof shown elsewhere is no good here'),
  SESSION_HOURS: z.coerce.number().min(0.25).max(12).default(6).describe("how long a machine's credentials are good for"),
  RECEIPT_KEY: z
    .string()
    .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64 (openssl rand -base64 32)')
    .describe('32 bytes, base64; the Ed25519 seed that signs receipts of usage'),
  RECEIPT_PUBLIC_KEYS_FILE: z
    .string()
    .optional()
    .describe('PEM file with the public keys of earlier RECEIPT_KEYs, kept published so that their receipts can be verified'),
  METERING_DATABASE_URL: databaseUrl
    .optional()
    .describe("PostgreSQL of metering's own, when it is not the one of DATABASE_URL; connecting as the role metering"),
  METER_WINDOW_HOURS: hours(6).describe('whole hours back for which a machine may report usage; AWS takes 6'),
  BATCH_WINDOW_HOURS: hours(24).describe('whole hours back for which a vendor may report usage; 24, or 6 as AWS took for long'),
  CLOSE_GRACE_HOURS: closeGraceHours,
  UNSUBSCRIBE_GRACE_MINUTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(1440)
    .default(60)
    .describe('how long after its end a subscription still takes usage of before'),
  ...throttleSettings,
  HEARTBEAT_SILENT_HOURS: hours(2).describe('whole hours without a report or heartbeat after which a machine counts as silent'),
  FACTS_SECONDS: z.coerce
    .number()
    .min(0)
    .max(60)
    .default(5)
    .describe('how long products, prices, subscriptions and machines are remembered'),
  USAGE_DAYS: z.coerce
    .number()
    .int()
    .min(62)
    .max(3660)
    .default(400)
    .describe('days that usage records stay at hand; older ones are archived'),
  FUTURE_SKEW_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3600)
    .default(300)
    .describe('how far ahead of our clock the time of reported usage may be'),
});

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the class is only the name to inject by
export class MeteringConfig {}
export interface MeteringConfig extends z.output<typeof meteringSettings> {}

/** @throws ConfigError with every problem at once. */
export function loadMeteringConfig(env: NodeJS.ProcessEnv): MeteringConfig {
  const config = loadConfig(meteringSettings, env);
  // Without certificates of one's own these are machines of AWS's.
  const identities = config.IDENTITY_CERTIFICATES_FILE ? 'http://localhost' : undefined;
  const problems = refuseDemoSecrets([identities], {
    SECRETS_KEY: config.SECRETS_KEY,
    CALLER_SECRET: config.CALLER_SECRET,
    RECEIPT_KEY: config.RECEIPT_KEY,
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
