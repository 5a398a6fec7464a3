/** Settings of the app `api`. */
import { z } from 'zod';
import { commonSettings, ConfigError, loadConfig, refuseDemoSecrets, meteringPublicUrl } from '#platform/config.ts';

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

export const apiSettings = z.object({
  ...commonSettings,
  PORT: z.coerce.number().int().min(0).max(65535).default(4000).describe('port of api, which also serves the portal'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://localhost:4000')
    .describe('origin that browsers and API clients see'),
  TRUSTED_ORIGINS: list.default([]).describe('further origins, comma-separated, whose pages may use the API with a session'),
  AUTH_SECRET: z.string().min(32).describe('32 characters or more; signs sessions'),
  LAUNCHER_URL: z.url().default('http://127.0.0.1:4010').describe('where launcher listens'),
  METERING_PUBLIC_URL: meteringPublicUrl,
  METERING_URL: z.url().default('http://127.0.0.1:4020').describe('where metering listens'),
  BILLING_URL: z.url().default('http://127.0.0.1:4030').describe('where billing listens'),
  PLATFORM_AWS_ACCOUNT_ID: z
    .string()
    .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account')
    .optional()
    .describe(
      "12 digits; the platform's AWS account, which buyers' roles trust; without it buyers cannot connect their own accounts",
    ),
  PORTAL_DIR: z.string().default('apps/portal/dist').describe('folder of the built portal'),
});

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the class is only the name to inject by
export class ApiConfig {}
export interface ApiConfig extends z.output<typeof apiSettings> {}

/** @throws ConfigError with every problem at once. */
export function loadApiConfig(env: NodeJS.ProcessEnv): ApiConfig {
  const config = loadConfig(apiSettings, env);
  const problems = refuseDemoSecrets([config.PUBLIC_URL], {
    AUTH_SECRET: config.AUTH_SECRET,
    CALLER_SECRET: config.CALLER_SECRET,
    SECRETS_KEY: config.SECRETS_KEY,
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
