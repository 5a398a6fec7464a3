/**
 * The connections by which usage is written: few, with prepared statements, and with an end to every wait, so that a database that
 * hangs makes errors (which clients repeat) and not a pile of requests.
 */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type QueryResultRow } from 'pg';
import type { Logger } from 'pino';
import { DATABASE_URL } from '#platform/row-locks.ts';
import { LOG } from '#platform/tokens.ts';

const CONNECTIONS = 4;
const QUERY_TIMEOUT_MS = 10_000;

@Injectable()
export class UsageDatabase implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(@Inject(DATABASE_URL) url: string, @Inject(LOG) log: Logger) {
    this.pool = new Pool({
      connectionString: url,
      max: CONNECTIONS,
      application_name: 'slipway metering usage',
      connectionTimeoutMillis: 5_000,
      // A statement that PostgreSQL no longer answers, and one that it would not stop working on.
      query_timeout: QUERY_TIMEOUT_MS,
      statement_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    this.pool.on('error', (error) => log.warn({ error: String(error) }, 'a database connection was lost'));
    this.pool.on('connect', (client) => client.on('error', () => {})); // Whoever waits for it is told by the query.
  }

  async query<T extends QueryResultRow>(statement: { name: string; text: string; values: unknown[] }): Promise<T[]> {
    return (await this.pool.query<T>(statement)).rows;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
