/** Stands in for what is not generated yet. */
type InvoiceSummary = {
  id: string;
  number: string;
  buyer: string;
  state: 'open' | 'paid';
  currency: string;
  periodStart: string;
  periodEnd: string;
  totalMinor: string;
  finalisedAt: string;
  dueAt: string;
  paidAt: string | null;
  paymentFailure: string | null;
};
export interface PendingSchemas {
  InvoiceSummary: InvoiceSummary;
  Invoice: InvoiceSummary & {
    lines: {
      ordinal: number;
      product: string;
      vendor: string;
      description: string;
      quantity: string;
      unit: string;
      rate: string;
      amountMinor: string;
    }[];
  };
  Earnings: {
    currencies: {
      currency: string;
      earnedMinor: string;
      unsettledMinor: string;
      payableMinor: string;
      inTransitMinor: string;
      paidOutMinor: string;
    }[];
    lines: {
      invoice: string;
      product: string;
      description: string;
      currency: string;
      amountMinor: string;
      feeMinor: string;
      vendorMinor: string;
      finalisedAt: string;
      releasedAt: string | null;
    }[];
  };
  Payout: {
    id: string;
    amountMinor: string;
    currency: string;
    state: 'reserved' | 'sent' | 'paid' | 'void';
    invoice: string;
    failure: string | null;
    createdAt: string;
    sentAt: string | null;
    paidAt: string | null;
  };
  PaymentMethod: { paymentMethodId: string | null; cardLabel: string | null };
  PayoutAccount: { accountId: string | null; payoutsEnabled: boolean };
  Platform: {
    currencies: { currency: string; volumeMinor: string; takeMinor: string; receivableMinor: string; invoices: number }[];
    stuck: { queue: string; rowId: string; attempts: number; lastError: string; since: string }[];
  };
  TrialBalance: {
    items: { account: string; currency: string; balanceMinor: string }[];
    totals: { currency: string; totalMinor: string }[];
  };
}
interface Json<T> {
  headers: Record<string, unknown>;
  content: { 'application/json': T };
}
interface Put<T, B> {
  put: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody: { content: { 'application/json': B } };
    responses: { 200: Json<T> };
  };
}
interface GetAll<T> {
  get: {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    requestBody?: never;
    responses: { 200: Json<T> };
  };
}
export interface PendingPaths {
  '/v1/invoices': GetAll<{ items: PendingSchemas['InvoiceSummary'][] }>;
  '/v1/invoices/{id}': {
    get: {
      parameters: { query?: never; header?: never; path: { id: string }; cookie?: never };
      requestBody?: never;
      responses: { 200: Json<PendingSchemas['Invoice']> };
    };
  };
  '/v1/payment-method': GetAll<PendingSchemas['PaymentMethod']> &
    Put<PendingSchemas['PaymentMethod'], { paymentMethodId: string }>;
  '/v1/payout-account': GetAll<PendingSchemas['PayoutAccount']> &
    Put<PendingSchemas['PayoutAccount'], { country: string; email: string }>;
  '/v1/earnings': GetAll<PendingSchemas['Earnings']>;
  '/v1/payouts': GetAll<{ items: PendingSchemas['Payout'][] }>;
  '/v1/platform': GetAll<PendingSchemas['Platform']>;
  '/v1/ledger/trial-balance': GetAll<PendingSchemas['TrialBalance']>;
  '/v1/usage': {
    get: {
      parameters: {
        query: { subscriptionId: string; from?: string; to?: string; limit?: number };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: { 200: Json<{ days: { day: string; dimension: string; quantity: string }[] }> };
    };
  };
}
