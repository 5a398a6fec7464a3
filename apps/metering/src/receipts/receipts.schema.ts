/** Shapes of receipts as the two sides of a subscription take them away. libs/domain/receipt.ts says over what each is signed. */
import { z } from 'zod';

const subscriptionId = z.uuid().toLowerCase();
const sha = (of: string) => z.string().describe(`${of}; SHA-256, hex`);

export const ReceiptsQuery = z.object({
  subscriptionId,
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'must be a sequence')
    .default('0')
    .describe('the last sequence that is known'),
  limit: z.coerce.number().int().min(1).max(1000).default(1000).describe('receipts at most'),
});
export type ReceiptsQuery = z.output<typeof ReceiptsQuery>;

export const ReceiptsExportQuery = z.object({ subscriptionId });
export type ReceiptsExportQuery = z.output<typeof ReceiptsExportQuery>;

export const UsageReceiptView = z
  .object({
    subscriptionId,
    sequence: z.string().describe('1, 2, 3 …'),
    previous: sha('`sha` of the receipt before; zeros for the first'),
    recordId: z.uuid().describe('MeteringRecordId on the AWS wire'),
    hour: z.string().describe('start of the hour of use, UTC'),
    source: z.uuid().describe("the machine's id, or the subscription's"),
    dimension: z.string(),
    quantity: z.string().nullable().describe('null when the record is no longer there'),
    receivedAt: z.string().nullable(),
    signedBy: z.string().nullable().describe('the access key that reported it, or `platform`'),
    requestSha: sha('what was asked for').nullable(),
    sha: sha('all of the above'),
    signature: z.string().describe('Ed25519 over `sha`, base64'),
    keyId: z.string().describe('of GET /v1/receipt-keys'),
  })
  .meta({ id: 'UsageReceipt' });
export type UsageReceiptView = z.output<typeof UsageReceiptView>;

export const ReceiptsView = z
  .object({
    items: z.array(UsageReceiptView),
    nextAfter: z.string().nullable().describe('`after` of the next page; null when this is the last'),
  })
  .meta({ id: 'UsageReceipts' });
export type ReceiptsView = z.output<typeof ReceiptsView>;

export const ReceiptKeysView = z
  .object({
    items: z.array(
      z.object({
        keyId: z.string().describe('first 16 hex digits of SHA-256 over the key in DER (SubjectPublicKeyInfo)'),
        publicKeyPem: z.string().describe('Ed25519'),
        isCurrent: z.boolean().describe('whether it signs now; earlier keys stay published'),
      }),
    ),
  })
  .meta({ id: 'ReceiptKeys' });
export type ReceiptKeysView = z.output<typeof ReceiptKeysView>;
