/** Two machines for 31 hours at 0.25, of which the cloud takes 0.0104 an hour: DevPay's three per cent are of the rest, and thirty cents a bill. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formulaOf, percent, restOf } from './receipt.ts';
import { feesOf, partLeft, percentOf, type FeeLine, type FeeTerms } from './terms.ts';

/** As in 2007: 3 % of the value added and 0.30 for each product on a bill. */
const DEVPAY: FeeTerms = { model: 'devpay', basisPoints: 300, fixedMinor: 30n, upstream: null };

const line = (netMinor: bigint, terms: FeeTerms, more: Partial<FeeLine> = {}): FeeLine => ({
  netMinor,
  product: 'vault',
  terms,
  infrastructureMinor: 0n,
  reseller: null,
  ...more,
});

describe('a fee', () => {
  it('is three per cent of the value added and thirty cents for the product on this bill', () => {
    const [fee] = feesOf([line(1550n, DEVPAY, { infrastructureMinor: 64n })]);
    expect(fee).toEqual({ baseMinor: 1486n, fixedMinor: 30n, platformMinor: 75n, others: [], vendorMinor: 1475n }); // 44.58
    const facts = { currency: 'usd', model: 'devpay' as const, basisPoints: 300, amountMinor: 1550n, ...fee! };
    expect(formulaOf(facts)).toBe('(15.50 − 0.64) × 3 % + 0.30 = 0.75');
    expect(restOf(facts)).toBe('15.50 − 0.75 = 14.75');
  });

  it('asks the thirty cents once for two lines of a product, and again for another product', () => {
    const fees = feesOf([line(1000n, DEVPAY), line(2000n, DEVPAY), line(100n, DEVPAY, { product: 'scanner' })]);
    expect(fees.map((fee) => fee.fixedMinor)).toEqual([10n, 20n, 30n]);
    expect(fees.map((fee) => fee.platformMinor)).toEqual([40n, 80n, 33n]);
  });

  it('is never more than there is, and is given back by the percentage alone', () => {
    expect(feesOf([line(12n, DEVPAY)])[0]).toMatchObject({ platformMinor: 12n, vendorMinor: 0n });
    expect(feesOf([line(40n, DEVPAY, { infrastructureMinor: 90n })])[0]).toMatchObject({ baseMinor: 0n, platformMinor: 30n });
    expect(feesOf([line(-1000n, DEVPAY)])[0]).toMatchObject({ platformMinor: -30n, vendorMinor: -970n });
    expect(feesOf([line(0n, DEVPAY)])[0]).toMatchObject({ platformMinor: 0n, vendorMinor: 0n });
  });

  it('goes three ways with a reseller, and four with the project inside, to the cent', () => {
    const terms = { ...percentOf(2000), upstream: { organizationId: 'project', basisPoints: 250 } };
    const [fee] = feesOf([line(3097n, terms, { reseller: { organizationId: 'initech', basisPoints: 1000 } })]);
    // 619.4, 309.7, 77.425, 2090.475: the cents that are left go to 0.7 and 0.475.
    expect(fee).toMatchObject({ platformMinor: 619n, vendorMinor: 2091n });
    expect(fee!.others.map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['reseller', 310n],
      ['upstream', 77n],
    ]);
    expect(restOf({ currency: 'usd', model: 'percent', basisPoints: 2000, amountMinor: 3097n, ...fee! })).toBe(
      '30.97 − 6.19 − 3.10 (reseller) − 0.77 (upstream) = 20.91',
    );
  });

  it('cuts the parts of others to what the fee leaves', () => {
    const reseller = { organizationId: 'initech', basisPoints: 9000 };
    const [fee] = feesOf([line(100n, percentOf(2000), { reseller })]);
    expect(fee).toMatchObject({ platformMinor: 20n, vendorMinor: 0n, others: [{ basisPoints: 8000, amountMinor: 80n }] });
  });

  it('says its percentage as people do', () => {
    expect([2000, 1250, 5, 300].map(percent)).toEqual(['20 %', '12.5 %', '0.05 %', '3 %']);
  });

  const terms = fc.oneof(
    fc.integer({ min: 0, max: 10_000 }).map(percentOf),
    fc.record({
      model: fc.constantFrom('fixed' as const, 'devpay' as const),
      basisPoints: fc.integer({ min: 0, max: 10_000 }),
      fixedMinor: fc.bigInt({ min: 0n, max: 500n }),
      upstream: fc.option(
        fc.record({ organizationId: fc.constant('project'), basisPoints: fc.integer({ min: 0, max: 10_000 }) }),
      ),
    }),
  );
  const anyLine = fc.record({
    netMinor: fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n }),
    product: fc.constantFrom('vault', 'scanner'),
    terms,
    infrastructureMinor: fc.bigInt({ min: 0n, max: 10n ** 5n }),
    reseller: fc.option(fc.record({ organizationId: fc.constant('initech'), basisPoints: fc.integer({ min: 0, max: 10_000 }) })),
  });

  it('and all other parts are the line, none turns its sign, and a bill asks no more than the fixed amount of a product', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 8 }), (lines) =>
        feesOf(lines).every(({ platformMinor, others, vendorMinor }, index) => {
          const { netMinor } = lines[index]!;
          const parts = [platformMinor, vendorMinor, ...others.map((other) => other.amountMinor)];
          const isWhole = parts.reduce((sum, part) => sum + part, 0n) === netMinor;
          return isWhole && parts.every((part) => (netMinor >= 0n ? part >= 0n : part <= 0n));
        }),
      ),
      { numRuns: 5_000 },
    );
  });

  it('leaves others nothing of a line that went back, and all of one that did not, in any order', () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 9n });
    fc.assert(
      fc.property(amounts, amounts, (amount, seed) => {
        const part = seed % (amount + 1n);
        const left = (seed * 7n) % (amount + 1n);
        const kept = partLeft(part, { left, amount });
        return (
          partLeft(part, { left: 0n, amount }) === 0n &&
          partLeft(part, { left: amount, amount }) === part &&
          kept >= 0n &&
          kept <= part &&
          partLeft(-part, { left: -left, amount: -amount }) === -kept
        );
      }),
      { numRuns: 5_000 },
    );
  });
});
