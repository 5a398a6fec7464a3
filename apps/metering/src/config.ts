/** Settings of the app `metering`. */
import { z } from 'zod';
import { commonSettings, ConfigError, loadConfig, refuseDemoSecrets } from '#platform/config.ts';

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

const regions = z
  .string()
  .transform((value) => value.split(',').map((region) => region.trim()))
  .refine((all) => all.every((region) => REGION.test(region)), 'must be AWS regions with commas between them');

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
  SESSION_HOURS: z.coerce.number().min(0.25).max(12).default(6).describe("how long a machine's credentials are good for"),
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
  const problems = refuseDemoSecrets([identities], { SECRETS_KEY: config.SECRETS_KEY, CALLER_SECRET: config.CALLER_SECRET });
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
