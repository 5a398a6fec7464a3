/** One line of an export of receipts: read, its hash made anew, its signature verified. */
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { headText, receiptText, type ChainHead } from '#domain/receipt.ts';
import type { CheckedRow, SignatureState } from '#domain/receipt-chain.ts';
import { isSignedBy } from '#platform/receipt-keys.ts';
import { sha256 } from '#platform/seal.ts';

/** 64 bytes. */
const base64 = z.string().max(100);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const number = z.string().regex(/^\d{1,20}$/);

// Strict: what is not signed has no place in a line.
const receipt = z.strictObject({
  subscriptionId: z.string(),
  sequence: number,
  previous: hash,
  recordId: z.string(),
  hour: z.string(),
  source: z.string(),
  dimension: z.string(),
  quantity: z.string().nullable(),
  receivedAt: z.string().nullable(),
  signedBy: z.string().nullable(),
  requestSha: z.string().nullable(),
  sha: hash,
  signature: base64,
  keyId: z.string(),
});

const head = z.strictObject({
  head: z.strictObject({
    subscriptionId: z.string(),
    sequence: number,
    sha: hash,
    count: number,
    exportedAt: z.string(),
    signature: base64,
    keyId: z.string(),
  }),
});

export type ReadLine =
  | { is: 'receipt'; row: CheckedRow; hour: string }
  | { is: 'head'; head: ChainHead & { signature: SignatureState } }
  | { is: 'unreadable'; why: string };

export type Keys = ReadonlyMap<string, KeyObject>;

/** Never throws; a line that is no receipt is `unreadable`. */
export async function readLine(line: string, keys: Keys): Promise<ReadLine> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { is: 'unreadable', why: 'It is not JSON.' };
  }
  const end = head.safeParse(value);
  if (end.success) {
    const { signature, keyId, ...said } = end.data.head;
    return { is: 'head', head: { ...said, signature: await signatureState(keys, keyId, sha256(headText(said)), signature) } };
  }
  const parsed = receipt.safeParse(value);
  if (!parsed.success) return { is: 'unreadable', why: `It is no receipt: ${whatIsWrong(parsed.error)}.` };
  const { sha, signature, keyId, ...content } = parsed.data;
  const { quantity, receivedAt, signedBy, requestSha } = content;
  const isThere = quantity !== null && receivedAt !== null && signedBy !== null && requestSha !== null;
  const isSame =
    isThere && sha256(receiptText({ ...content, quantity, receivedAt, signedBy, requestSha })).toString('hex') === sha;
  return {
    is: 'receipt',
    hour: content.hour,
    row: {
      subscriptionId: content.subscriptionId,
      sequence: BigInt(content.sequence),
      recordId: content.recordId,
      previous: content.previous,
      sha,
      content: isSame ? 'same' : isThere ? 'changed' : 'gone',
      signature: await signatureState(keys, keyId, Buffer.from(sha, 'hex'), signature),
    },
  };
}

async function signatureState(keys: Keys, keyId: string, sha: Buffer, signature: string): Promise<SignatureState> {
  const key = keys.get(keyId);
  if (!key) return 'unknown key';
  const bytes = Buffer.from(signature, 'base64');
  // The last digit of base64 has bits that say nothing; they are not free to be changed either.
  return bytes.toString('base64') === signature && (await isSignedBy(key, sha, bytes)) ? 'good' : 'bad';
}

const whatIsWrong = (error: z.ZodError): string =>
  error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')).join('; ');
