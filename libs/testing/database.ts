/** A database of one's own per spec file, cloned from the migrated template. */
import { Client } from 'pg';
import { inject } from 'vitest';
import type { AppName } from '#platform/tokens.ts';
import { newId } from '#platform/ids.ts';

const OWNER = 'slipway';
const TEMPLATE = 'slipway_template';

export interface TestDatabase {
  /** URL under the role of an app. */
  urlFor: (role: AppName) => string;
  ownerUrl: string;
  /** Runs SQL as the owner, for arranging and for looking behind the scenes. */
  sql: <T = Record<string, unknown>>(text: string, values?: unknown[]) => Promise<T[]>;
  drop: () => Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const { port, password } = inject('postgres');
  const name = `test_${newId().replaceAll('-', '')}`;
  const url = (user: string, database: string): string => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
  await asOwner(url(OWNER, 'postgres'), (client) =>
    client.query(`create database ${name} template ${TEMPLATE} strategy file_copy`),
  );
  const owner = new Client({ connectionString: url(OWNER, name) });
  owner.on('error', () => {});
  await owner.connect();
  return {
    urlFor: (role) => url(role, name),
    ownerUrl: url(OWNER, name),
    sql: async <T>(text: string, values: unknown[] = []) => (await owner.query(text, values)).rows as T[],
    drop: async () => {
      await owner.end();
      await asOwner(url(OWNER, 'postgres'), (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

async function asOwner(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
