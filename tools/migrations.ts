/** Brings a database to this version: migrations, the queue's schema, and the roles' rights on it. Safe to run again. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PgBoss } from 'pg-boss';
import { DataSource, type MigrationInterface } from 'typeorm';
import { QUEUE_OPTIONS, QUEUES } from '#platform/queues.ts';
import type { AppName } from '#platform/tokens.ts';

export const ROLES: readonly AppName[] = ['api', 'launcher', 'metering', 'billing'];

/**
 * @param url a connection as the owner of the database, who may make roles.
 * @param only the app whose tables alone this database is for; all apps' when not given.
 * @param passwords the roles' passwords; a role that is left out keeps its own.
 * @returns the names of the migrations that were run.
 */
export async function migrate(
  url: string,
  passwords: Partial<Record<AppName, string>>,
  { only }: { only?: AppName } = {},
): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: await migrations(only),
    migrationsTableName: 'migration',
    applicationName: 'slipway migrate',
  });
  await source.initialize();
  try {
    const ran = await source.runMigrations({ transaction: 'each' });
    await installQueue(url);
    for (const role of ROLES) {
      await source.query(`grant usage on schema pgboss to "${role}"`);
      await source.query(`grant select, insert, update, delete on all tables in schema pgboss to "${role}"`);
      await source.query(`grant execute on all functions in schema pgboss to "${role}"`);
      const password = passwords[role];
      // ALTER ROLE takes no parameters; the literal is quoted by PostgreSQL itself.
      if (password) {
        const [{ quoted }] = await source.query('select quote_literal($1) as quoted', [password]);
        await source.query(`alter role "${role}" login password ${quoted}`);
      }
    }
    return ran.map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

/** The migration classes in `migrations/`, in the order of their numbers; the first line of each file says whose it is. */
async function migrations(only: AppName | undefined): Promise<Array<new () => MigrationInterface>> {
  const folder = join(import.meta.dirname, '../migrations');
  const isWanted = (name: string): boolean => {
    const owner = /^\/\*\* Owner: ([a-z]+)\./.exec(readFileSync(join(folder, name), 'utf8'))?.[1];
    if (!owner) throw new Error(`migrations/${name} has to begin with "/** Owner: <app>." or "/** Owner: all."`);
    return only === undefined || owner === only || owner === 'all';
  };
  const files = readdirSync(folder).filter((name) => /^\d{13}-[a-z-]+\.ts$/.test(name) && isWanted(name));
  const modules = await Promise.all(
    files.sort().map((name) => import(join(folder, name)) as Promise<Record<string, new () => MigrationInterface>>),
  );
  return modules.flatMap((module) => Object.values(module));
}

async function installQueue(url: string): Promise<void> {
  const boss = new PgBoss({ connectionString: url, schema: 'pgboss', supervise: false, schedule: false, max: 2 });
  await boss.start();
  try {
    for (const queue of QUEUES) await boss.createQueue(queue, QUEUE_OPTIONS);
  } finally {
    await boss.stop({ graceful: false, close: true });
  }
}
