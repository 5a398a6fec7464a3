/** Settings of the app `launcher`. */
import { z } from 'zod';
import { RISKY_PORTS } from '#domain/boot-test.ts';
import { commonSettings, ConfigError, isLocal, loadConfig, refuseDemoSecrets, meteringPublicUrl } from '#platform/config.ts';

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

const regions = z
  .string()
  .transform((value) => value.split(',').map((region) => region.trim()))
  .refine((all) => all.every((region) => REGION.test(region)), 'must be AWS regions with commas between them');

const IPV4_CIDR = z.cidrv4({ error: 'must be IPv4 CIDR blocks such as 203.0.113.7/32 with commas between them' });

/** `none`, or items with commas between them. */
const listOf = <T>(item: z.ZodType<T>): z.ZodType<T[], string> =>
  z
    .string()
    .transform((value): unknown[] => (value.trim() === 'none' ? [] : value.split(',').map((part) => part.trim())))
    .pipe(z.array(item));

const port = z.coerce.number().int().min(1).max(65_535);

export const launcherSettings = z.object({
  ...commonSettings,
  PORT: z.coerce.number().int().min(0).max(65535).default(4010).describe('port of launcher'),
  AWS_ENDPOINT_URL_EC2: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('EC2, or the sandbox; AWS itself when not set'),
  AWS_ENDPOINT_URL_STS: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("STS, or the sandbox, for the roles of buyers' accounts; where AWS_ENDPOINT_URL_EC2 leads when not set"),
  AWS_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe("access key of the platform's AWS account; without it the AWS SDK looks where it usually does"),
  AWS_SECRET_ACCESS_KEY: z.string().optional().describe('its secret'),
  AWS_SESSION_TOKEN: z.string().optional().describe('its session token, for temporary keys'),
  LAUNCH_REGIONS: regions
    .prefault('us-east-1,us-east-2,us-west-2,eu-west-1,eu-central-1')
    .describe('AWS regions, comma-separated, where images are copied to and machines may run'),
  BOOT_TEST_INSTANCE_TYPE: z.string().default('t3.micro').describe('instance type of boot tests of x86_64 images'),
  BOOT_TEST_INSTANCE_TYPE_ARM64: z.string().default('t4g.micro').describe('instance type of boot tests of arm64 images'),
  BOOT_TEST_SECONDS: z.coerce
    .number()
    .min(1)
    .max(3600)
    .default(300)
    .describe('how long an image may take until its health check answers'),
  BOOT_TEST_FROM: listOf(IPV4_CIDR)
    .optional()
    .describe(
      'CIDR blocks, comma-separated, that the launcher calls machines from: the only ones let in to a boot test. EC2 itself needs it; at a sandbox it is 127.0.0.0/8',
    ),
  BOOT_TEST_SSH_PORT: port.optional().describe('where a boot test looks for SSH; 22, at a sandbox 4140'),
  BOOT_TEST_SSH_SECONDS: z.coerce
    .number()
    .min(0)
    .max(600)
    .optional()
    .describe(
      'how long after its health check SSH may take to come up, before a boot test takes it for closed; 30, at a sandbox 0',
    ),
  BOOT_TEST_PORTS: listOf(port)
    .prefault(Object.keys(RISKY_PORTS).join(','))
    .describe('TCP ports, comma-separated, that fail a boot test when they answer without being declared; or none'),
  RESCAN_DAYS: z.coerce.number().min(1).max(365).default(7).describe('days after which an image that is sold is looked at again'),
  BOOT_RESCAN_DAYS: z.coerce.number().min(1).max(3650).default(28).describe('days after which that look boots it again'),
  HEALTH_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(50)
    .max(30_000)
    .default(3_000)
    .describe("how long one health check waits for the appliance's answer"),
  ZONE_PATIENCE_SECONDS: z.coerce
    .number()
    .min(0)
    .max(86_400)
    .default(300)
    .describe('how long a zone may be down until a machine that was lost there is restored in another, from snapshots'),
  VOLUME_KMS_KEY_ID: z
    .string()
    .optional()
    .describe(
      "KMS key that encrypts data volumes in the platform's AWS account; one of the platform's own, since under AWS's default key they could not be handed to their buyers",
    ),
  OBSERVE_SECONDS: z.coerce.number().min(1).max(3600).default(30).describe('how often a machine that runs is looked at'),
  CONNECTION_CHECK_HOURS: z.coerce
    .number()
    .min(0.1)
    .max(720)
    .default(24)
    .describe("how often a buyer's connection that works is tried again; one that fails is tried every hour"),
  IMAGE_SHARE_CHECK_HOURS: z.coerce
    .number()
    .min(0.1)
    .max(720)
    .default(24)
    .describe('how often EC2 is asked whether an image is still shared with whom it should be, and with nobody else'),
  FLEET_SECONDS: z.coerce.number().min(1).max(60).default(15).describe("how often a fleet's machines are asked for their load"),
  STRAYS: z
    .enum(['report', 'end'])
    .default('end')
    .describe('end: machines that we made and that nobody wants any more are terminated; report: they are only told of'),
  STRAY_SWEEP_MINUTES: z.coerce
    .number()
    .min(1)
    .max(1440)
    .default(15)
    .describe('how often the machines of an account in a region are looked through for strays'),
  STRAY_GRACE_MINUTES: z.coerce
    .number()
    .min(0)
    .max(1440)
    .default(10)
    .describe('how long a machine may be left over until it is a stray'),
  METERING_PUBLIC_URL: meteringPublicUrl,
});

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the class is only the name to inject by
export class LauncherConfig {}
export interface LauncherConfig extends z.output<typeof launcherSettings> {
  BOOT_TEST_FROM: string[];
  BOOT_TEST_SSH_PORT: number;
  BOOT_TEST_SSH_SECONDS: number;
}

/** @throws ConfigError with every problem at once. */
export function loadLauncherConfig(env: NodeJS.ProcessEnv): LauncherConfig {
  const given = loadConfig(launcherSettings, env);
  const isSandbox = isLocal(given.AWS_ENDPOINT_URL_EC2);
  const config = {
    ...given,
    BOOT_TEST_FROM: given.BOOT_TEST_FROM ?? (isSandbox ? ['127.0.0.0/8'] : []),
    BOOT_TEST_SSH_PORT: given.BOOT_TEST_SSH_PORT ?? (isSandbox ? 4140 : 22),
    BOOT_TEST_SSH_SECONDS: given.BOOT_TEST_SSH_SECONDS ?? (isSandbox ? 0 : 30),
  };
  const problems = refuseDemoSecrets([config.AWS_ENDPOINT_URL_EC2, config.AWS_ENDPOINT_URL_STS ?? config.AWS_ENDPOINT_URL_EC2], {
    AWS_SECRET_ACCESS_KEY: config.AWS_SECRET_ACCESS_KEY,
    CALLER_SECRET: config.CALLER_SECRET,
    SECRETS_KEY: config.SECRETS_KEY,
  });
  if ((config.AWS_ACCESS_KEY_ID === undefined) !== (config.AWS_SECRET_ACCESS_KEY === undefined)) {
    problems.push('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together: set both or neither');
  }
  if (config.BOOT_TEST_FROM.length === 0) {
    problems.push(
      'BOOT_TEST_FROM is missing: the addresses that this launcher calls machines from, such as 203.0.113.7/32; a machine that nobody has tested yet must not be open to everybody',
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
