/**
 * Secrets at rest. A secret that we must read again (an access key's secret) is sealed with AES-256-GCM under SECRETS_KEY and
 * bound to its row by the associated data, so a sealed value copied into another row does not open.
 */
import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

const VERSION = 1;

/**
 * @param key 32 bytes, base64 (SECRETS_KEY).
 * @param context what the secret belongs to, e.g. `vendor_key:AKIA…`; the same is needed to open it.
 */
export function seal(key: string, context: string, secret: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyBytes(key), nonce);
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), sealed]);
}

/** @throws Error when the key, the context or the bytes are not those it was sealed with. */
export function open(key: string, context: string, sealed: Buffer): string {
  if (sealed[0] !== VERSION) throw new Error(`The secret of ${context} is sealed in an unknown form (${sealed[0]}).`);
  const decipher = createDecipheriv('aes-256-gcm', keyBytes(key), sealed.subarray(1, 13));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(13, 29));
  return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
}

export const sha256 = (value: string | Buffer): Buffer => hash('sha256', value, 'buffer');

function keyBytes(key: string): Buffer {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== 32) throw new Error('SECRETS_KEY must be 32 bytes in base64.');
  return bytes;
}
