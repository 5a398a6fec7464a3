/** Acme takes 12.5 % of what Globex's machines cost at the cloud. */
import { expect, it } from 'vitest';
import { parseRate } from '../money.ts';
import { amounts, parts, priceOf, rated, versionOf } from '#testing/prices.ts';

const share = (basisPoints: bigint) => priceOf('infrastructure', { model: 'infrastructure', basisPoints }, '%');
const cost = (...days: Array<[day: string, amount: string]>) => days.map(([day, amount]) => ({ day, amount: parseRate(amount) }));

it('is a share of the exact cost of all days', () => {
  const charges = rated({ prices: [share(1250n)], infrastructure: cost(['2026-01-02', '10.000000000003'], ['2026-01-31', '2']) });
  expect(amounts(charges)).toEqual(['infrastructure 1250: ≈1.5']);
  expect(parts(charges)).toEqual(['% of infrastructure: 1250 × 12.000000000003']);
  expect(charges[0]).toMatchObject({ unitSize: 10_000n, amount: 1250n * parseRate('12.000000000003') });
});

it('changes with the price, day by day', () => {
  const charges = rated({
    versions: [versionOf('v1', '2026-01-01T00:00:00Z', [share(1000n)]), versionOf('v2', '2026-01-21T00:00:00Z', [share(500n)])],
    infrastructure: cost(['2026-01-20', '10'], ['2026-01-21', '10']),
  });
  expect(amounts(charges)).toEqual(['infrastructure 1000: 1', 'infrastructure 500: 0.5']);
});

it('leaves out what a trial gives', () => {
  const trial = { of: { days: 14 }, afterwards: 'converts' as const, convertedAt: null };
  const charges = rated({
    prices: [share(1000n)],
    agreement: { trial },
    infrastructure: cost(['2026-01-15', '10'], ['2026-01-16', '20']),
  });
  expect(amounts(charges)).toEqual(['infrastructure 1000: 2']);
});

it('does not take what is not known for nothing', () => {
  expect(() => rated({ prices: [share(1000n)] })).toThrow('that is not known');
  expect(rated({ prices: [share(1000n)], infrastructure: [] })).toEqual([]);
});
