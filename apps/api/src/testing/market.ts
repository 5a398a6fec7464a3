/** Acme, Initech (vendors), Globex and Hooli (buyers) with an api of their own, and products that are on the storefront. */
import { expect } from 'vitest';
import { newId } from '#platform/ids.ts';
import { Account } from '#testing/account.ts';
import type { AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { startApi } from '../testing.ts';

export interface OfferSeen {
  id: string;
  termsSha256: string;
  prices: object[];
  [name: string]: unknown;
}

export interface Agreement {
  id: string;
  endedAt: string | null;
  [name: string]: unknown;
}

export interface Market {
  database: TestDatabase;
  app: AppUnderTest;
  clock: TestClock;
  acme: Account;
  initech: Account;
  globex: Account;
  hooli: Account;
  /** A product of Acme's at these prices, on the storefront. @returns its id and its offer */
  sell(offer: object): Promise<{ productId: string; offer: OfferSeen }>;
  /** A buyer accepts an offer. */
  subscribe(buyer: Account, offer: Pick<OfferSeen, 'id' | 'termsSha256'>, more?: object): Promise<Agreement>;
  close(): Promise<void>;
}

export const offerOf = (...prices: object[]): { currency: string; terms: string; prices: object[] } => ({
  currency: 'usd',
  terms: 'Use it well.',
  prices,
});

export const users = (rate: string, more: object = {}): object => ({
  model: 'metered',
  dimension: 'users',
  description: 'Active users',
  unit: 'user',
  rate,
  ...more,
});

/** What a refusal looks like. */
export const refused = (status: number, code: string, detail = ''): object => ({
  problem: { status, code, detail: expect.stringContaining(detail) },
});

export async function openMarket(at: string): Promise<Market> {
  const clock = new TestClock(at);
  const database = await createTestDatabase();
  const app = await startApi(database, clock);
  const open = (name: string, kind: 'vendor' | 'buyer'): Promise<Account> =>
    Account.open(app.url, { name, email: `it@${name.toLowerCase()}.test`, password: 'correct horse battery', kind });
  const [acme, initech] = [await open('Acme', 'vendor'), await open('Initech', 'vendor')];
  const [globex, hooli] = [await open('Globex', 'buyer'), await open('Hooli', 'buyer')];
  return {
    database,
    app,
    clock,
    acme,
    initech,
    globex,
    hooli,
    async sell(offer) {
      const { id: productId } = await acme.post<{ id: string }>('/v1/products', { name: `Acme ${newId()}` });
      const made = await acme.put<OfferSeen>(`/v1/products/${productId}/offer`, offer);
      await database.sql(
        `insert into api.version (id, product_id, title, notes, source_image_id, source_region, regions, instance_types, url_template, health_path, created_at)
         values (gen_random_uuid(), $1, '1.0.0', '', 'ami-0acce550000000001', 'us-east-1', '{us-east-1}', '{t3.micro}', 'http://{address}/', '/', $2)`,
        [productId, clock.now()],
      );
      await database.sql(
        `insert into launcher.image (id, version_id, region, state, boot_test_token, checks, created_at)
         select gen_random_uuid(), version.id, 'us-east-1', 'ready', gen_random_uuid(), '[]', $2 from api.version where version.product_id = $1`,
        [productId, clock.now()],
      );
      await database.sql(
        `insert into api.listing (product_id, slug, summary, description, category, state, version_id, listed_at)
         select $1::uuid, 'acme-' || $1, 'Keeps secrets.', 'Long text.', 'security', 'public', version.id, $2 from api.version where version.product_id = $1::uuid`,
        [productId, clock.now()],
      );
      return { productId, offer: made };
    },
    subscribe: (buyer, { id: offerId, termsSha256 }, more = {}) =>
      buyer.post('/v1/subscriptions', { offerId, termsSha256, ...more }),
    async close() {
      await app.close();
      await database.drop();
    },
  };
}
