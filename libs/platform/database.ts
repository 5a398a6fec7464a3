/** The connection of a process to its database, under its own role. A process that is not its role does not start. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DataSource, type EntitySchema } from 'typeorm';
import { SnakeCase } from '#tables/columns.ts';
import type { AppName } from './tokens.ts';

export interface ConnectOptions {
  role: AppName;
  url: string;
  pool: number;
  waitSeconds: number;
  entities: Array<Function | EntitySchema>;
  log: Logger;
}

/** A setting is wrong in a way that waiting does not mend. */
export class DatabaseRefused extends Error {}

/**
 * Connects, waiting up to `waitSeconds` for a database that is not up yet.
 * @throws DatabaseRefused when connected as anyone but `role`, when the login is refused, or when time is up.
 */
export async function connect({ role, url, pool, waitSeconds, entities, log }: ConnectOptions): Promise<DataSource> {
  const until = Date.now() + waitSeconds * 1000;
  for (let attempt = 1; ; attempt += 1) {
    const source = new DataSource({
      type: 'postgres',
      url,
      schema: role,
      entities,
      synchronize: false,
      namingStrategy: new SnakeCase(),
      poolErrorHandler: (error: unknown) => log.warn({ error: String(error) }, 'a database connection was lost'),
      applicationName: `slipway ${role}`,
      extra: { max: pool, connectionTimeoutMillis: 5_000, keepAlive: true },
    });
    try {
      await source.initialize();
      await assertRole(source, role);
      return source;
    } catch (error) {
      if (source.isInitialized) await source.destroy();
      const reason = refusal(error, role);
      if (reason) throw new DatabaseRefused(reason);
      if (Date.now() > until) {
        throw new DatabaseRefused(
          `The database did not answer within ${waitSeconds} s (${messageOf(error)}). Is it running, and does DATABASE_URL name it? DATABASE_WAIT_SECONDS waits longer.`,
        );
      }
      log.warn({ attempt, error: messageOf(error) }, 'the database does not answer yet, trying again');
      await sleep(Math.min(250 * attempt, 2_000));
    }
  }
}

async function assertRole(source: DataSource, role: AppName): Promise<void> {
  const [{ current_user: user }] = await source.query('select current_user');
  if (user === role) return;
  throw new DatabaseRefused(
    `Connected as "${user}", but ${role} runs as the role "${role}" and nothing else; change the user in DATABASE_URL.`,
  );
}

/** Why trying again would not help, or undefined when it might. Codes: PostgreSQL, appendix A. */
function refusal(error: unknown, role: AppName): string | undefined {
  if (error instanceof DatabaseRefused) return error.message;
  const code = (error as { code?: string }).code;
  if (code === '28P01' || code === '28000')
    return `The database refused the login of "${role}": check the password in DATABASE_URL, or run the migrations.`;
  if (code === '3D000') return `The database in DATABASE_URL does not exist: create it, then run "npm run migrate".`;
  return undefined;
}

/** Whether an error says that the database is away, rather than that the statement was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? '';
  if (/^(08|57P0|53)/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', '25P03'].includes(code)) return true;
  const message = messageOf(error);
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/i.test(
    message,
  );
}

const messageOf = (error: unknown): string =>
  error instanceof AggregateError ? String(error.errors[0]) : error instanceof Error ? error.message : String(error);
