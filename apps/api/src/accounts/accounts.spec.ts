/** Signing up, organisations, API keys, and who is kept out. */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Account } from '#testing/account.ts';
import { startApi, type AppUnderTest } from '../testing.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { seat } from '../../../../tools/operators.ts';

const PASSWORD = 'correct horse battery';

describe('accounts', () => {
  let database: TestDatabase;
  let app: AppUnderTest;
  let acme: Account;
  let globex: Account;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApi(database);
    acme = await Account.open(app.url, {
      name: 'Acme',
      email: 'sales@acme.test',
      password: PASSWORD,
      kind: 'vendor',
      awsAccountId: '222233334444',
    });
    globex = await Account.open(app.url, { name: 'Globex', email: 'it@globex.test', password: PASSWORD, kind: 'buyer' });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('tells a company who it is', async () => {
    const me = await acme.get<{ organization: { name: string; kind: string; awsAccountId: string }; user: { email: string } }>(
      '/v1/me',
    );
    expect(me).toMatchObject({
      organization: { name: 'Acme', kind: 'vendor', awsAccountId: '222233334444' },
      user: { email: 'sales@acme.test' },
    });
  });

  it('turns away who is not signed in, and who is another kind of account', async () => {
    const nobody = await fetch(`${app.url}/v1/me`);
    expect(nobody.status).toBe(401);
    expect(await nobody.json()).toMatchObject({ code: 'sign_in_required' });
    await expect(globex.post('/v1/products', { name: 'Vault' })).rejects.toMatchObject({
      problem: { status: 403, code: 'not_for_your_account' },
    });
  });

  it('lets nobody make themselves an operator or an auditor', async () => {
    for (const kind of ['operator', 'auditor'])
      await expect(acme.post('/v1/auth/organization/create', { name: 'Ops', slug: 'ops', kind })).rejects.toMatchObject({
        problem: { status: 400 },
      });
    const change = { organizationId: acme.organizationId, data: { kind: 'operator' } };
    await expect(acme.post('/v1/auth/organization/update', change)).rejects.toMatchObject({ problem: { status: 400 } });
    const asApi = new Client({ connectionString: database.urlFor('api') });
    await asApi.connect();
    for (const kind of ['operator', 'auditor'])
      await expect(asApi.query('update api.organization set kind = $1', [kind])).rejects.toThrow('not for the API to decide');
    await asApi.end();
  });

  it('seats an auditor, who may look and nothing more', async () => {
    await Account.open(app.url, { name: 'Hooli Audit', email: 'audit@hooli.test', password: PASSWORD, kind: 'buyer' });
    const organizationId = await seat(database.ownerUrl, 'auditor', 'audit@hooli.test');
    const auditor = await Account.signIn(app.url, 'audit@hooli.test', PASSWORD);
    await auditor.post('/v1/auth/organization/set-active', { organizationId });
    expect(await auditor.get('/v1/me')).toMatchObject({ organization: { kind: 'auditor' } });
    await expect(auditor.post('/v1/products', { name: 'Vault' })).rejects.toMatchObject({ problem: { status: 403 } });
  });

  it('lets an API key act for its organisation, keeps only its hash, and forgets it when it is deleted', async () => {
    const key = await acme.post<{ id: string; key: string }>('/v1/auth/api-key/create', {
      name: 'ci',
      organizationId: acme.organizationId,
    });
    expect(key.key).toMatch(/^slw_/);
    const asKey = (): Promise<Response> => fetch(`${app.url}/v1/me`, { headers: { authorization: `Bearer ${key.key}` } });
    expect(await (await asKey()).json()).toMatchObject({ organization: { name: 'Acme' }, user: null });
    const stored = await database.sql<{ key: string }>('select apikey.key from api.apikey');
    expect(stored.some((row) => key.key.includes(row.key))).toBe(false);
    await acme.post('/v1/auth/api-key/delete', { keyId: key.id });
    expect((await asKey()).status).toBe(401);
  });

  it('refuses a session that a foreign page sends along', async () => {
    await expect(
      fetch(`${app.url}/v1/products`, {
        method: 'POST',
        headers: { origin: 'https://evil.example', cookie: await cookieOf(acme), 'content-type': 'application/json' },
        body: '{"name":"X1"}',
      }).then((r) => r.json()),
    ).resolves.toMatchObject({ status: 403, code: 'foreign_origin' });
  });

  it('gives a vendor access keys whose secret is shown once and sealed at rest', async () => {
    const key = await acme.post<{ accessKeyId: string; secretAccessKey: string }>('/v1/vendor-keys');
    const [row] = await database.sql<{ secret_sealed: Buffer }>(
      'select secret_sealed from api.vendor_key where access_key_id = $1',
      [key.accessKeyId],
    );
    expect(row!.secret_sealed.includes(key.secretAccessKey)).toBe(false);
    expect(await acme.get('/v1/vendor-keys')).toMatchObject({ items: [{ accessKeyId: key.accessKeyId, revokedAt: null }] });
    await acme.delete(`/v1/vendor-keys/${key.accessKeyId}`);
    expect(await acme.get('/v1/vendor-keys')).toMatchObject({ items: [{ revokedAt: expect.any(String) }] });
  });
});

async function cookieOf(account: Account): Promise<string> {
  return [...(account as unknown as { cookies: Map<string, string> }).cookies]
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
}
