/** The state of the stand-in's EC2: its tables, its clock and how long things take. Every action works on one of these. */
import { createHash, randomBytes } from 'node:crypto';
import type { SandboxClock } from '../clock.ts';
import type { Store, Table } from '../store.ts';
import type { Image } from './image-state.ts';
import type { Instance } from './instance-state.ts';
import type { SecurityGroup } from './security-group-state.ts';

export interface World {
  store: Store;
  clock: SandboxClock;
  instances: Table<Instance>;
  images: Table<Image>;
  securityGroups: Table<SecurityGroup>;
  /** By `account/resource`: an account sees its own tags of a resource and nobody else's. */
  tags: Table<Tags>;
  tokens: Table<TokenUse>;
  /** How long an instance takes to start, stop or go. */
  bootMs: number;
  /** How long an image copy takes. */
  copyMs: number;
  /** The public address of every instance, where they cannot have one each. */
  sharedAddress: string | undefined;
}

export interface Tags {
  /** The order in which resources were first tagged, for pages. */
  number: number;
  accountId: string;
  region: string;
  resourceId: string;
  tags: Record<string, string>;
}

/** What a ClientToken was first used for. */
export interface TokenUse {
  fingerprint: string;
  /** The resources which the first call made. */
  made: string[];
}

export interface WorldSettings {
  bootMs: number;
  copyMs: number;
  sharedAddress: string | undefined;
}

export const worldOf = (store: Store, clock: SandboxClock, settings: WorldSettings): World => ({
  store,
  clock,
  instances: store.table('ec2.instance'),
  images: store.table('ec2.image'),
  securityGroups: store.table('ec2.security-group'),
  tags: store.table('ec2.tags'),
  tokens: store.table('ec2.client-token'),
  ...settings,
});

/** An id of the vendor's shape: `i-` and 17 hexadecimal digits. */
export const newId = (prefix: string): string => `${prefix}-0${randomBytes(8).toString('hex')}`;

/** The same id for the same parts, for what every account has without ever having made it. */
export const derivedId = (prefix: string, ...parts: string[]): string =>
  `${prefix}-0${createHash('sha256').update(parts.join('/')).digest('hex').slice(0, 16)}`;

export const idPattern = (prefix: string): RegExp => new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`);
