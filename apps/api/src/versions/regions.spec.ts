/** Where a version is offered, which its vendor may change while everything else of it stays. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Account } from '#testing/account.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { TestClock } from '#testing/clock.ts';
import { newId } from '#platform/ids.ts';
import { startApi, type AppUnderTest } from '../testing.ts';
import type { VersionView } from './versions.schema.ts';

const PASSWORD = 'correct horse battery';
const IMAGE = {
  title: '1.0.0',
  imageId: 'ami-0acce550000000001',
  imageRegion: 'us-east-1',
  regions: ['us-east-1'],
  instanceTypes: ['t3.micro'],
  urlTemplate: 'http://{address}:8080/',
  operatingSystem: 'Ubuntu 24.04',
};
const LISTING = { slug: 'acme-vault', summary: 'Keeps secrets.', description: 'Long text.', category: 'security' };

describe('the regions of a version', () => {
  let database: TestDatabase;
  let app: AppUnderTest;
  let acme: Account;
  let initech: Account;
  let globex: Account;
  let productId: string;
  let version: VersionView;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApi(database, new TestClock('2026-01-05T09:00:00Z'));
    const open = (name: string, kind: 'vendor' | 'buyer'): Promise<Account> =>
      Account.open(app.url, { name, email: `it@${name.toLowerCase()}.test`, password: PASSWORD, kind });
    [acme, initech, globex] = [await open('Acme', 'vendor'), await open('Initech', 'vendor'), await open('Globex', 'buyer')];
    ({ id: productId } = await acme.post<{ id: string }>('/v1/products', { name: 'Acme Vault' }));
    version = await acme.post<VersionView>(`/v1/products/${productId}/versions`, IMAGE);
    const terms = { currency: 'USD', terms: 'Use it well.', prices: [{ model: 'hourly', rate: '0.25' }] };
    await acme.put(`/v1/products/${productId}/offer`, terms);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const imageIs = (region: string, state: string, progress: number): Promise<unknown> =>
    database.sql(
      `insert into launcher.image (id, version_id, region, state, progress, checks, created_at) values (gen_random_uuid(), $1, $2, $3, $4, '[]', now())
       on conflict (version_id, region) do update set state = excluded.state, progress = excluded.progress`,
      [version.id, region, state, progress],
    );
  const add = (...regions: string[]): Promise<VersionView> =>
    acme.post<VersionView>(`/v1/versions/${version.id}/regions`, { regions });
  const restrict = (region: string): Promise<VersionView> =>
    acme.delete<VersionView>(`/v1/versions/${version.id}/regions/${region}`);
  const launchIn = (subscriptionId: string, region: string): Promise<unknown> =>
    globex.post('/v1/launches', { subscriptionId, region, instanceType: 't3.micro' });

  it('are shown with how far the image is in each', async () => {
    await imageIs('us-east-1', 'copying', 45);
    expect(await acme.get<VersionView>(`/v1/versions/${version.id}`)).toMatchObject({
      title: '1.0.0',
      operatingSystem: 'Ubuntu 24.04',
      images: [{ region: 'us-east-1', state: 'copying', progress: 45, rejection: null, restricted: false }],
    });
    await imageIs('us-east-1', 'ready', 100);
  });

  it('are offered to buyers once the image is ready there, and rung for at once', async () => {
    await acme.put(`/v1/products/${productId}/listing`, { ...LISTING, versionId: version.id });
    await database.sql(`delete from pgboss.job where name = 'launcher.prepare-image'`);
    const added = await add('eu-west-1', 'us-east-1');
    expect(added.images.map(({ region, state }) => [region, state])).toEqual([
      ['us-east-1', 'ready'],
      ['eu-west-1', 'waiting'],
    ]);
    expect(await database.sql(`select data->>'id' as id from pgboss.job where name = 'launcher.prepare-image'`)).toEqual([
      { id: version.id },
    ]);
    const offered = async (): Promise<string[]> =>
      (await globex.get<{ version: { regions: string[] } }>('/v1/listings/acme-vault')).version.regions;
    expect(await offered()).toEqual(['us-east-1']);
    const { offer } = await globex.get<{ offer: { id: string; termsSha256: string } }>('/v1/listings/acme-vault');
    const { id } = await globex.post<{ id: string }>('/v1/subscriptions', { offerId: offer.id, termsSha256: offer.termsSha256 });
    await expect(launchIn(id, 'eu-west-1')).rejects.toMatchObject({
      problem: { code: 'region_not_offered', detail: 'Offered in us-east-1.' },
    });

    await imageIs('eu-west-1', 'ready', 100);
    expect(await offered()).toEqual(['us-east-1', 'eu-west-1']);
    await launchIn(id, 'eu-west-1');
  });

  it('can be restricted: nothing new is launched there, and the image stays for who runs it', async () => {
    const restricted = await restrict('eu-west-1');
    expect(restricted.images).toMatchObject([
      { region: 'us-east-1', restricted: false },
      { region: 'eu-west-1', state: 'ready', restricted: true },
    ]);
    const [{ id }] = (await globex.get<{ items: Array<{ id: string }> }>('/v1/subscriptions')).items as [{ id: string }];
    await expect(launchIn(id, 'eu-west-1')).rejects.toMatchObject({ problem: { code: 'region_not_offered' } });
    await expect(restrict('eu-west-1')).rejects.toMatchObject({ problem: { status: 404, code: 'region_not_found' } });
    await expect(restrict('us-east-1')).rejects.toMatchObject({ problem: { status: 409, code: 'last_region' } });
    expect((await add('eu-west-1')).images.map((image) => image.restricted)).toEqual([false, false]);
  });

  it('let a listing go ahead without one where the image was rejected', async () => {
    await add('ap-south-1');
    await imageIs('ap-south-1', 'rejected', 0);
    const publish = (): Promise<unknown> => acme.put(`/v1/products/${productId}/listing`, { ...LISTING, versionId: version.id });
    await expect(publish()).rejects.toMatchObject({
      problem: { code: 'image_not_ready', detail: expect.stringContaining('DELETE /v1/versions/:id/regions/:region') },
    });
    await restrict('ap-south-1');
    await publish();
  });

  it('are at most twenty, and each is one of AWS’s names', async () => {
    const many = Array.from({ length: 19 }, (_, index) => `${'abcdefghijklmnopqrs'[index]}${'x'}-north-1`);
    await expect(add(...many)).rejects.toMatchObject({ problem: { status: 409, code: 'too_many_regions' } });
    await expect(add('mars')).rejects.toMatchObject({ problem: { status: 400 } });
    await expect(restrict('mars')).rejects.toMatchObject({ problem: { status: 400 } });
  });

  it('are nobody else’s to see or change', async () => {
    for (const [method, path, body] of [
      ['GET', `/v1/versions/${version.id}`],
      ['POST', `/v1/versions/${version.id}/regions`, { regions: ['eu-west-1'] }],
      ['DELETE', `/v1/versions/${version.id}/regions/eu-west-1`],
    ] as const) {
      await expect(initech.call(method, path, body), `${method} ${path}`).rejects.toMatchObject({
        problem: { status: 404, code: 'version_not_found' },
      });
      await expect(globex.call(method, path, body), `${method} ${path}`).rejects.toMatchObject({ problem: { status: 403 } });
    }
    await expect(acme.get(`/v1/versions/${newId()}`)).rejects.toMatchObject({ problem: { code: 'version_not_found' } });
  });

  it('change one after the other, also when they are changed at once', async () => {
    await Promise.all([add('us-west-2'), add('eu-central-1'), restrict('eu-west-1')]);
    const { images } = await acme.get<VersionView>(`/v1/versions/${version.id}`);
    const offered = images.filter((image) => !image.restricted).map((image) => image.region);
    expect(offered.sort()).toEqual(['eu-central-1', 'us-east-1', 'us-west-2']);
  });
});
