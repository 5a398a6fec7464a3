/**
 * One worker per row, over all processes: session-level advisory locks on one connection of their own. They end with the
 * process, so a row whose worker was killed is free at once. They only avoid doing things twice for nothing; what must not
 * happen twice is kept by unique keys and row locks. (Needs a session: not through a transaction-pooling proxy.)
 */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { LOG } from './tokens.ts';

export const DATABASE_URL = Symbol('database url');

@Injectable()
export class RowLocks implements OnApplicationShutdown {
  private readonly held = new Set<string>();
  private client: Promise<Client> | undefined;

  constructor(
    @Inject(DATABASE_URL) private readonly url: string,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** @returns a function that releases the lock, or undefined when somebody else holds it. Never waits. */
  async tryLock(name: string): Promise<(() => Promise<void>) | undefined> {
    if (this.held.has(name)) return undefined;
    this.held.add(name);
    try {
      const client = await this.connection();
      const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as locked', [
        name,
      ]);
      if (rows[0]?.locked) return () => this.unlock(name);
    } catch (error) {
      this.held.delete(name);
      throw error;
    }
    this.held.delete(name);
    return undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.client?.catch(() => undefined))?.end().catch(() => undefined);
  }

  private async unlock(name: string): Promise<void> {
    try {
      const client = await this.client;
      await client?.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    } catch (error) {
      this.log.debug({ error: String(error) }, 'the lock went with its connection');
    } finally {
      this.held.delete(name);
    }
  }

  private connection(): Promise<Client> {
    this.client ??= this.connect();
    return this.client;
  }

  private async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.url, application_name: 'slipway row locks', keepAlive: true });
    const forget = (): void => {
      this.client = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    try {
      await client.connect();
    } catch (error) {
      forget();
      throw error;
    }
    return client;
  }
}
