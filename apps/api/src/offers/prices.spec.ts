/** An offer takes prices of every model, shows them as they were given, and says what is wrong with others. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerOf, openMarket, refused, users, type Market, type OfferSeen } from '../testing/market.ts';

const named = { dimension: 'scans', description: 'Scans', unit: 'scan' };
const TIERS = [
  { upTo: 100, rate: '1', flat: '0' },
  { upTo: null, rate: '0.000000000001', flat: '20' },
];
const ALL: object[] = [
  { model: 'free', dimension: 'free', description: 'Free', unit: 'month' },
  { model: 'byol', dimension: 'byol', description: 'Bring your own licence', unit: 'month' },
  {
    model: 'hourly',
    dimension: 'running_seconds',
    description: 'Running machine',
    unit: 'hour',
    rate: '0.25',
    rates: { 'm5.large': '0.4', 'm5.xlarge': '0.8' },
    increment: 'second',
    minimumSeconds: 0,
    included: 10,
  },
  users('1.5', { included: 100 }),
  { model: 'graduated', ...named, tiers: TIERS },
  { model: 'volume', ...named, tiers: TIERS, included: 5 },
  { model: 'package', ...named, size: 1000, rate: '5' },
  { model: 'flat', dimension: 'access', description: 'Access', unit: 'month', rate: '30' },
  { model: 'monthly', dimension: 'support', description: 'Support', unit: 'month', rate: '30' },
  { model: 'one_time', dimension: 'setup', description: 'Set-up fee', unit: 'set-up', rate: '99' },
  {
    model: 'contract',
    ...named,
    options: [
      { months: 1, rate: '10' },
      {
        months: 12,
        rate: '100',
        instalments: [
          { afterMonths: 0, amount: '40' },
          { afterMonths: 6, amount: '60' },
        ],
      },
    ],
  },
  { model: 'infrastructure', dimension: 'share', description: 'Of the cloud', unit: '%', percent: '12.5' },
];

describe('the prices of an offer', () => {
  let market: Market;
  let productId: string;
  beforeAll(async () => {
    market = await openMarket('2026-01-05T09:00:00Z');
    productId = (await market.acme.post<{ id: string }>('/v1/products', { name: 'Acme Vault' })).id;
  });
  afterAll(() => market.close());

  const make = (offer: object): Promise<OfferSeen> => market.acme.put<OfferSeen>(`/v1/products/${productId}/offer`, offer);
  const without = (price: Record<string, unknown>): object => {
    const { dimension, description, ...rest } = price;
    return ['free', 'byol'].includes(String(price.model)) ? { model: price.model } : { ...rest, description, dimension };
  };

  it.each(ALL)('may be $model', async (price) => {
    expect((await make(offerOf(without(price as Record<string, unknown>)))).prices).toEqual([price]);
    expect((await market.acme.get<OfferSeen>(`/v1/products/${productId}/offer`)).prices).toEqual([price]);
  });

  it('may be by the year for each type, and by the hour beyond', async () => {
    const annual = { model: 'annual', description: 'Machine for a year', unit: 'machine', rates: { 'm5.large': '2000' } };
    const { prices } = await make(offerOf(annual, { model: 'hourly', rate: '0.25' }));
    expect(prices).toMatchObject([
      { ...annual, dimension: 'annual' },
      { model: 'hourly', rate: '0.25' },
    ]);
    const kept = await market.database.sql(
      `select dimension, instance_type from api.price join api.price_version on price_version.id = price.price_version_id
        join api.offer on offer.id = price_version.offer_id where offer.product_id = $1 and offer.withdrawn_at is null order by dimension`,
      [productId],
    );
    expect(kept).toEqual([
      { dimension: 'annual.m5.large', instance_type: 'm5.large' },
      { dimension: 'hours', instance_type: null },
    ]);
  });

  it('divide a contract into equal parts that sum to its price', async () => {
    const option = { months: 12, rate: '100', instalments: 3 };
    const { prices } = await make(offerOf({ model: 'contract', ...named, options: [option] }));
    expect(prices).toMatchObject([
      {
        options: [
          {
            instalments: [
              { afterMonths: 0, amount: '33.333333333334' },
              { afterMonths: 1, amount: '33.333333333333' },
              { afterMonths: 2, amount: '33.333333333333' },
            ],
          },
        ],
      },
    ]);
  });

  it('come with a minimum spend and a trial', async () => {
    const offer = await make({ ...offerOf(users('1')), minimumSpend: '100', trial: { days: 14 } });
    expect(offer).toMatchObject({ minimumSpend: '100', trial: { days: 14, afterwards: 'ends' } });
    const trial = { dimension: 'users', quantity: 500, afterwards: 'converts' };
    expect(await make({ ...offerOf(users('1')), trial })).toMatchObject({ trial });
  });

  it('are in any currency, yen without decimals and dinars with three', async () => {
    for (const currency of ['jpy', 'kwd', 'eur'])
      expect(await make({ ...offerOf(users('1')), currency })).toMatchObject({ currency });
  });

  it('are refused with the field that is wrong, and why', async () => {
    const wrong = (offer: object, detail: string): Promise<void> =>
      expect(make(offer), detail).rejects.toMatchObject(refused(400, 'invalid_request', detail));
    const graduated = (...tiers: object[]): object => offerOf({ model: 'graduated', ...named, tiers });
    await wrong(offerOf({ model: 'auction', ...named }), 'prices.0.model');
    await wrong(offerOf(users('1.0000000000001')), 'at most 12 places');
    await wrong(offerOf(users('-1')), 'prices.0.rate');
    await wrong(offerOf(users('1', { included: 1.5 })), 'prices.0.included');
    await wrong(graduated({ upTo: 100, rate: '1' }), 'the last tier has no end');
    await wrong(graduated({ upTo: 1.5, rate: '1' }, { upTo: null, rate: '1' }), 'prices.0.tiers.0.upTo');
    await wrong(offerOf({ model: 'infrastructure', percent: 'ten' }), 'such as "12.5"');
    await wrong(graduated({ upTo: 100, rate: '1' }, { upTo: 50, rate: '1' }, { upTo: null, rate: '1' }), 'higher unit');
    await wrong(offerOf({ model: 'package', ...named, size: 0, rate: '1' }), 'prices.0.size');
    await wrong(offerOf({ model: 'package', ...named, rate: '1', tiers: [] }), 'prices.0');
    await wrong(offerOf(users('1'), users('2')), 'each dimension has one price');
    await wrong(offerOf({ model: 'free' }, users('2')), 'has no other price');
    await wrong(offerOf({ model: 'annual', rates: { 'm5.large': '2000' } }), 'needs an hourly one');
    await wrong(offerOf({ model: 'hourly', rate: '1', rates: { 'M5 LARGE': '2' } }), 'm5.large');
    await wrong(offerOf(users('1', { dimension: 'hours.m5.large' })), 'what the platform counts');
    const contract = (option: object): object => offerOf({ model: 'contract', ...named, options: [option] });
    await wrong(contract({ months: 12, rate: '100', instalments: 13 }), 'within the 12 months');
    await wrong(contract({ months: 12, rate: '100', instalments: [{ afterMonths: 0, amount: '99' }] }), 'sum to the price');
    await wrong({ ...offerOf({ model: 'infrastructure', percent: '10' }), currency: 'eur' }, 'nothing is converted');
    await wrong(offerOf({ model: 'infrastructure', percent: '0' }), 'more than 0');
    await wrong({ ...offerOf(users('1')), trial: { dimension: 'scans', quantity: 5 } }, 'usage is priced here');
  });

  it('are kept by the database as they were, in a shape that fits their model', async () => {
    const { id } = await make(offerOf(users('1')));
    const insert = (columns: string, values: string): Promise<unknown> =>
      market.database.sql(
        `insert into api.price (price_version_id, dimension, description, unit, ${columns})
         select price_version.id, 'other', '', '', ${values} from api.price_version where offer_id = $1`,
        [id],
      );
    await expect(insert('model, rate', `'graduated', 1`)).rejects.toThrow('price_rate');
    await expect(insert('model', `'graduated'`)).rejects.toThrow('price_terms');
    await expect(insert('model, rate', `'annual', 1`)).rejects.toThrow('price_instance_type');
    await expect(insert('model, rate, terms', `'package', 1, '{"size": "0"}'`)).rejects.toThrow('price_terms');
    await expect(
      market.database.sql(`set role api; update api.price set terms = '{}'`).finally(() => market.database.sql('reset role')),
    ).rejects.toThrow('permission denied');
  });
});
