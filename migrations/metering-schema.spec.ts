/** What lets the schema metering be spread by subscription one day, and what keeps its days whole. Read from PostgreSQL's catalogue. */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';

/** Of no subscription, and small: every node of a cluster may have them. */
const WITHOUT_SUBSCRIPTION = ['stuck_work', 'vendor_key_use'];

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database?.drop());

describe('the schema metering', () => {
  it('has subscription_id in every primary key and unique index', async () => {
    const keys = await database.sql<{ table: string; columns: string[] }>(
      `select table_class.relname as "table", array_agg(attribute.attname::text) as columns
         from pg_index join pg_class table_class on table_class.oid = indrelid
         join pg_attribute attribute on attribute.attrelid = indrelid and attribute.attnum = any(indkey)
        where indisunique and table_class.relnamespace = 'metering'::regnamespace
        group by indexrelid, table_class.relname`,
    );
    expect(keys.length).toBeGreaterThan(15);
    expect(keys.filter((key) => !key.columns.includes('subscription_id') && !WITHOUT_SUBSCRIPTION.includes(key.table))).toEqual(
      [],
    );
    const keyless = await database.sql(
      `select relname from pg_class where relnamespace = 'metering'::regnamespace and relkind in ('r', 'p')
          and not exists (select from pg_index where indrelid = pg_class.oid and indisprimary)`,
    );
    expect(keyless).toEqual([]);
  });

  it('has no foreign key to or from another schema', async () => {
    const keys = await database.sql(
      `select conname from pg_constraint join pg_class own on own.oid = conrelid join pg_class other on other.oid = confrelid
        where contype = 'f' and own.relnamespace <> other.relnamespace
          and 'metering'::regnamespace in (own.relnamespace, other.relnamespace)`,
    );
    expect(keys).toEqual([]);
  });
});

describe('a day of usage', () => {
  const record = (client: Pick<Client, 'query'>, subscriptionId: string, hour: string, dimension = 'users'): Promise<unknown> =>
    client.query(
      `insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
       values ($1, $2, $1, $3, 7, gen_random_uuid(), '', 'AKIATEST', now())`,
      [subscriptionId, hour, dimension],
    );

  const asMetering = async (): Promise<Client> => {
    const client = new Client({ connectionString: database.urlFor('metering') });
    await client.connect();
    return client;
  };

  it('gets its partition with the records that came before it, while others go on reporting', async () => {
    const [id, writer, keeper] = [newId(), await asMetering(), await asMetering()];
    await record(writer, id, '2026-03-05T10:00:00Z', 'before');
    let reported = 0;
    const day = { isOpen: false };
    const reporting = (async () => {
      while (!day.isOpen || reported < 50) {
        const report = (): Promise<unknown> => record(writer, id, '2026-03-05T11:00:00Z', `while_${reported}`);
        // On its way into the default partition when that was taken from it: refused whole, and right the second time.
        await report().catch((error: { code?: string }) => (error.code === '23514' ? report() : Promise.reject(error)));
        reported += 1;
      }
    })();
    const { rows } = await keeper.query(`select metering.open_day('2026-03-05') as opened`);
    day.isOpen = true;
    await reporting;
    expect(rows).toEqual([{ opened: true }]);
    expect((await keeper.query(`select metering.open_day('2026-03-05') as opened`)).rows).toEqual([{ opened: false }]);
    const kept = await database.sql<{ part: string; count: number }>(
      `select tableoid::regclass::text as part, count(*)::int from metering.usage_record where subscription_id = $1 group by 1`,
      [id],
    );
    expect(kept).toEqual([{ part: 'metering.usage_record_20260305', count: reported + 1 }]);
    await writer.end();
    await keeper.end();
  });

  it('is as closed to change as the whole', async () => {
    await database.sql(`select metering.open_day('2026-03-06')`);
    const client = await asMetering();
    for (const what of [
      'update metering.usage_record_20260306 set quantity = 0',
      'delete from metering.usage_record_20260306',
      'drop table metering.usage_record_20260306',
    ])
      await expect(client.query(what)).rejects.toThrow(/permission denied|must be owner/);
    await client.end();
  });

  it('is archived when nothing of it waits, and stays readable', async () => {
    const [id, client] = [newId(), await asMetering()];
    await client.query(`select metering.open_day('2026-03-07')`);
    await record(client, id, '2026-03-07T10:00:00Z');
    const archive = async (): Promise<unknown> =>
      (await client.query(`select metering.archive_day('2026-03-07') as archived`)).rows;
    await database.sql('insert into metering.usage_dirty (subscription_id, day, mark) values ($1, $2, $1)', [id, '2026-03-07']);
    expect(await archive()).toEqual([{ archived: false }]);
    await database.sql('delete from metering.usage_dirty where subscription_id = $1', [id]);
    await database.sql('insert into metering.usage_unreceipted (subscription_id, day) values ($1, $2)', [id, '2026-03-07']);
    expect(await archive()).toEqual([{ archived: false }]);
    await database.sql('delete from metering.usage_unreceipted where subscription_id = $1', [id]);
    expect(await archive()).toEqual([{ archived: true }]);
    const { rows } = await client.query(
      'select quantity from metering.archived_usage_record_20260307 where subscription_id = $1',
      [id],
    );
    expect(rows).toEqual([{ quantity: '7' }]);
    expect(await database.sql('select from metering.usage_record where subscription_id = $1', [id])).toEqual([]);
    await expect(client.query('delete from metering.archived_usage_record_20260307')).rejects.toThrow('permission denied');
    await client.end();
  });
});
