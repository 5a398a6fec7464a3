/**
 * The EC2 SDK, ready to be asked: one client for each account and region, and every error as an Ec2Error. Calls are made once, for
 * the stages try again with a growing pause and say so in *stuck work*.
 */
import { EC2Client } from '@aws-sdk/client-ec2';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LauncherConfig } from '../config.ts';
import { Ec2Error, isGone, toEc2Error } from './ec2.errors.ts';
import type { Place } from './place.ts';

/** An AWS region, and nothing that could make a host name of somebody else's. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

@Injectable()
export class Ec2Clients implements OnApplicationShutdown {
  private readonly clients = new Map<string, EC2Client>();

  constructor(private readonly config: LauncherConfig) {}

  /** @throws Ec2Error */
  async call<T>(place: Place, run: (ec2: EC2Client) => Promise<T>): Promise<T> {
    try {
      return await run(this.client(place));
    } catch (error) {
      throw toEc2Error(error);
    }
  }

  /** @returns undefined when EC2 knows no such thing. */
  async callOrGone<T>(place: Place, run: (ec2: EC2Client) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.call(place, run);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  onApplicationShutdown(): void {
    for (const client of this.clients.values()) client.destroy();
  }

  private client({ region }: Place): EC2Client {
    if (!REGION.test(region)) throw new Ec2Error('refused', 'InvalidRegion', `"${region}" is not an AWS region.`);
    const known = this.clients.get(region);
    if (known) return known;
    const {
      AWS_ENDPOINT_URL_EC2: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    } = this.config;
    const client = new EC2Client({
      region,
      endpoint,
      credentials:
        accessKeyId && secretAccessKey
          ? { accessKeyId, secretAccessKey, sessionToken: this.config.AWS_SESSION_TOKEN }
          : undefined,
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
    });
    this.clients.set(region, client);
    return client;
  }
}

export type Tags = Record<string, string>;

/** As EC2 takes them; it takes no value over 256 characters. */
export const tagList = (tags: Tags): Array<{ Key: string; Value: string }> =>
  Object.entries(tags).map(([Key, value]) => ({ Key, Value: value.slice(0, 256) }));

/** @throws Ec2Error `unavailable` when an answer lacks what it always has. */
export function present<T>(value: T | undefined, operation: string, member: string): T {
  if (value === undefined) throw new Ec2Error('unavailable', 'IncompleteAnswer', `${operation} answered without ${member}.`);
  return value;
}
