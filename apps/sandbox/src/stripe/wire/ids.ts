/** Ids as Stripe writes them: a prefix that tells the kind, then letters and digits. */
import { randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const randomText = (length: number): string => Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** @param prefix without the underscore: `pi`, `ch`, `txn`. */
export const newId = (prefix: string): string =>
  `${prefix}_${prefix === 'acct' ? '1' : '3'}${randomText(prefix === 'acct' ? 15 : 23)}`;
