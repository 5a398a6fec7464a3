/**
 * Settings. Each app declares its own in a Zod object; everything wrong is listed at once, and the same declarations make
 * `.env.example`. A setting is read here and nowhere else.
 */
import { z } from 'zod';

export const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be postgres://role:password@host:port/database',
});

/** Metering stops taking usage of a month when billing begins to close it, so both have this setting. */
export const closeGraceHours = z.coerce
  .number()
  .min(0)
  .max(72)
  .default(6)
  .describe('hours after the end of a month in which its usage may still come in');

/** Launched machines find it in their user data, and so do those that are launched by a snippet. */
export const meteringPublicUrl = z
  .url({ protocol: /^https?$/ })
  .default('http://localhost:4020')
  .describe('metering, as the launched machines reach it; they find it in their user data');

/** The settings that every app has. Ports and the role's name differ, so each app adds its own. */
export const commonSettings = {
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production').describe('production unless said otherwise'),
  HOST: z.string().default('127.0.0.1').describe('address the app listens on'),
  LOG_LEVEL: z
    .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('how much is logged'),
  DATABASE_URL: databaseUrl.describe("PostgreSQL, connecting as this app's own role"),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10).describe('connections this process may hold'),
  DATABASE_WAIT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .default(30)
    .describe('how long to wait for the database at start'),
  SECRETS_KEY: z
    .string()
    .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64 (openssl rand -base64 32)')
    .describe('32 bytes, base64; seals secrets at rest'),
  CALLER_SECRET: z.string().min(32).describe('32 characters or more; signs who is calling, between the apps'),
  SWEEP_SECONDS: z.coerce
    .number()
    .min(0.1)
    .max(3600)
    .default(15)
    .describe('how often each stage looks for due rows without a live job'),
  READY_FILE: z.string().optional().describe('when set, not ready before this file exists (a supervisor finishing its set-up)'),
};

/** Thrown with every problem at once; `main` prints them and exits 1. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(
      `The settings have ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n  - ${problems.join('\n  - ')}`,
    );
  }
}

/**
 * @throws ConfigError listing each missing or malformed setting by name.
 */
export function loadConfig<T extends z.ZodObject>(settings: T, env: Record<string, string | undefined>): z.output<T> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = settings.safeParse(given);
  if (result.success) return result.data;
  throw new ConfigError(
    result.error.issues.map((issue) => {
      const name = issue.path.join('.');
      return given[name] === undefined && issue.code === 'invalid_type'
        ? `${name} is missing: ${describe(settings, name)}`
        : `${name} ${issue.message}`;
    }),
  );
}

/** Demo secrets are public; with endpoints that move real money or machines they would be an open door. */
export const DEMO_MARK = 'slipway-demo';

/** Adds a problem when `secrets` carry the demo's mark while one of `endpoints` is the vendor's real one. */
export function refuseDemoSecrets(endpoints: Array<string | undefined>, secrets: Record<string, string | undefined>): string[] {
  const real = endpoints.filter((endpoint) => !isLocal(endpoint));
  if (real.length === 0) return [];
  return Object.entries(secrets)
    .filter(([, value]) => value?.includes(DEMO_MARK) || decoded(value).includes(DEMO_MARK))
    .map(
      ([name]) => `${name} is the demo's, which everybody knows; real endpoints need one of your own (openssl rand -base64 32)`,
    );
}

/** An endpoint on this machine, or on a compose network's own name (no dot), cannot be the vendor's. */
export function isLocal(endpoint: string | undefined): boolean {
  if (!endpoint) return false;
  const host = new URL(endpoint).hostname;
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.') || !host.includes('.');
}

const decoded = (value: string | undefined): string => (value ? Buffer.from(value, 'base64').toString('latin1') : '');

const describe = (settings: z.ZodObject, name: string): string =>
  (settings.shape as Record<string, z.ZodType>)[name]?.description ?? 'it has no default';
