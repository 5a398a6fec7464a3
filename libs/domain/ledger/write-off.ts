/** What giving up on an invoice posts. Vendors are paid from what buyers paid, so their shares go; the platform's fee was earned, and is lost. */
import type { Minor } from '../money.ts';
import { account, entry, reverse, type Entry, type Posting } from './entry.ts';

const keyOf = (invoiceId: string): string => `invoice:${invoiceId}:writeoff`;

export const invoiceWrittenOff = ({
  invoiceId,
  buyerId,
  currency,
  lines,
}: {
  invoiceId: string;
  buyerId: string;
  currency: string;
  /** The parts of what is still due. */
  lines: ReadonlyArray<{ vendorId: string; fee: Minor; vendor: Minor }>;
}): Entry =>
  entry(keyOf(invoiceId), 'invoice_written_off', [
    ...lines.flatMap(({ vendorId, fee, vendor }) => [
      { account: account.vendorUnsettled(vendorId), currency, amountMinor: vendor },
      { account: account.badDebt, currency, amountMinor: fee },
    ]),
    {
      account: account.buyerReceivable(buyerId),
      currency,
      amountMinor: -lines.reduce((sum, { fee, vendor }) => sum + fee + vendor, 0n),
    },
  ]);

/** It is paid after all: everything is as before it was given up. @param postings of the write-off, as they were posted */
export const writeOffRecovered = (invoiceId: string, postings: readonly Posting[]): Entry =>
  reverse(
    { idemKey: keyOf(invoiceId), kind: 'invoice_written_off', postings: [...postings] },
    `${keyOf(invoiceId)}:recovered`,
    'write_off_recovered',
  );

export const writeOffKeyOf = keyOf;
