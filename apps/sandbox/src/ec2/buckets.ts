/**
 * The token buckets by which EC2 throttles, one for each account, region and action (EC2 Developer Guide, "Request throttling").
 * They live in memory: a sandbox that starts again starts with full buckets.
 */
import type { Call } from './call.ts';
import type { Parameters } from './query.ts';

/** Which kinds of buckets are in force. */
export interface Throttle {
  /** One token for each call. */
  requests: boolean;
  /** One token for each instance that is made, started, stopped or ended. */
  resources: boolean;
  /** Whether tokens come back; unless it is said, they do. Without, what follows does not depend on how fast the caller is. */
  refills?: boolean | undefined;
}

interface Size {
  most: number;
  perSecond: number;
}

const READING: Size = { most: 100, perSecond: 20 };
const READING_ALL: Size = { most: 50, perSecond: 10 };
const WRITING: Size = { most: 50, perSecond: 5 };

/** Actions that read from a smaller bucket when they are called without a filter and without a page size. */
const LARGE = ['DescribeInstances', 'DescribeInstanceStatus', 'DescribeSecurityGroups', 'DescribeSnapshots', 'DescribeVolumes'];

const OWN: Record<string, Size> = {
  RunInstances: { most: 5, perSecond: 2 },
  StartInstances: { most: 5, perSecond: 2 },
  TerminateInstances: { most: 100, perSecond: 5 },
  CreateTags: { most: 100, perSecond: 10 },
  DeleteTags: { most: 100, perSecond: 10 },
  CopyImage: { most: 100, perSecond: 1 },
  DeregisterImage: { most: 100, perSecond: 5 },
  ModifyImageAttribute: { most: 100, perSecond: 5 },
  CreateVolume: { most: 100, perSecond: 5 },
  DeleteVolume: { most: 100, perSecond: 5 },
  CreateSnapshot: { most: 100, perSecond: 5 },
  DeleteSnapshot: { most: 100, perSecond: 5 },
  ModifySnapshotAttribute: { most: 100, perSecond: 5 },
};

const RESOURCES: Record<string, Size> = {
  RunInstances: { most: 1000, perSecond: 2 },
  StartInstances: { most: 1000, perSecond: 2 },
  StopInstances: { most: 1000, perSecond: 20 },
  TerminateInstances: { most: 1000, perSecond: 20 },
};

type Caller = Pick<Call, 'accountId' | 'region' | 'now'>;

/** Takes so many tokens of a bucket, if it has them. */
interface Taking {
  size: Size;
  count: number;
  refills?: boolean | undefined;
}

export class Buckets {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  /** Whether there was a token for the call. */
  takeRequest(caller: Caller, action: string, parameters: Parameters, { refills }: Throttle): boolean {
    const [kind, size] = requestSize(action, parameters);
    return this.take(`${caller.accountId}/${caller.region}/${action}/${kind}`, { size, count: 1, refills }, caller.now);
  }

  /** Whether there were as many tokens; if not, none is taken. */
  takeResources(caller: Caller, action: string, count: number, { refills }: Throttle): boolean {
    const size = RESOURCES[action];
    return size
      ? this.take(`${caller.accountId}/${caller.region}/${action}/resources`, { size, count, refills }, caller.now)
      : true;
  }

  fill(): void {
    this.buckets.clear();
  }

  private take(key: string, { size: { most, perSecond }, count, refills = true }: Taking, now: Date): boolean {
    const { tokens, at } = this.buckets.get(key) ?? { tokens: most, at: now.getTime() };
    // A clock that was turned back refills nothing.
    const passed = refills ? Math.max(0, now.getTime() - at) / 1000 : 0;
    const refilled = Math.min(most, tokens + passed * perSecond);
    const left = refilled - count;
    this.buckets.set(key, { tokens: left < 0 ? refilled : left, at: now.getTime() });
    return left >= 0;
  }
}

function requestSize(action: string, parameters: Parameters): ['all' | 'some', Size] {
  if (Object.hasOwn(OWN, action)) return ['some', OWN[action] ?? WRITING];
  if (!/^(Describe|Get)/.test(action)) return ['some', WRITING];
  const asksForAll = LARGE.includes(action) && parameters.Filter === undefined && parameters.MaxResults === undefined;
  return asksForAll ? ['all', READING_ALL] : ['some', READING];
}
