/** Every recipe balances, whatever the amounts. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  invoiceFinalised,
  paymentSucceeded,
  payoutReserved,
  payoutSent,
  payoutVoid,
  shareReleased,
  stripeFee,
  type Entry,
} from './ledger.ts';
import { splitLine } from './split.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
const sumOf = (entry: Entry): bigint => entry.postings.reduce((all, posting) => all + posting.amountMinor, 0n);

describe('ledger recipes', () => {
  it('balances an invoice of any lines over any vendors, and posts nothing of nothing', () => {
    const line = fc.record({
      vendorId: fc.constantFrom('acme', 'initech', 'umbrella'),
      net: amount,
      points: fc.integer({ min: 0, max: 10_000 }),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const split = lines.map(({ vendorId, net, points }) => ({ vendorId, ...splitLine(net, points) }));
        const entry = invoiceFinalised({ invoiceId: 'i', buyerId: 'globex', currency: 'usd', lines: split });
        return sumOf(entry) === 0n && entry.postings.every((posting) => posting.amountMinor !== 0n);
      }),
      { numRuns: 5_000 },
    );
  });

  it('follows a cent from the buyer to the vendor and ends with nothing in between', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 9n }), (total) => {
        const { fee, vendor } = splitLine(total, 2000);
        const common = { currency: 'usd', vendorId: 'acme', buyerId: 'globex' };
        const entries = [
          invoiceFinalised({ invoiceId: 'i', ...common, lines: [{ vendorId: 'acme', fee, vendor }] }),
          paymentSucceeded({ paymentIntentId: 'pi', ...common, amount: total }),
          shareReleased({ lineId: 'l', ...common, amount: vendor }),
          payoutReserved({ payoutId: 'p1', ...common, amount: vendor }),
          payoutVoid({ payoutId: 'p1', ...common, amount: vendor }),
          payoutReserved({ payoutId: 'p2', ...common, amount: vendor }),
          payoutSent({ payoutId: 'p2', ...common, amount: vendor }),
        ];
        const balances = new Map<string, bigint>();
        for (const { account, amountMinor } of entries.flatMap((entry) => entry.postings))
          balances.set(account, (balances.get(account) ?? 0n) + amountMinor);
        const left = [...balances].filter(([, balance]) => balance !== 0n);
        return (
          left.every(([account]) => account === 'stripe_clearing' || account === 'platform_revenue') &&
          entries.every((entry) => sumOf(entry) === 0n)
        );
      }),
    );
  });

  it('names each event once', () => {
    expect(stripeFee({ balanceTransactionId: 'txn_1', currency: 'usd', fee: 142n })).toEqual({
      idemKey: 'stripe:txn_1',
      kind: 'stripe_fee',
      postings: [
        { account: 'stripe_fees', currency: 'usd', amountMinor: 142n },
        { account: 'stripe_clearing', currency: 'usd', amountMinor: -142n },
      ],
    });
  });
});
