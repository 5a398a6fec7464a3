/** Who signed a request on the wire: a vendor with its access key, or a machine with its session. Reads keys and sessions. */
import { timingSafeEqual, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource, In } from 'typeorm';
import { open, sha256 } from '#platform/seal.ts';
import type { VendorKey } from '#tables/api/vendor-key.ts';
import { InstanceSession } from '#tables/metering/instance-session.ts';
import { MeteringConfig } from '../config.ts';
import { Core } from '../core.ts';
import { Remembered } from '../remembered.ts';
import { KeyUse } from './key-use.ts';
import { isSignedWith, readSignature, signingKey, type Signature, type SignedRequest } from './sigv4.ts';
import { refused } from './wire.errors.ts';

/** The name that AWS's SDKs sign metering requests for. */
const SERVICE = 'aws-marketplace';
/** A revoked key must be refused soon. */
const REMEMBERED_SECONDS = 5;
const MOST_SECRETS = 100_000;
const MOST_SIGNING_KEYS = 16;
/** Of the access keys that machines get; those of vendors begin with AKIA, as at AWS. */
const SESSION_PREFIX = 'ASIA';

export interface VendorSigner {
  kind: 'vendor';
  accessKeyId: string;
  vendorId: string;
}

export interface InstanceSigner {
  kind: 'instance';
  accessKeyId: string;
  subscriptionId: string;
  instanceId: string;
  productId: string;
}

/** The signer, and the region the request was signed for. */
export type Signer = (VendorSigner | InstanceSigner) & { region: string };

interface Known {
  signer: VendorSigner | InstanceSigner;
  secret: Secret;
  /** SHA-256 of the session token, and the real time when the session ends; none for a vendor's key. */
  session: { tokenSha256: Buffer; expiresAt: Date } | null;
  isRevoked: boolean;
}

/** What an access key signs with, which never changes, so that it is opened once. */
interface Secret {
  text: string;
  /** Signing keys by day and region: four HMACs saved per request. */
  signingKeys: Map<string, KeyObject>;
}

@Injectable()
export class Signers {
  private readonly known: Remembered<Known>;
  private readonly secrets = new LRUCache<string, Secret>({ max: MOST_SECRETS });

  constructor(
    private readonly db: DataSource,
    private readonly core: Core,
    private readonly config: MeteringConfig,
    private readonly keyUse: KeyUse,
  ) {
    this.known = new Remembered(REMEMBERED_SECONDS, (accessKeyIds) => this.read(accessKeyIds));
  }

  /** @throws WireError 403 when nobody we know signed this request, now. */
  async signerOf(request: SignedRequest): Promise<Signer> {
    // Signatures and sessions age in real time; the clock of the business may be moved.
    const now = new Date();
    const signature = readSignature(request, {
      now,
      skewSeconds: this.config.SIGNATURE_SKEW_SECONDS,
      service: SERVICE,
      regions: this.config.METERING_REGIONS,
    });
    const known = await this.known.one(signature.accessKeyId);
    if (!known || known.isRevoked || !isTokenOf(known, signature))
      throw refused('UnrecognizedClientException', 'The security token included in the request is invalid.');
    if (!isSignedWith(keyFor(known, signature), signature))
      throw refused('InvalidSignatureException', 'The signature does not match the request; check the secret access key.');
    if (known.session && known.session.expiresAt <= now)
      throw refused('ExpiredTokenException', 'The security token included in the request is expired.');
    if (known.signer.kind === 'vendor') this.keyUse.saw(known.signer, now);
    return { ...known.signer, region: signature.region };
  }

  private async read(accessKeyIds: string[]): Promise<Map<string, Known>> {
    const sessionKeys = accessKeyIds.filter((id) => id.startsWith(SESSION_PREFIX));
    const vendorKeys = accessKeyIds.filter((id) => !id.startsWith(SESSION_PREFIX));
    const [vendors, machines] = await Promise.all([
      vendorKeys.length > 0 ? this.core.vendorKeys(vendorKeys) : [],
      sessionKeys.length > 0 ? this.db.manager.findBy(InstanceSession, { accessKeyId: In(sessionKeys) }) : [],
    ]);
    return new Map([
      ...vendors.map((key) => [key.accessKeyId, this.vendor(key)] as const),
      ...machines.map((session) => [session.accessKeyId, this.machine(session)] as const),
    ]);
  }

  private vendor({ accessKeyId, vendorId, secretSealed, revokedAt }: VendorKey): Known {
    return {
      signer: { kind: 'vendor', accessKeyId, vendorId },
      secret: this.secret(`vendor_key:${accessKeyId}`, secretSealed),
      session: null,
      isRevoked: revokedAt !== null,
    };
  }

  private machine({ accessKeyId, ...session }: InstanceSession): Known {
    const { subscriptionId, instanceId, productId } = session;
    return {
      signer: { kind: 'instance', accessKeyId, subscriptionId, instanceId, productId },
      secret: this.secret(`instance_session:${accessKeyId}`, session.secretSealed),
      session: { tokenSha256: Buffer.from(session.tokenSha256, 'hex'), expiresAt: session.expiresAt },
      isRevoked: session.revokedAt !== null,
    };
  }

  /** @param context under which it was sealed, which names the access key. */
  private secret(context: string, sealed: Buffer): Secret {
    const known = this.secrets.get(context);
    if (known) return known;
    const opened: Secret = { text: open(this.config.SECRETS_KEY, context, sealed), signingKeys: new Map() };
    this.secrets.set(context, opened);
    return opened;
  }
}

/** A machine's session comes with its token; a vendor's key comes without one. */
function isTokenOf({ session }: Known, { securityToken }: Signature): boolean {
  if (!session) return securityToken === undefined;
  const sent = sha256(securityToken ?? '');
  return session.tokenSha256.length === sent.length && timingSafeEqual(session.tokenSha256, sent);
}

function keyFor({ secret: { text, signingKeys } }: Known, signature: Signature): KeyObject {
  const name = `${signature.date}/${signature.region}`;
  const known = signingKeys.get(name);
  if (known) return known;
  const key = signingKey(text, signature);
  // A day and a few regions; yesterday's are not needed again.
  if (signingKeys.size >= MOST_SIGNING_KEYS) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}
