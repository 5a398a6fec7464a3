/** Sign-in, organisations and API keys: better-auth on our PostgreSQL, in the schema `api`, under the role of this app. */
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { organization } from 'better-auth/plugins';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import { newId } from '#platform/ids.ts';

export const API_KEY_PREFIX = 'slw_';

export interface AuthSettings {
  databaseUrl: string;
  /** Origin that browsers see, e.g. `http://localhost:4000`. */
  publicUrl: string;
  secret: string;
  trustedOrigins: string[];
  log: Logger;
}

export function createAuth({ databaseUrl, publicUrl, secret, trustedOrigins, log }: AuthSettings) {
  // A pool of its own: sign-in must not wait behind the catalogue, and the library needs the search path of its tables.
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 4,
    options: '-c search_path=api',
    application_name: 'slipway api sign-in',
  });
  pool.on('error', () => {});
  // Nor may a connection that is lost while the library holds it end the process: whoever asks next is told.
  pool.on('connect', (client) => client.on('error', () => {}));
  const auth = betterAuth({
    appName: 'Slipway',
    baseURL: publicUrl,
    basePath: '/v1/auth',
    secret,
    trustedOrigins,
    database: pool,
    emailAndPassword: { enabled: true, minPasswordLength: 10, maxPasswordLength: 128 },
    session: { expiresIn: 12 * 3600, updateAge: 3600 },
    advanced: {
      cookiePrefix: 'slipway',
      useSecureCookies: publicUrl.startsWith('https:'),
      database: { generateId: () => newId() },
    },
    // Per address, which mount.ts takes from the connection. Guessing passwords must be slow; a shared office must still get in.
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      storage: 'memory',
      customRules: { '/sign-in/email': { window: 60, max: 20 }, '/sign-up/email': { window: 60, max: 20 } },
    },
    logger: { level: 'warn', log: (level, message) => log[level === 'error' ? 'warn' : 'info'](message) },
    telemetry: { enabled: false },
    plugins: [
      organization({
        organizationLimit: 5,
        schema: {
          organization: {
            additionalFields: {
              kind: { type: 'string', required: true, input: true },
              awsAccountId: { type: 'string', required: false, input: true },
            },
          },
        },
        organizationHooks: {
          beforeCreateOrganization: async ({ organization: given }) => {
            // Operators and auditors are made by `npm run operator`; the database refuses them from here too.
            if (given.kind !== 'buyer' && given.kind !== 'vendor')
              throw new APIError('BAD_REQUEST', { code: 'invalid_kind', message: 'kind: must be buyer or vendor' });
            assertAwsAccount(given.awsAccountId);
          },
          beforeUpdateOrganization: async ({ organization: given }) => {
            if ('kind' in given)
              throw new APIError('BAD_REQUEST', {
                code: 'kind_is_fixed',
                message: 'kind: an account stays what it is; make another one',
              });
            assertAwsAccount(given.awsAccountId);
          },
        },
      }),
      apiKey({ references: 'organization', defaultPrefix: API_KEY_PREFIX, rateLimit: { enabled: false }, requireName: true }),
    ],
  });
  return { auth, pool };
}

export type Auth = ReturnType<typeof createAuth>['auth'];

function assertAwsAccount(id: unknown): void {
  if (id === undefined || id === null || /^\d{12}$/.test(String(id))) return;
  throw new APIError('BAD_REQUEST', {
    code: 'invalid_aws_account',
    message: 'awsAccountId: must be the 12 digits of an AWS account',
  });
}
