/** Shapes of what an invoice line is made of, and of where its money went. Amounts are minor units in decimal strings; hashes are hex. */
import { z } from 'zod';
import { FeeReceiptView } from '../split/fee-rules.schema.ts';

const sha = z.string().describe('SHA-256, hex');
const instant = z.iso.datetime();

export const ExplainedRecordView = z
  .object({
    recordId: z.uuid().describe('MeteringRecordId'),
    hour: instant,
    instanceId: z.uuid().nullable().describe('null for what the vendor reported of the subscription as a whole'),
    ec2InstanceId: z.string().nullable(),
    quantity: z.string(),
    signedBy: z
      .string()
      .describe('the access key that reported it, `organization:` or `user:` for a vendor’s API, or `platform`'),
    requestSha: sha,
    receivedAt: instant,
    receipt: z
      .object({ sequence: z.string(), sha, signature: z.string().describe('Ed25519, base64'), keyId: z.string() })
      .nullable()
      .describe('null for some seconds after it was accepted'),
  })
  .meta({ id: 'ExplainedRecord' });
export type ExplainedRecordView = z.output<typeof ExplainedRecordView>;

export const RecordPageView = z
  .object({ items: z.array(ExplainedRecordView), next: z.string().nullable().describe('the cursor of the next page') })
  .meta({ id: 'ExplainedRecordPage' });
export type RecordPageView = z.output<typeof RecordPageView>;

export const ExplanationView = z
  .object({
    line: z.object({
      id: z.uuid(),
      ordinal: z.int(),
      description: z.string(),
      product: z.string(),
      vendor: z.string(),
      buyer: z.string(),
      quantity: z.string(),
      unitSize: z.string(),
      unit: z.string(),
      rate: z.string().nullable(),
      parts: z.array(z.object({ label: z.string(), quantity: z.string(), unitSize: z.string(), rate: z.string() })),
      discounts: z.array(z.object({ code: z.string().nullable(), amountMinor: z.string() })),
      amountMinor: z.string(),
      currency: z.string(),
    }),
    invoice: z.object({
      id: z.uuid().nullable().describe('of the buyer’s invoice; null for a vendor, who is not sent it'),
      number: z.string(),
      state: z.string(),
      finalisedAt: instant,
      paidAt: instant.nullable(),
    }),
    price: z.object({
      priceVersionId: z.uuid(),
      offerId: z.uuid(),
      effectiveFrom: instant,
      noticeGivenAt: instant.nullable(),
      dimension: z.string(),
      model: z.string(),
      terms: z.record(z.string(), z.unknown()).nullable().describe('the price as it is kept; null for a minimum spend'),
      minimumSpend: z.string().nullable(),
    }),
    rating: z.object({
      subscriptionId: z.uuid(),
      periodId: z.uuid(),
      from: instant,
      to: instant,
      revision: z.int().describe('0 for what the period was rated to, higher for what was found later'),
      ratedAt: instant.nullable(),
      exactAmount: z.string().describe('major units times the unit size, before the one rounding of the line'),
      inputSha: sha.nullable().describe('of all charges of the period, as it was rated; null where that was not kept'),
      keptSha: sha.describe('of the charges of this revision as they are kept'),
      reratedSha: sha.describe('of what they rate to again, from what was kept'),
      isSame: z.boolean(),
    }),
    days: z
      .array(
        z.object({
          day: z.string(),
          quantity: z.string().describe('what the line charges of the day; of a late line, what it differs by'),
          rowsSha: sha.describe('of the roll-up that it was rated from'),
          sum: z.string().describe('what the records and corrections that were there by then sum to'),
          records: z.int(),
          corrections: z.int(),
          isProven: z.boolean().describe('whether the records and corrections give that hash'),
        }),
      )
      .describe('roll-ups, by UTC day'),
    costs: z
      .array(z.object({ day: z.string(), amount: z.string() }))
      .describe('of a share of infrastructure: what machines cost'),
    corrections: z.array(
      z.object({
        id: z.uuid(),
        hour: instant,
        delta: z.string(),
        reason: z.string(),
        requestedBy: z.string(),
        approvedBy: z.string(),
        createdAt: instant,
      }),
    ),
    records: RecordPageView.describe('the first of them; the rest is at /v1/explain/:lineId/records'),
    journals: z.array(
      z.object({
        id: z.uuid(),
        idemKey: z.string(),
        kind: z.string(),
        effectiveAt: instant,
        bodySha: sha,
        postings: z
          .array(z.object({ account: z.string(), currency: z.string(), amountMinor: z.string() }))
          .describe('debit positive; on your own accounts, for the operator on all'),
      }),
    ),
    fee: FeeReceiptView.extend({
      feeMinor: z.string().describe("all that is not the vendor's: the platform's fee and the parts of others"),
      releasedAt: instant.nullable(),
    })
      .meta({ id: 'ExplainedFee' })
      .nullable()
      .describe('the receipt; null for the buyer'),
    payment: z
      .object({
        id: z.uuid().nullable(),
        state: z.string(),
        amountMinor: z.string().nullable(),
        stripePaymentIntentId: z.string().nullable(),
        settledAt: instant.nullable(),
      })
      .nullable(),
    transfer: z
      .object({ id: z.uuid(), stripeTransferId: z.string().nullable(), failure: z.string().nullable() })
      .nullable()
      .describe('null for the buyer, and before there is one'),
    payout: z
      .object({
        id: z.uuid(),
        state: z.string(),
        amountMinor: z.string(),
        stripePayoutId: z.string().nullable(),
        sentAt: instant.nullable(),
        paidAt: instant.nullable(),
      })
      .nullable()
      .describe('null for the buyer, and before there is one'),
  })
  .meta({ id: 'Explanation' });
export type ExplanationView = z.output<typeof ExplanationView>;

export const LineId = z.uuid();
export const RecordsQuery = z.object({
  after: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:00:00\.000Z_[0-9a-f-]{36}$/, 'must be a cursor as `next` says it')
    .optional(),
});
export type RecordsQuery = z.output<typeof RecordsQuery>;
