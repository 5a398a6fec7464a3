/** Settings of `npm start`: ports, folder, and whose PostgreSQL, EC2 and Stripe to use. Every app has its own besides. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { DEMO_MARK, loadConfig } from '#platform/config.ts';
import type { AppName } from '#platform/tokens.ts';

const port = (value: number, what: string) =>
  z.coerce.number().int().min(1).max(65_535).default(value).describe(`port of ${what}`);

export const startSettings = z.object({
  SLIPWAY_DIR: z.string().default('.slipway').describe('folder that keeps the data, the logs and the demo'),
  HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  API_PORT: port(4000, 'api, the portal and the one origin'),
  LAUNCHER_PORT: port(4010, 'launcher'),
  METERING_PORT: port(4020, 'metering, the AWS wire'),
  BILLING_PORT: port(4030, 'billing'),
  SANDBOX_EC2_PORT: port(4100, 'the sandbox: EC2, STS and instance metadata'),
  SANDBOX_STRIPE_PORT: port(4110, 'the sandbox: Stripe'),
  SANDBOX_CONTROL_PORT: port(4120, 'the sandbox: its clock and faults'),
  SANDBOX_APPLIANCE_PORT: port(4130, 'what appliances launched in the sandbox listen on'),
  SANDBOX_SSH_PORT: port(4140, 'what the SSH of machines launched in the sandbox listens on'),
  POSTGRES_PORT: port(4200, 'the embedded PostgreSQL'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be postgres://owner:password@host:port/database' })
    .optional()
    .describe('your own PostgreSQL (15 or newer), as an owner who may make roles; unset: an embedded one'),
  METERING_DATABASE_URL: z
    .union([z.literal('embedded'), z.url({ protocol: /^postgres(ql)?$/ })], {
      error: 'must be postgres://owner:password@host:port/database, or the word embedded',
    })
    .optional()
    .describe("another database for metering's tables, as its owner; embedded: a second one in the embedded PostgreSQL"),
});

export type StartSettings = z.output<typeof startSettings>;

/** @throws ConfigError */
export const loadStartSettings = (env: NodeJS.ProcessEnv): StartSettings => loadConfig(startSettings, env);

/** Made once per folder. They carry the demo's mark: the apps refuse them where real machines or money are at stake. */
export interface Secrets {
  owner: string;
  roles: Record<AppName, string>;
  authSecret: string;
  callerSecret: string;
  secretsKey: string;
  receiptKey: string;
  webhookSecret: string;
}

export function secretsOf(folder: string): Secrets {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const secret = (): string => `${DEMO_MARK}-${randomBytes(24).toString('base64url')}`;
  const key = (): string =>
    Buffer.concat([Buffer.from(DEMO_MARK), randomBytes(32)])
      .subarray(0, 32)
      .toString('base64');
  const secrets: Secrets = {
    owner: secret(),
    roles: { api: secret(), launcher: secret(), metering: secret(), billing: secret() },
    authSecret: secret(),
    callerSecret: secret(),
    secretsKey: key(),
    receiptKey: key(),
    webhookSecret: `whsec_${secret()}`,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

/** A role's password on a PostgreSQL of the operator's own: given, or derived so that every start finds the same. */
export function rolePassword(env: NodeJS.ProcessEnv, secrets: Secrets, role: AppName): string {
  const given = env[`${role.toUpperCase()}_DATABASE_PASSWORD`];
  if (given) return given;
  const own = env.SECRETS_KEY;
  return own ? createHash('sha256').update(`${own}:database:${role}`).digest('base64url') : secrets.roles[role];
}

export const folderOf = (settings: StartSettings): string => resolve(settings.SLIPWAY_DIR);
