/** A payout never takes more than the book owes, and old news never turns a payment or a payout back. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCollectable, laterPayment, standingAfter, type PaymentState } from './payment.ts';
import { laterPayout, runIdOf, transfersOf, type PayoutState } from './payout.ts';

const share = fc.record({
  lineId: fc.uuid(),
  paymentId: fc.constantFrom('p1', 'p2', 'p3'),
  amount: fc.bigInt({ min: 0n, max: 10_000n }),
});

describe('a payout', () => {
  it('takes each share once, from its own payment, and no more than the book owes', () => {
    fc.assert(
      fc.property(
        fc.array(share, { maxLength: 20 }),
        fc.bigInt({ min: -1000n, max: 100_000n }),
        fc.bigInt({ min: 0n, max: 500n }),
        (shares, payable, minimum) => {
          const transfers = transfersOf({ shares, payable, minimum });
          const total = transfers.reduce((sum, transfer) => sum + transfer.amount, 0n);
          const lines = transfers.flatMap((transfer) => transfer.lineIds);
          for (const transfer of transfers) {
            const own = shares.filter((candidate) => transfer.lineIds.includes(candidate.lineId));
            expect(own.every((candidate) => candidate.paymentId === transfer.paymentId)).toBe(true);
            expect(own.reduce((sum, candidate) => sum + candidate.amount, 0n)).toBe(transfer.amount);
          }
          expect(new Set(lines).size).toBe(lines.length);
          expect(transfers.length === 0 || (total <= payable && total >= minimum)).toBe(true);
        },
      ),
    );
  });

  it('waits with a share that the book does not cover, and goes on with the next that it does', () => {
    const shares = [
      { lineId: 'a', paymentId: 'p1', amount: 700n },
      { lineId: 'b', paymentId: 'p1', amount: 600n },
      { lineId: 'c', paymentId: 'p2', amount: 200n },
    ];
    expect(transfersOf({ shares, payable: 1000n, minimum: 100n })).toEqual([
      { paymentId: 'p1', amount: 700n, lineIds: ['a'] },
      { paymentId: 'p2', amount: 200n, lineIds: ['c'] },
    ]);
    expect(transfersOf({ shares, payable: 1000n, minimum: 1000n })).toEqual([]);
  });

  it('belongs to the run of its day, in UTC', () => {
    expect(runIdOf(new Date('2026-02-03T23:59:59Z'))).toBe('2026-02-03');
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

  it('makes a buyer past due, and good again', () => {
    expect(standingAfter('good', true)).toBe('past_due');
    expect(standingAfter('past_due', false)).toBe('good');
    expect(standingAfter('suspended', true)).toBe('suspended');
    expect([isCollectable(49n, 50n), isCollectable(50n, 50n), isCollectable(0n, 0n)]).toEqual([false, true, false]);
  });
});
