/** Ids as Stripe writes them: a prefix that tells the kind, then letters and digits. */
import { randomFillSync } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random bytes are fetched many at a time: each payment takes a dozen ids. */
const pool = new Uint8Array(8192);
let used = pool.length;

export function randomText(length: number): string {
  let made = '';
  while (made.length < length) {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    // Six bits count to 64; the two numbers past the alphabet are passed over, so that all letters are equally likely.
    const letter = ALPHABET[pool[used++]! & 63];
    if (letter) made += letter;
  }
  return made;
}

/** @param prefix without the underscore: `pi`, `ch`, `txn`. */
export const newId = (prefix: string): string =>
  `${prefix}_${prefix === 'acct' ? '1' : '3'}${randomText(prefix === 'acct' ? 15 : 23)}`;
