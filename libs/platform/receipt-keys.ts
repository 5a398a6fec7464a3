/** The Ed25519 keys by which receipts are signed and verified. A key's id is made of the key, so nobody has to be believed about it. */
import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** RFC 8410: what stands before the 32 bytes of an Ed25519 seed in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface SigningKey {
  keyId: string;
  publicKeyPem: string;
  /** Off the event loop, on a thread of libuv's. @param sha SHA-256 of what is signed. */
  sign(sha: Buffer): Promise<Buffer>;
}

/** @param seed 32 bytes, base64 (RECEIPT_KEY). */
export function signingKey(seed: string): SigningKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, Buffer.from(seed, 'base64')]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key);
  return {
    keyId: keyIdOf(publicKey),
    publicKeyPem: pemOf(publicKey),
    sign: (sha) =>
      new Promise((resolve, reject) => sign(null, sha, key, (error, signature) => (error ? reject(error) : resolve(signature)))),
  };
}

/** First 16 hex digits of SHA-256 over the key's SubjectPublicKeyInfo in DER. */
export const keyIdOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);

export const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

/** All keys of a PEM bundle, by their ids. @throws Error when one of them is not an Ed25519 public key. */
export function publicKeysOf(bundle: string): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const [pem] of bundle.matchAll(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g)) {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`A key of the bundle is ${key.asymmetricKeyType} and not Ed25519.`);
    keys.set(keyIdOf(key), key);
  }
  return keys;
}

/** Off the event loop, on a thread of libuv's. */
export const isSignedBy = (key: KeyObject, sha: Buffer, signature: Buffer): Promise<boolean> =>
  new Promise((resolve) => verify(null, sha, key, signature, (error, isGood) => resolve(!error && isGood)));
