/**
 * Credentials for machines. A machine shows its EC2 identity document, signed, and a nonce; when the document is that of a launch
 * we know it gets credentials of ours for some hours, good for its own usage and nothing else. Reads launcher.instance through
 * Core; writes metering.instance_binding and metering.instance_session.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Inject, Injectable } from '@nestjs/common';
import type { Certificate } from 'pkijs';
import type { Logger } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { takesUsage } from '#domain/usage.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { ConfigError } from '#platform/config.ts';
import { seal, sha256 } from '#platform/seal.ts';
import { LOG } from '#platform/tokens.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { InstanceBinding, InstanceSession } from '#tables/metering/instance-session.ts';
import { MeteringConfig } from '../config.ts';
import { CallerIdentity } from './caller-identity.ts';
import { Core } from '../core.ts';
import { certificatesIn, signedText } from './identity-document.ts';
import {
  IdentityDocument,
  type CallerProof,
  type DocumentProof,
  type IdentityProof,
  type InstanceCredentials,
} from './sessions.schema.ts';

const AWS_CERTIFICATES = new URL('aws-identity-certificates.pem', import.meta.url);
const HOUR_MS = 3_600_000;
/** EC2's time of the start may be written a little differently in the document and in DescribeInstances. */
const PENDING_TIME_TOLERANCE_MS = HOUR_MS;
/** An agent asks every few hours; a machine that asks so often is broken or somebody else. */
const MOST_PER_MINUTE = 10;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

@Injectable()
export class InstanceSessions {
  private readonly certificates: Certificate[];

  constructor(
    private readonly db: DataSource,
    private readonly core: Core,
    private readonly callers: CallerIdentity,
    private readonly clock: Clock,
    private readonly config: MeteringConfig,
    @Inject(LOG) private readonly log: Logger,
  ) {
    this.certificates = pinned(config.IDENTITY_CERTIFICATES_FILE);
  }

  /** @throws DomainError `forbidden` when the proof does not hold, `throttled` when a machine asks too often. */
  async open(proof: IdentityProof): Promise<InstanceCredentials> {
    const instance = 'callerIdentity' in proof ? await this.machineOfCaller(proof) : await this.machineOfDocument(proof);
    // Sessions age in real time, as the signatures made with them do; the clock of the business may be moved.
    const now = new Date();
    const secret = {
      accessKeyId: `ASIA${base32(16)}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(48).toString('base64'),
      expiresAt: new Date(now.getTime() + this.config.SESSION_HOURS * HOUR_MS),
    };
    await this.db.transaction(async (tx) => {
      // The document is no secret, so it takes a nonce besides; a role's credentials are one.
      if ('nonce' in proof) await this.bind(tx, instance, proof.nonce);
      await refuseTooMany(tx, instance, now);
      await tx.insert(InstanceSession, {
        accessKeyId: secret.accessKeyId,
        subscriptionId: instance.subscriptionId,
        instanceId: instance.id,
        productId: instance.productId,
        secretSealed: seal(this.config.SECRETS_KEY, `instance_session:${secret.accessKeyId}`, secret.secretAccessKey),
        tokenSha256: sha256(secret.sessionToken).toString('hex'),
        createdAt: now,
        expiresAt: secret.expiresAt,
        revokedAt: null,
      });
    });
    this.log.info({ instanceId: instance.id, accessKeyId: secret.accessKeyId }, 'a machine proved its identity');
    return {
      Version: 1,
      AccessKeyId: secret.accessKeyId,
      SecretAccessKey: secret.secretAccessKey,
      SessionToken: secret.sessionToken,
      Expiration: secret.expiresAt.toISOString(),
    };
  }

  /** @throws DomainError `missing` when the machine is not the caller's. */
  async revoke(caller: Caller, instanceId: string): Promise<void> {
    const instance = await this.core.instance(instanceId);
    if (!instance || (caller.kind === 'buyer' && instance.buyerId !== caller.organizationId)) throw missing('machine');
    await this.db.query(
      `update metering.instance_session session set revoked_at = $2
        where session.subscription_id = $3 and session.instance_id = $1 and session.revoked_at is null`,
      [instanceId, new Date(), instance.subscriptionId],
    );
    this.log.info({ instanceId }, "a machine's credentials were revoked");
  }

  private async machineOfDocument({ identityDocument, signature }: DocumentProof): Promise<Instance> {
    return this.machineOf(await this.provenDocument(identityDocument, signature));
  }

  /** The machine whose role signed a GetCallerIdentity, as STS says. */
  private async machineOfCaller({ callerIdentity }: CallerProof): Promise<Instance> {
    const caller = await this.callers.machineOf(callerIdentity);
    if (typeof caller === 'string') throw this.refusal('identity_not_proven', `This proves no identity: ${caller}.`, {});
    const instance = await this.core.instanceAtEc2(caller.region, caller.ec2InstanceId);
    if (!instance || instance.ec2AccountId !== caller.accountId || !ALIVE.has(instance.state))
      throw this.refusal('machine_unknown', UNKNOWN, { caller });
    await this.refuseEnded(instance);
    return instance;
  }

  /** The document that EC2 signed; what was sent beside it only has to be the same. */
  private async provenDocument(sent: string, signature: string): Promise<IdentityDocument> {
    const text = await signedText(signature, this.certificates);
    if (text === undefined || text.trim() !== sent.trim())
      throw this.refusal('identity_not_proven', 'The identity document is not signed by a certificate that we know of EC2.', {});
    const document = IdentityDocument.safeParse(jsonOf(text));
    if (!document.success) throw this.refusal('identity_not_proven', 'What EC2 signed is not an instance identity document.', {});
    return document.data;
  }

  /** The machine that a launch made, and that the document is about in everything we know of it. */
  private async machineOf(document: IdentityDocument): Promise<Instance> {
    const instance = await this.core.instanceAtEc2(document.region, document.instanceId);
    const differs = instance ? difference(instance, document) : 'instanceId';
    if (!instance || differs) throw this.refusal('machine_unknown', UNKNOWN, { document, differs });
    await this.refuseEnded(instance);
    return instance;
  }

  /** @throws DomainError */
  private async refuseEnded(instance: Instance): Promise<void> {
    const subscription = await this.core.subscription(instance.subscriptionId);
    const now = this.clock.now();
    const graceMinutes = this.config.UNSUBSCRIBE_GRACE_MINUTES;
    if (!subscription || !takesUsage({ endedAt: subscription.endedAt, at: subscription.endedAt ?? now, now, graceMinutes }))
      throw this.refusal('subscription_ended', "This machine's subscription has ended.", { instanceId: instance.id });
  }

  /** The first nonce binds: whoever copied the document from the machine, but not its nonce, gets nothing. */
  private async bind(tx: EntityManager, { id, subscriptionId }: Instance, nonce: string): Promise<void> {
    const nonceSha256 = sha256(nonce).toString('hex');
    const row = { instanceId: id, subscriptionId, nonceSha256, boundAt: this.clock.now() };
    await tx.createQueryBuilder().insert().into(InstanceBinding).values(row).orIgnore().execute();
    const bound = await tx.findOneByOrFail(InstanceBinding, { instanceId: id });
    if (!timingSafeEqual(Buffer.from(bound.nonceSha256, 'hex'), Buffer.from(nonceSha256, 'hex')))
      throw this.refusal('nonce_differs', 'This machine proved its identity with another nonce before.', { instanceId: id });
  }

  /** Every refusal stands in the log: a copied document shows there first. */
  private refusal(code: string, detail: string, about: object): DomainError {
    this.log.warn({ code, ...about }, 'a machine was refused credentials');
    return new DomainError('forbidden', code, detail);
  }
}

const UNKNOWN = 'This is not a machine that runs here under a subscription, or not yet; try again.';
const ALIVE = new Set<Instance['state']>(['pending', 'running', 'healthy']);

/** The first thing in which a document is not about `instance`. */
function difference(instance: Instance, document: IdentityDocument): string | undefined {
  const startedAt = instance.launchedAt ?? instance.attemptedAt ?? instance.createdAt;
  if (instance.ec2AccountId !== document.accountId) return 'accountId';
  if (instance.amiId !== document.imageId) return 'imageId';
  if (!ALIVE.has(instance.state)) return 'state';
  return Math.abs(document.pendingTime.getTime() - startedAt.getTime()) > PENDING_TIME_TOLERANCE_MS ? 'pendingTime' : undefined;
}

/** @throws DomainError throttled */
async function refuseTooMany(tx: EntityManager, { id }: Instance, now: Date): Promise<void> {
  const [{ count }] = await tx.query(
    `select count(*)::int as count from metering.instance_session session
      where session.instance_id = $1 and session.created_at > $2`,
    [id, new Date(now.getTime() - 60_000)],
  );
  if (count >= MOST_PER_MINUTE)
    throw new DomainError(
      'throttled',
      'too_many_sessions',
      `A machine gets credentials ${MOST_PER_MINUTE} times a minute; wait.`,
    );
}

/** @throws ConfigError when the file cannot be read or holds no certificate. */
function pinned(file: string | undefined): Certificate[] {
  try {
    return certificatesIn(readFileSync(file ?? AWS_CERTIFICATES, 'utf8'));
  } catch (error) {
    throw new ConfigError([`IDENTITY_CERTIFICATES_FILE (${file}) does not give certificates: ${(error as Error).message}`]);
  }
}

const base32 = (length: number): string => [...randomBytes(length)].map((byte) => BASE32[byte % 32]).join('');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
