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
