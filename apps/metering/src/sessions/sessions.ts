/** Trades a machine's proof of identity for credentials of ours that sign for that machine and nothing else. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { Clock } from '#platform/clock.ts';
import { seal, sha256 } from '#platform/seal.ts';
import { LOG } from '#platform/tokens.ts';
import { InstanceBinding, InstanceSession } from '#tables/metering/instance-session.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { MeteringConfig } from '../config.ts';
import { Core } from '../core.ts';
import { IdentityRefused, readIdentity, type IdentityDocument } from './identity.ts';
import type { IdentityProof, SessionCredentials } from './sessions.schema.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const MOST_PER_HOUR = 60;
/** A document's pending time is when EC2 began to start the machine; it and our note of the launch are minutes apart at most. */
const LAUNCH_TOLERANCE_MS = 3_600_000;
const RUNNING = new Set(['pending', 'running', 'healthy']);

@Injectable()
export class InstanceSessions {
  constructor(
    private readonly db: DataSource,
    private readonly core: Core,
    private readonly config: MeteringConfig,
    private readonly clock: Clock,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /**
   * @throws DomainError `identity_refused` (401), `instance_bound_already` (403: another nonce was first), `too_many_sessions`
   *   (429), `certificates_missing` (503: this marketplace is not set up for it).
   */
  async open({ identityDocument, signature, nonce }: IdentityProof): Promise<SessionCredentials> {
    const certificates = await this.certificates();
    try {
      const identity = await readIdentity({ document: identityDocument, signature, certificates });
      const instance = await this.machineOf(identity);
      await this.bind(instance, nonce);
      return await this.issue(instance);
    } catch (error) {
      if (!(error instanceof IdentityRefused)) throw error;
      this.log.warn({ reason: error.message }, 'a proof of identity was refused');
      throw new DomainError('unauthenticated', 'identity_refused', 'This does not prove to be a machine that was launched here and is running.');
    }
  }

  /** @throws DomainError `unavailable` */
  private async certificates(): Promise<string> {
    const file = this.config.IDENTITY_CERTIFICATES_FILE;
    // Read each time: certificates are replaced while we run, and machines ask only every few hours.
    const pem = file ? await readFile(file, 'utf8').catch(() => '') : '';
    if (pem) return pem;
    throw new DomainError('unavailable', 'certificates_missing', 'The operator has to set IDENTITY_CERTIFICATES_FILE to the certificates that sign identity documents.');
  }

  private async machineOf({ region, instanceId, imageId, accountId, pendingTime }: IdentityDocument): Promise<Instance> {
    const instance = await this.core.instanceInEc2(region, instanceId);
    if (!instance || !RUNNING.has(instance.state)) throw new IdentityRefused(`${instanceId} is not running for us`);
    if (instance.amiId !== imageId) throw new IdentityRefused(`${instanceId} runs another image`);
    if (instance.ec2AccountId && instance.ec2AccountId !== accountId) throw new IdentityRefused(`${instanceId} is in another account`);
    const launchedAt = instance.launchedAt ?? instance.createdAt;
    if (Math.abs(pendingTime.getTime() - launchedAt.getTime()) > LAUNCH_TOLERANCE_MS) throw new IdentityRefused(`${instanceId} was started at another time`);
    const subscription = await this.core.subscription(instance.subscriptionId);
    if (!subscription || subscription.endedAt) throw new IdentityRefused('the subscription has ended');
    return instance;
  }

  /** The document can be read by anything on the machine, and never changes: the first to come keeps everybody else out. */
  private async bind({ id, subscriptionId }: Instance, nonce: string): Promise<void> {
    const nonceSha256 = sha256(nonce).toString('hex');
    const binding = { instanceId: id, subscriptionId, nonceSha256, boundAt: this.clock.now() };
    await this.db.createQueryBuilder().insert().into(InstanceBinding).values(binding).orIgnore().execute();
    const bound = await this.db.manager.findOneByOrFail(InstanceBinding, { instanceId: id });
    if (bound.nonceSha256 === nonceSha256) return;
    this.log.warn({ instanceId: id, boundAt: bound.boundAt }, 'a second nonce was shown for a machine');
    throw new DomainError('forbidden', 'instance_bound_already', 'This machine was claimed with another nonce. Only a new machine gets a new one.');
  }

  private async issue({ id: instanceId, subscriptionId, productId }: Instance): Promise<SessionCredentials> {
    // Signatures are about real time, so the credentials' life is too.
    const now = new Date();
    const expiresAt = new Date(now.getTime() + this.config.SESSION_HOURS * 3_600_000);
    const [{ recent }] = await this.db.query('select count(*)::int as recent from metering.instance_session where instance_session.instance_id = $1 and instance_session.created_at > $2', [
      instanceId,
      new Date(now.getTime() - 3_600_000),
    ]);
    if (recent >= MOST_PER_HOUR) throw new DomainError('throttled', 'too_many_sessions', 'Keep the credentials until shortly before they expire.');
    const accessKeyId = `ASIA${[...randomBytes(16)].map((byte) => BASE32[byte & 31]).join('')}`;
    const secret = randomBytes(30).toString('base64');
    const token = randomBytes(48).toString('base64');
    await this.db.manager.insert(InstanceSession, {
      accessKeyId,
      subscriptionId,
      instanceId,
      productId,
      secretSealed: seal(this.config.SECRETS_KEY, `instance_session:${accessKeyId}`, secret),
      tokenSha256: sha256(token).toString('hex'),
      createdAt: now,
      expiresAt,
      revokedAt: null,
    });
    return { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secret, SessionToken: token, Expiration: expiresAt.toISOString() };
  }
}
