/** The key by which this marketplace signs receipts (RECEIPT_KEY), and the public keys of all it ever signed by. */
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { pemOf, publicKeysOf, signingKey, type SigningKey } from '#platform/receipt-keys.ts';
import { MeteringConfig } from '../config.ts';

export interface PublicKey {
  keyId: string;
  publicKeyPem: string;
  isCurrent: boolean;
}

@Injectable()
export class ReceiptKeys {
  readonly current: SigningKey;
  /** The one that signs now, then earlier ones. */
  readonly published: readonly PublicKey[];

  constructor(config: MeteringConfig) {
    const current = signingKey(config.RECEIPT_KEY);
    const file = config.RECEIPT_PUBLIC_KEYS_FILE;
    const earlier = file ? publicKeysOf(readFileSync(file, 'utf8')) : new Map<string, never>();
    earlier.delete(current.keyId);
    this.current = current;
    this.published = [
      { keyId: current.keyId, publicKeyPem: current.publicKeyPem, isCurrent: true },
      ...[...earlier].map(([keyId, key]) => ({ keyId, publicKeyPem: pemOf(key), isCurrent: false })),
    ];
  }
}
