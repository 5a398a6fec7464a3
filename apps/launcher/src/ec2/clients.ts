/**
 * The EC2 SDK, ready to be asked: one client for each account and region, and every error as an Ec2Error. Calls are made once, for
 * the stages try again with a growing pause and say so in *stuck work*.
 */
import { EC2Client, type TagSpecification } from '@aws-sdk/client-ec2';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { OWNER_TAG, PLATFORM } from '#domain/aws-access.ts';
import { LauncherConfig } from '../config.ts';
import { Ec2Error, isGone, kindOf, toEc2Error } from './ec2.errors.ts';
import { Pacer } from './pacer.ts';
import type { Place } from './place.ts';
import { ownCredentials, PATIENCE, Roles, sessionKey } from './roles.ts';

/** An AWS region, and nothing that could make a host name of somebody else's. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

const MOST_CLIENTS = 500;

@Injectable()
export class Ec2Clients implements OnApplicationShutdown {
  private readonly clients = new LRUCache<string, EC2Client>({ max: MOST_CLIENTS });
  private http: EC2Client['config']['requestHandler'] | undefined;

  constructor(
    private readonly config: LauncherConfig,
    private readonly roles: Roles,
    private readonly pacer: Pacer,
  ) {}

  /** @throws Ec2Error; `throttled` without a call, when the account was throttled lately and this would come too soon. */
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
    this.http?.destroy?.();
  }

  private client(place: Place): EC2Client {
    const { region, connection } = place;
    if (!REGION.test(region)) throw new Ec2Error('refused', 'InvalidRegion', `"${region}" is not an AWS region.`);
    const key = `${region} ${connection ? sessionKey(connection) : PLATFORM}`;
    const known = this.clients.get(key);
    if (known) return known;
    const client = new EC2Client({
      region,
      endpoint: this.config.AWS_ENDPOINT_URL_EC2,
      credentials: connection ? () => this.roles.credentials(connection) : ownCredentials(this.config),
      maxAttempts: 1,
      requestHandler: this.http ?? PATIENCE,
    });
    // All clients share the first one's connections: one that is dropped to make room may have calls under way.
    this.http = client.config.requestHandler;
    tagWhatIsMade(client, connection?.id ?? PLATFORM);
    keepPace(client, place, this.pacer);
    this.clients.set(key, client);
    return client;
  }
}

/**
 * Whatever a call makes carries the tag by which the policies in domain/aws-access.ts know what is ours. Here and not with each
 * call, so that none can forget it.
 */
function tagWhatIsMade(client: EC2Client, owner: string): void {
  const tag = { Key: OWNER_TAG, Value: owner };
  client.middlewareStack.add(
    (next) => (args) => {
      const { TagSpecifications } = args.input as { TagSpecifications?: TagSpecification[] };
      if (!TagSpecifications) return next(args);
      const tagged = TagSpecifications.map((made) => ({ ...made, Tags: [...(made.Tags ?? []), tag] }));
      return next({ ...args, input: { ...args.input, TagSpecifications: tagged } });
    },
    { step: 'initialize', name: 'tagWhatIsMade' },
  );
}

/** Each action of an account has a bucket of its own at EC2, so each has a pace of its own. */
function keepPace(client: EC2Client, place: Place, pacer: Pacer): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const action = commandName.replace(/Command$/, '');
        pacer.admit(place, action);
        try {
          const result = await next(args);
          pacer.wentThrough(place, action);
          return result;
        } catch (error) {
          if (kindOf((error as Error).name, undefined) === 'throttled') pacer.wasThrottled(place, action);
          throw error;
        }
      },
    { step: 'initialize', name: 'keepPace' },
  );
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
