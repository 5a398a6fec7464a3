/** Every recipe balances, whatever the amounts; and a cent can be followed from the buyer to the vendor, and back. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refundable, returnOf, type RefundableLine } from '../refund.ts';
import { splitLine } from '../split.ts';
import { creditNoteIssued } from './credit-note.ts';
import { creditApplied, creditExpired, creditGranted } from './credit.ts';
import { disputeFee, disputeLost, disputeOpened, disputeWon } from './dispute.ts';
import { entry, type Entry } from './entry.ts';
import { invoiceFinalised } from './invoice.ts';
import { paymentSucceeded, stripeFee } from './payment.ts';
import {
  partShared,
  payoutReserved,
  payoutSent,
  payoutVoid,
  shareReleased,
  shareReserved,
  shareUnreserved,
  shareHeld,
  shareUnheld,
  transferReversed,
} from './payout.ts';
import { refundPosted, refundReturned, refundSent, refundVoid } from './refund.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
const vendorId = fc.constantFrom('acme', 'initech', 'umbrella');
const line = fc
  .record({ vendorId, net: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 12n }), points: fc.integer({ min: 0, max: 10_000 }) })
  .map(({ net, points, ...rest }) => ({ ...rest, ...splitLine(net, points) }));
const lines = fc.array(line, { maxLength: 20 });
const returned = fc.array(
  fc.record({ vendorId, fee: amount, vendor: amount, from: fc.constantFrom('unsettled' as const, 'payable' as const) }),
  { maxLength: 10 },
);

const sumOf = ({ postings }: Entry): bigint => postings.reduce((all, posting) => all + posting.amountMinor, 0n);

function balancesOf(entries: Entry[]): Record<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const { account, amountMinor } of entries.flatMap(({ postings }) => postings))
    balances.set(account, (balances.get(account) ?? 0n) + amountMinor);
  return Object.fromEntries([...balances].filter(([, balance]) => balance !== 0n));
}

describe('ledger recipes', () => {
  const usd = { currency: 'usd' };
  const owed = { ...usd, vendorId: 'acme' };
  const recipes: Record<string, fc.Arbitrary<Entry>> = {
    'an invoice': lines.map((own) => invoiceFinalised({ invoiceId: 'i', buyerId: 'globex', ...usd, lines: own })),
    'a credit note': returned.map((own) => creditNoteIssued({ creditNoteId: 'n', buyerId: 'globex', ...usd, lines: own })),
    'a credit that is given': amount.map((each) => creditGranted({ grantId: 'g', buyerId: 'globex', ...usd, amount: each })),
    'a credit that is used': amount.map((each) =>
      creditApplied({ invoiceId: 'i', grantId: 'g', buyerId: 'globex', ...usd, amount: each }),
    ),
    'a credit that is over': amount.map((each) => creditExpired({ grantId: 'g', buyerId: 'globex', ...usd, amount: each })),
    'a payment': amount.map((each) => paymentSucceeded({ paymentIntentId: 'pi', buyerId: 'globex', ...usd, amount: each })),
    "Stripe's fee": amount.map((fee) => stripeFee({ balanceTransactionId: 'txn', ...usd, fee })),
    'a share that is released': amount.map((each) => shareReleased({ lineId: 'l', ...owed, amount: each })),
    'a part that is shared': amount.map((each) => partShared({ shareId: 's', ...owed, amount: -each })),
    'a share that is reserved': amount.map((each) => shareReserved({ reserveId: 'r', ...owed, amount: each })),
    'a reserve that is over': amount.map((each) => shareUnreserved({ reserveId: 'r', ...owed, amount: each })),
    'a share that is held': amount.map((each) => shareHeld({ holdId: 'h', ...owed, amount: each })),
    'a share that is not held any more': amount.map((each) => shareUnheld({ holdId: 'h', ...owed, amount: each })),
    'a payout that is set aside': amount.map((each) => payoutReserved({ payoutId: 'p', ...owed, amount: each })),
    'a payout that is sent': amount.map((each) => payoutSent({ payoutId: 'p', ...usd, amount: each })),
    'a payout that is refused': amount.map((each) => payoutVoid({ payoutId: 'p', ...owed, amount: each })),
    'a transfer that is taken back': amount.map((each) => transferReversed({ reversalId: 'trr', ...owed, amount: each })),
    'a refund': returned.map((own) => refundPosted({ refundId: 'r', ...usd, lines: own })),
    'a refund that comes to nothing': returned.map((own) => refundVoid({ refundId: 'r', ...usd, lines: own })),
    'a refund that is sent': amount.map((each) => refundSent({ stripeRefundId: 're', ...usd, amount: each })),
    'a refund that comes back': amount.map((each) => refundReturned({ stripeRefundId: 're', ...usd, amount: each })),
    'a dispute': amount.map((each) => disputeOpened({ disputeId: 'dp', ...usd, amount: each })),
    "a dispute's fee": amount.map((each) => disputeFee({ disputeId: 'dp', ...usd, amount: each })),
    'a dispute that is won': amount.map((each) => disputeWon({ disputeId: 'dp', ...usd, amount: each })),
    'a dispute that is lost': returned.map((own) => disputeLost({ disputeId: 'dp', invoiceId: 'i', ...usd, lines: own })),
  };

  for (const [what, recipe] of Object.entries(recipes))
    it(`balances ${what}, and posts nothing of nothing`, () => {
      fc.assert(
        fc.property(recipe, (made) => sumOf(made) === 0n && made.postings.every((posting) => posting.amountMinor !== 0n)),
        { numRuns: 500 },
      );
    });

  it('does not let one currency balance another', () => {
    const mixed = [
      { account: 'stripe_clearing', currency: 'usd', amountMinor: 5n },
      { account: 'stripe_clearing', currency: 'eur', amountMinor: -5n },
    ];
    expect(() => entry('k', 'test', mixed)).toThrow('out of balance by 5 usd');
  });

  it('follows a cent from the buyer to the vendor and ends with nothing in between', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 9n }), (total) => {
        const { fee, vendor } = splitLine(total, 2000);
        const common = { ...owed, buyerId: 'globex' };
        const entries = [
          invoiceFinalised({ invoiceId: 'i', ...common, lines: [{ vendorId: 'acme', fee, vendor }] }),
          paymentSucceeded({ paymentIntentId: 'pi', ...common, amount: total }),
          shareReleased({ lineId: 'l', ...common, amount: vendor }),
          payoutReserved({ payoutId: 'p1', ...common, amount: vendor }),
          payoutVoid({ payoutId: 'p1', ...common, amount: vendor }),
          payoutReserved({ payoutId: 'p2', ...common, amount: vendor }),
          payoutSent({ payoutId: 'p2', ...common, amount: vendor }),
        ];
        return Object.keys(balancesOf(entries)).every((account) => ['stripe_clearing', 'platform_revenue'].includes(account));
      }),
    );
  });

  it('follows it back: after a payout, refunds in parts of any size leave nobody with anything', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        fc.integer({ min: 0, max: 10_000 }),
        parts,
        (total, points, percents) => {
          const { fee, vendor } = splitLine(total, points);
          const common = { ...owed, buyerId: 'globex' };
          const entries = [
            invoiceFinalised({ invoiceId: 'i', ...common, lines: [{ vendorId: 'acme', fee, vendor }] }),
            paymentSucceeded({ paymentIntentId: 'pi', ...common, amount: total }),
            shareReleased({ lineId: 'l', ...common, amount: vendor }),
            payoutReserved({ payoutId: 'p', ...common, amount: vendor }),
            payoutSent({ payoutId: 'p', ...common, amount: vendor }),
          ];
          let own: RefundableLine = { lineId: 'l', amount: total, fee, returned: { amount: 0n, fee: 0n } };
          const giveBack = (asked: bigint): void => {
            for (const part of returnOf([own], asked)) {
              const number = entries.length;
              const all = { vendorId: 'acme', fee: part.fee, vendor: part.vendor, from: 'payable' as const };
              entries.push(refundPosted({ refundId: `r${number}`, ...usd, lines: [all] }));
              entries.push(refundSent({ stripeRefundId: `re${number}`, ...usd, amount: part.amount }));
              entries.push(transferReversed({ reversalId: `trr${number}`, ...owed, amount: part.vendor }));
              own = { ...own, returned: { amount: own.returned.amount + part.amount, fee: own.returned.fee + part.fee } };
            }
          };
          for (const percent of percents) {
            const asked = (refundable([own]) * BigInt(percent)) / 100n;
            if (asked > 0n) giveBack(asked);
          }
          if (refundable([own]) > 0n) giveBack(refundable([own]));
          return Object.keys(balancesOf(entries)).length === 0;
        },
      ),
      { numRuns: 500 },
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
