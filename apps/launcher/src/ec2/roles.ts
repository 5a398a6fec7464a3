/**
 * Buyers' roles, through the STS SDK: being one for an hour, and whose account one is in then. Whoever asks EC2 gets credentials
 * that are good for some minutes at least. Every call throws Ec2Error.
 */
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { LauncherConfig } from '../config.ts';
import { toEc2Error } from './ec2.errors.ts';
import type { AwsConnection } from './place.ts';

export interface SessionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** A role that itself is used by a role lasts no longer ("role chaining", IAM user guide). */
const SESSION_SECONDS = 3600;
/** The SDK asks for new credentials five minutes before the end of the old ones; those that it gets have to last longer. */
const RENEW_BEFORE_MS = 10 * 60_000;
const MOST_SESSIONS = 1_000;

/** How long AWS is waited for. */
export const PATIENCE = { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true } as const;

@Injectable()
export class Roles implements OnApplicationShutdown {
  private readonly sts: STSClient;
  private readonly sessions = new LRUCache<string, Promise<SessionCredentials>>({ max: MOST_SESSIONS });

  constructor(private readonly config: LauncherConfig) {
    this.sts = this.client(ownCredentials(config));
  }

  /** Credentials of a buyer's role, renewed shortly before they expire. Real time counts, as AWS knows no other. */
  async credentials(connection: AwsConnection): Promise<SessionCredentials> {
    const key = sessionKey(connection);
    const known = this.sessions.get(key);
    if (known && (await known).expiration.getTime() - Date.now() > RENEW_BEFORE_MS) return known;
    const begun = this.sessions.get(key);
    // While the end of the old one was looked at, somebody else may have begun a new one.
    return begun && begun !== known ? begun : this.begin(key, connection);
  }

  /**
   * Becomes a buyer's role anew.
   * @param externalId none, to see whether the role insists on it.
   */
  async assume(connection: AwsConnection, externalId: string | null = connection.externalId): Promise<SessionCredentials> {
    const command = new AssumeRoleCommand({
      RoleArn: connection.roleArn,
      // Stands in the buyer's CloudTrail beside everything that we do there.
      RoleSessionName: `slipway-${connection.id}`,
      ExternalId: externalId ?? undefined,
      DurationSeconds: SESSION_SECONDS,
    });
    try {
      const { Credentials: made } = await this.sts.send(command);
      return {
        accessKeyId: made?.AccessKeyId ?? '',
        secretAccessKey: made?.SecretAccessKey ?? '',
        sessionToken: made?.SessionToken ?? '',
        expiration: made?.Expiration ?? new Date(),
      };
    } catch (error) {
      throw toEc2Error(error);
    }
  }

  /** The account that credentials belong to; the platform's own without any. */
  async account(credentials?: SessionCredentials): Promise<string | null> {
    const sts = credentials ? this.client(credentials) : this.sts;
    try {
      return (await sts.send(new GetCallerIdentityCommand())).Account ?? null;
    } catch (error) {
      throw toEc2Error(error);
    } finally {
      if (credentials) sts.destroy();
    }
  }

  onApplicationShutdown(): void {
    this.sts.destroy();
  }

  private begin(key: string, connection: AwsConnection): Promise<SessionCredentials> {
    const fresh = this.assume(connection);
    this.sessions.set(key, fresh);
    fresh.catch(() => this.sessions.delete(key));
    return fresh;
  }

  private client(credentials: SessionCredentials | OwnCredentials | undefined): STSClient {
    return new STSClient({
      region: this.config.LAUNCH_REGIONS[0],
      // Whoever stands in for EC2 has to answer for STS too: AWS's own knows nothing of its accounts.
      endpoint: this.config.AWS_ENDPOINT_URL_STS ?? this.config.AWS_ENDPOINT_URL_EC2,
      credentials,
      maxAttempts: 1,
      requestHandler: PATIENCE,
    });
  }
}

/** Another role, or the same with another external id, is another session. */
export const sessionKey = ({ id, roleArn, externalId }: AwsConnection): string => [id, roleArn, externalId].join(' ');

interface OwnCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | undefined;
}

/** @returns undefined to let the SDK look where it usually does. */
export function ownCredentials(config: LauncherConfig): OwnCredentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = config;
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, sessionToken: config.AWS_SESSION_TOKEN } : undefined;
}
