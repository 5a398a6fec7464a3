/** A payout never takes more than the book owes, and old news never turns a payment or a payout back. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCollectable, laterPayment, type PaymentState } from './payment.ts';
import { laterPayout, transfersOf, type PayoutState } from './payout.ts';

const share = fc.record({
  lineId: fc.uuid(),
  paymentId: fc.constantFrom('p1', 'p2', 'p3'),
  amount: fc.bigInt({ min: 0n, max: 10_000n }),
});

describe('a payout', () => {
  it('settles each share once, and pays what the book owes to the cent', () => {
    fc.assert(
      fc.property(
        fc.array(share, { maxLength: 20 }),
        fc.bigInt({ min: -1000n, max: 100_000n }),
        fc.bigInt({ min: 0n, max: 500n }),
        (shares, payable, minimum) => {
          const transfers = transfersOf({ shares, payable, minimum });
          if (transfers.length === 0) return payable < minimum || payable <= 0n;
          const lines = transfers.flatMap((transfer) => transfer.lineIds);
          expect(lines.toSorted()).toEqual(
            shares
              .filter((each) => each.amount > 0n)
              .map((each) => each.lineId)
              .toSorted(),
          );
          expect(transfers.reduce((sum, transfer) => sum + transfer.amount, 0n)).toBe(payable);
          for (const { paymentId, amount } of transfers) {
            const came = shares.filter((each) => each.paymentId === paymentId).reduce((sum, each) => sum + each.amount, 0n);
            // A transfer that names a charge never asks for more than what came with it.
            expect(amount > 0n && (paymentId === null || amount <= came)).toBe(true);
          }
          return payable >= minimum;
        },
      ),
    );
  });

  it('takes each share from its own payment', () => {
    const shares = [
      { lineId: 'a', paymentId: 'p1', amount: 700n },
      { lineId: 'b', paymentId: 'p2', amount: 600n },
      { lineId: 'c', paymentId: 'p1', amount: 200n },
    ];
    expect(transfersOf({ shares, payable: 1500n, minimum: 100n })).toEqual([
      { paymentId: 'p1', amount: 900n, lineIds: ['a', 'c'] },
      { paymentId: 'p2', amount: 600n, lineIds: ['b'] },
    ]);
    expect(transfersOf({ shares, payable: 1500n, minimum: 1501n })).toEqual([]);
  });

  it('keeps back from the oldest what the vendor has to give back', () => {
    const shares = [
      { lineId: 'a', paymentId: 'p1', amount: 700n },
      { lineId: 'b', paymentId: 'p2', amount: 600n },
    ];
    expect(transfersOf({ shares, payable: 1250n, minimum: 100n })).toEqual([
      { paymentId: 'p1', amount: 650n, lineIds: ['a'] },
      { paymentId: 'p2', amount: 600n, lineIds: ['b'] },
    ]);
    expect(transfersOf({ shares, payable: 500n, minimum: 100n })).toEqual([
      { paymentId: 'p2', amount: 500n, lineIds: ['a', 'b'] },
    ]);
    expect(transfersOf({ shares, payable: -1n, minimum: 0n })).toEqual([]);
  });

  it('pays from the platform’s own balance what it owes beside the shares', () => {
    expect(transfersOf({ shares: [], payable: 300n, minimum: 100n })).toEqual([{ paymentId: null, amount: 300n, lineIds: [] }]);
    const shares = [{ lineId: 'a', paymentId: 'p1', amount: 700n }];
    expect(transfersOf({ shares, payable: 1000n, minimum: 100n })).toEqual([
      { paymentId: 'p1', amount: 700n, lineIds: ['a'] },
      { paymentId: null, amount: 300n, lineIds: [] },
    ]);
  });
});

const endOf = <T>(later: (current: T, news: T) => T, start: T, all: T[]): T => all.reduce(later, start);

describe('news of money', () => {
  it('comes to the same end in any order and any number', () => {
    const payments = fc.array(fc.constantFrom<PaymentState>('processing', 'failed', 'succeeded'), { minLength: 1 });
    const payouts = fc.array(fc.constantFrom<PayoutState>('sent', 'paid', 'returned'), { minLength: 1 });
    fc.assert(
      fc.property(payments, payouts, (seen, sent) => {
        expect(endOf(laterPayment, 'planned', seen)).toBe(endOf(laterPayment, 'planned', [...seen.toReversed(), ...seen]));
        expect(endOf(laterPayout, 'reserved', sent)).toBe(endOf(laterPayout, 'reserved', [...sent.toReversed(), ...sent]));
      }),
    );
  });

  it('never un-says money that came in, and does say that it came after all', () => {
    expect(laterPayment('succeeded', 'failed')).toBe('succeeded');
    expect(laterPayment('failed', 'succeeded')).toBe('succeeded');
    expect(laterPayout('paid', 'sent')).toBe('paid');
    expect(laterPayout('paid', 'returned')).toBe('returned');
  });

  it('collects what is large enough', () => {
    expect([isCollectable(49n, 50n), isCollectable(50n, 50n), isCollectable(0n, 0n)]).toEqual([false, true, false]);
  });
});
