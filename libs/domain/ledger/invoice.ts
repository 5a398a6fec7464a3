/** What an invoice posts: when it is sent, and when nobody expects it to be paid any more. */
import type { Minor } from '../money.ts';
import { account, entry, type Entry } from './entry.ts';

export interface InvoiceShares {
  invoiceId: string;
  buyerId: string;
  currency: string;
  lines: Array<{ vendorId: string; fee: Minor; vendor: Minor }>;
}

/** The buyer owes the total; the vendors' shares wait for the money; the fee is ours. */
export function invoiceFinalised({ invoiceId, buyerId, currency, lines }: InvoiceShares): Entry {
  const total = lines.reduce((sum, line) => sum + line.fee + line.vendor, 0n);
  const vendors = [...new Set(lines.map((line) => line.vendorId))].sort();
  return entry(`invoice:${invoiceId}:finalise`, 'invoice_finalised', [
    { account: account.buyerReceivable(buyerId), currency, amountMinor: total },
    ...vendors.map((vendorId) => ({
      account: account.vendorUnsettled(vendorId),
      currency,
      amountMinor: -lines.filter((line) => line.vendorId === vendorId).reduce((sum, line) => sum + line.vendor, 0n),
    })),
    { account: account.platformRevenue, currency, amountMinor: -lines.reduce((sum, line) => sum + line.fee, 0n) },
  ]);
}

/**
 * The buyer will not pay. The shares of vendors that waited for the money are not owed to them any more; the fee that was counted as
 * revenue is a loss of the platform's.
 * @param invoice.lines what of each line was not paid
 */
export function invoiceWrittenOff({ invoiceId, buyerId, currency, lines }: InvoiceShares): Entry {
  return entry(`invoice:${invoiceId}:writeoff`, 'invoice_written_off', [
    ...lines.map((line) => ({ account: account.vendorUnsettled(line.vendorId), currency, amountMinor: line.vendor })),
    { account: account.badDebt, currency, amountMinor: lines.reduce((sum, line) => sum + line.fee, 0n) },
    {
      account: account.buyerReceivable(buyerId),
      currency,
      amountMinor: -lines.reduce((sum, line) => sum + line.fee + line.vendor, 0n),
    },
  ]);
}
