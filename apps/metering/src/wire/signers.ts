/** Who signed a request on the wire: a vendor with its access key, or a machine with its session. Reads keys and sessions. */
import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { open, sha256 } from '#platform/seal.ts';
import { InstanceSession } from '#tables/metering/instance-session.ts';
import { MeteringConfig } from '../config.ts';
import { Core } from '../core.ts';
import { isSignedWith, readSignature, signingKey, type Signature, type SignedRequest } from './sigv4.ts';
import { refused } from './wire.errors.ts';

/** The name that AWS's SDKs sign metering requests for. */
const SERVICE = 'aws-marketplace';
/** A revoked key must be refused soon. */
const REMEMBERED_MS = 5_000;
const MOST_REMEMBERED = 10_000;

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
  secret: string;
  /** SHA-256 of the session token, and the real time when the session ends; none for a vendor's key. */
  session: { tokenSha256: string; expiresAt: Date } | null;
  isRevoked: boolean;
  /** Signing keys by day and region: four HMACs saved per request. */
  signingKeys: Map<string, Buffer>;
  forgetAt: number;
}

@Injectable()
export class Signers {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly db: DataSource,
    private readonly core: Core,
    private readonly config: MeteringConfig,
  ) {}

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
    const known = await this.remembered(signature.accessKeyId, now);
    if (!known || known.isRevoked || !isTokenOf(known, signature))
      throw refused('UnrecognizedClientException', 'The security token included in the request is invalid.');
    if (!isSignedWith(keyFor(known, signature), signature, request))
      throw refused('InvalidSignatureException', 'The signature does not match the request; check the secret access key.');
    if (known.session && known.session.expiresAt <= now)
      throw refused('ExpiredTokenException', 'The security token included in the request is expired.');
    return { ...known.signer, region: signature.region };
  }

  private async remembered(accessKeyId: string, now: Date): Promise<Known | null> {
    const known = this.known.get(accessKeyId);
    if (known && known.forgetAt > now.getTime()) return known;
    this.known.delete(accessKeyId);
    const read = (await this.vendor(accessKeyId)) ?? (await this.machine(accessKeyId));
    if (!read) return null;
    if (this.known.size >= MOST_REMEMBERED) this.known.clear();
    const fresh: Known = { ...read, signingKeys: new Map(), forgetAt: now.getTime() + REMEMBERED_MS };
    this.known.set(accessKeyId, fresh);
    return fresh;
  }

  private async vendor(accessKeyId: string): Promise<Omit<Known, 'signingKeys' | 'forgetAt'> | null> {
    const key = await this.core.vendorKey(accessKeyId);
    if (!key) return null;
    return {
      signer: { kind: 'vendor', accessKeyId, vendorId: key.vendorId },
      secret: open(this.config.SECRETS_KEY, `vendor_key:${accessKeyId}`, key.secretSealed),
      session: null,
      isRevoked: key.revokedAt !== null,
    };
  }

  private async machine(accessKeyId: string): Promise<Omit<Known, 'signingKeys' | 'forgetAt'> | null> {
    const session = await this.db.manager.findOneBy(InstanceSession, { accessKeyId });
    if (!session) return null;
    const { subscriptionId, instanceId, productId } = session;
    return {
      signer: { kind: 'instance', accessKeyId, subscriptionId, instanceId, productId },
      secret: open(this.config.SECRETS_KEY, `instance_session:${accessKeyId}`, session.secretSealed),
      session: { tokenSha256: session.tokenSha256, expiresAt: session.expiresAt },
      isRevoked: session.revokedAt !== null,
    };
  }
}

/** A machine's session comes with its token; a vendor's key comes without one. */
function isTokenOf({ session }: Known, { securityToken }: Signature): boolean {
  if (!session) return securityToken === undefined;
  const expected = Buffer.from(session.tokenSha256, 'hex');
  const sent = sha256(securityToken ?? '');
  return expected.length === sent.length && timingSafeEqual(expected, sent);
}

function keyFor({ secret, signingKeys }: Known, signature: Signature): Buffer {
  const name = `${signature.date}/${signature.region}`;
  const key = signingKeys.get(name) ?? signingKey(secret, signature);
  signingKeys.set(name, key);
  return key;
}
