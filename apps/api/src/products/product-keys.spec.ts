/** Keys of products, through the API; metering's use of them has its own spec. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open } from '#platform/seal.ts';
import { Account } from '#testing/account.ts';
import { TEST_SECRETS_KEY } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { startApi, type AppUnderTest } from '../testing.ts';

interface Key {
  version: number;
  publicKeyPem: string;
  createdAt: string;
  rotatedAt: string | null;
}

describe('the keys of a product', () => {
  let database: TestDatabase;
  let app: AppUnderTest;
  let acme: Account;
  const clock = new TestClock('2026-01-05T09:00:00Z');
  const keysOf = async (id: string): Promise<Key[]> => (await acme.get<{ items: Key[] }>(`/v1/products/${id}/keys`)).items;
  const newProduct = async (name: string): Promise<string> => (await acme.post<{ id: string }>('/v1/products', { name })).id;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApi(database, clock);
    acme = await Account.open(app.url, {
      name: 'Acme',
      email: 'it@acme.test',
      password: 'correct horse battery',
      kind: 'vendor',
    });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('begin with version 1, made together with the product', async () => {
    const id = await newProduct('Acme Vault');
    const rows = await database.sql('select version, rotated_at from api.product_key where product_id = $1', [id]);
    expect(rows).toEqual([{ version: 1, rotated_at: null }]);
    const [key] = await keysOf(id);
    expect(key).toMatchObject({ version: 1, createdAt: '2026-01-05T09:00:00.000Z', rotatedAt: null });
    expect(createPublicKey(key!.publicKeyPem).asymmetricKeyDetails?.modulusLength).toBeGreaterThanOrEqual(2048);
  });

  it('keep the private half sealed, for its own product and version alone, and never show it', async () => {
    const id = await newProduct('Acme Safe');
    const [row] = await database.sql<{ public_key_pem: string; private_key_sealed: Buffer }>(
      'select public_key_pem, private_key_sealed from api.product_key where product_id = $1',
      [id],
    );
    const pem = open(TEST_SECRETS_KEY, `product_key:${id}:1`, row!.private_key_sealed);
    expect(createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'pem' })).toBe(row!.public_key_pem);
    expect(() => open(TEST_SECRETS_KEY, `product_key:${id}:2`, row!.private_key_sealed)).toThrow();
    expect(JSON.stringify(await keysOf(id))).not.toContain('PRIVATE');
  });

  it('are made when they are asked for where a product has none yet, once, however many ask', async () => {
    const id = await newProduct('Acme Archive');
    await database.sql('delete from api.product_key where product_id = $1', [id]);
    const answers = await Promise.all([keysOf(id), keysOf(id), keysOf(id)]);
    expect(answers[0]).toHaveLength(1);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('are rotated: the older version says since when, and stays', async () => {
    const id = await newProduct('Acme Gate');
    const [first] = await keysOf(id);
    clock.set('2026-02-01T12:00:00Z');
    const second = await acme.post<Key>(`/v1/products/${id}/keys`);
    expect(second).toMatchObject({ version: 2, createdAt: '2026-02-01T12:00:00.000Z', rotatedAt: null });
    expect(second.publicKeyPem).not.toBe(first!.publicKeyPem);
    expect(await keysOf(id)).toEqual([{ ...first, rotatedAt: '2026-02-01T12:00:00.000Z' }, second]);
  });

  it('take turns when they are rotated twice at once', async () => {
    const id = await newProduct('Acme Relay');
    await Promise.all([acme.post(`/v1/products/${id}/keys`), acme.post(`/v1/products/${id}/keys`)]);
    const keys = await keysOf(id);
    expect(keys.map((key) => [key.version, key.rotatedAt === null])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
  });

  it("are nobody else's to see or to rotate", async () => {
    const id = await newProduct('Acme Well');
    const open = (name: string, kind: 'vendor' | 'buyer'): Promise<Account> =>
      Account.open(app.url, { name, email: `it@${name.toLowerCase()}.test`, password: 'correct horse battery', kind });
    const initech = await open('Initech', 'vendor');
    await expect(initech.get(`/v1/products/${id}/keys`)).rejects.toMatchObject({ problem: { status: 404 } });
    await expect(initech.post(`/v1/products/${id}/keys`)).rejects.toMatchObject({ problem: { status: 404 } });
    const globex = await open('Globex', 'buyer');
    await expect(globex.get(`/v1/products/${id}/keys`)).rejects.toMatchObject({ problem: { status: 403 } });
  });

  it('cannot be changed or taken back by the API, only replaced', async () => {
    const rights = await database.sql(
      `select privilege_type, column_name from information_schema.column_privileges
        where table_schema = 'api' and table_name = 'product_key' and grantee = 'api' and privilege_type = 'UPDATE'`,
    );
    expect(rights).toEqual([{ privilege_type: 'UPDATE', column_name: 'rotated_at' }]);
    const [{ may }] = (await database.sql(`select has_table_privilege('api', 'api.product_key', 'DELETE') as may`)) as [
      { may: boolean },
    ];
    expect(may).toBe(false);
  });
});
