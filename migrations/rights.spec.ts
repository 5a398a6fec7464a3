/** The database itself refuses the wrong writer: what each role may do is what the migrations grant, and nothing more. */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { connect } from '#platform/database.ts';
import type { AppName } from '#platform/tokens.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';

const ROLES: AppName[] = ['api', 'launcher', 'metering', 'billing'];

describe('rights', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const as = async (role: AppName, sql: string): Promise<unknown> => {
    const client = new Client({ connectionString: database.urlFor(role) });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };

  it('lets no role write into a table of another', async () => {
    const granted = await database.sql<{ grantee: string; table_schema: string; table_name: string; privilege_type: string }>(
      `select grantee, table_schema, table_name, privilege_type from information_schema.role_table_grants
       where grantee = any($1) and table_schema = any($1) and grantee <> table_schema and privilege_type <> 'SELECT'`,
      [ROLES],
    );
    expect(granted).toEqual([]);
    await expect(as('launcher', "update billing.invoice set state = 'paid'")).rejects.toThrow('permission denied');
    await expect(as('api', 'delete from metering.usage_record')).rejects.toThrow('permission denied');
    await expect(as('billing', 'insert into api.price_version select * from api.price_version')).rejects.toThrow(
      'permission denied',
    );
  });

  it('makes every role owner of nothing, and no superuser', async () => {
    expect(await database.sql('select tablename from pg_tables where tableowner = any($1)', [ROLES])).toEqual([]);
    expect(
      await database.sql(
        'select rolname from pg_roles where rolname = any($1) and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls)',
        [ROLES],
      ),
    ).toEqual([]);
  });

  it('keeps what must not change out of the reach of its own writer', async () => {
    await expect(as('metering', 'update metering.usage_record set quantity = 0')).rejects.toThrow('permission denied');
    await expect(as('billing', 'update billing.posting set amount_minor = 1')).rejects.toThrow('permission denied');
    await expect(as('billing', 'delete from billing.journal')).rejects.toThrow('permission denied');
    await expect(as('api', 'update api.price set rate = 0')).rejects.toThrow('permission denied');
  });

  it('lets every table be written by the app it is named after', async () => {
    const unwritable = await database.sql(
      `select schemaname, tablename from pg_tables where schemaname = any($1) and not has_table_privilege(schemaname, schemaname || '.' || quote_ident(tablename), 'INSERT')`,
      [ROLES],
    );
    expect(unwritable).toEqual([]);
  });

  it('does not let a process start as anyone but its role', async () => {
    const options = { pool: 2, waitSeconds: 1, entities: [], log: pino({ level: 'silent' }) };
    await expect(connect({ ...options, role: 'billing', url: database.urlFor('metering') })).rejects.toThrow(
      'Connected as "metering"',
    );
    await expect(connect({ ...options, role: 'billing', url: database.ownerUrl })).rejects.toThrow('Connected as "slipway"');
    const wrongPassword = database.urlFor('billing').replace('test-only', 'wrong');
    await expect(connect({ ...options, role: 'billing', url: wrongPassword })).rejects.toThrow('refused the login');
    await expect(connect({ ...options, role: 'billing', url: 'postgres://billing:x@127.0.0.1:1/none' })).rejects.toThrow(
      'did not answer within 1 s',
    );
  });
});
