/** The state of the stand-in's EC2: its tables, its clock and how long things take. Every action works on one of these. */
import { createHash, randomBytes } from 'node:crypto';
import type { SandboxClock } from '../clock.ts';
import { Past } from '../past.ts';
import type { Index, Store, Table } from '../store.ts';
import type { Contents } from './contents.ts';
import type { Image } from './image-state.ts';
import type { Instance } from './instance-state.ts';
import type { KeyPair } from './key-pairs.ts';
import type { PlacementGroup } from './placement-group-state.ts';
import type { SecurityGroup } from './security-group-state.ts';
import type { Snapshot } from './snapshot-state.ts';
import type { Volume } from './volume-state.ts';
import { Weather, type WeatherSettings } from './weather.ts';

export interface World {
  store: Store;
  clock: SandboxClock;
  instances: Table<Instance>;
  images: Table<Image>;
  securityGroups: Table<SecurityGroup>;
  keyPairs: Table<KeyPair>;
  placementGroups: Table<PlacementGroup>;
  volumes: Table<Volume>;
  snapshots: Table<Snapshot>;
  /** What is written on a volume or kept in a snapshot, by the id of either. */
  contents: Table<Contents>;
  /** By `account/resource`: an account sees its own tags of a resource and nobody else's. */
  tags: Table<Tags>;
  tokens: Table<TokenUse>;
  find: Finders;
  weather: Weather;
  /** What Describe calls look at while it lags. */
  past: Past;
  /** How long an instance takes to start, stop or go. */
  bootMs: number;
  /** How long an image copy takes. */
  copyMs: number;
  /** How long a volume takes to be made, attached, detached or deleted. */
  volumeMs: number;
  /** How long a snapshot takes, and its copy. */
  snapshotMs: number;
  /** The public address of every instance, where they cannot have one each. */
  sharedAddress: string | undefined;
}

/** What is looked up otherwise than by its id. */
export interface Finders {
  /** By `account/region`, see `placeOf`. */
  instances: Index<Instance>;
  /** By `account/region/token`. */
  instancesByToken: Index<Instance>;
  /** By `zone/type`. */
  instancesInZone: Index<Instance>;
  /** By the id of the placement group. */
  instancesInGroup: Index<Instance>;
  keyPairs: Index<KeyPair>;
  placementGroups: Index<PlacementGroup>;
  volumes: Index<Volume>;
  /** By the id of the instance that they were last attached to. */
  volumesOf: Index<Volume>;
  /** By region: accounts share them. */
  snapshots: Index<Snapshot>;
  /** By the id of the volume. */
  snapshotsOf: Index<Snapshot>;
  tags: Index<Tags>;
  /** By `account/region/key=value`. */
  tagged: Index<Tags>;
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

export interface WorldSettings extends Pick<World, 'bootMs' | 'copyMs' | 'volumeMs' | 'snapshotMs' | 'sharedAddress'> {
  weather: WeatherSettings;
}

export function worldOf(store: Store, clock: SandboxClock, { weather, ...settings }: WorldSettings): World {
  const tables = {
    instances: store.table<Instance>('ec2.instance'),
    images: store.table<Image>('ec2.image'),
    securityGroups: store.table<SecurityGroup>('ec2.security-group'),
    keyPairs: store.table<KeyPair>('ec2.key-pair'),
    placementGroups: store.table<PlacementGroup>('ec2.placement-group'),
    volumes: store.table<Volume>('ec2.volume'),
    snapshots: store.table<Snapshot>('ec2.snapshot'),
    contents: store.table<Contents>('ec2.contents'),
    tags: store.table<Tags>('ec2.tags'),
  };
  const past = new Past(() => clock.now().getTime());
  for (const table of Object.values(tables)) table.keep(past);
  const { instances, keyPairs, placementGroups, volumes, snapshots, tags } = tables;
  const find: Finders = {
    instances: instances.index((instance) => [placeOf(instance)]),
    instancesByToken: instances.index((instance) =>
      instance.clientToken === undefined ? [] : [`${placeOf(instance)}/${instance.clientToken}`],
    ),
    instancesInZone: instances.index(({ zone, instanceType }) => [`${zone}/${instanceType}`]),
    instancesInGroup: instances.index(({ membership }) => (membership ? [membership.groupId] : [])),
    keyPairs: keyPairs.index((pair) => [placeOf(pair)]),
    placementGroups: placementGroups.index((group) => [placeOf(group)]),
    volumes: volumes.index((volume) => [placeOf(volume)]),
    volumesOf: volumes.index(({ attachment }) => (attachment ? [attachment.instanceId] : [])),
    snapshots: snapshots.index((snapshot) => [snapshot.region]),
    snapshotsOf: snapshots.index((snapshot) => [snapshot.volumeId]),
    tags: tags.index((entry) => [placeOf(entry)]),
    tagged: tags.index((entry) => Object.entries(entry.tags).map(([key, value]) => `${placeOf(entry)}/${key}=${value}`)),
  };
  const tokens = store.table<TokenUse>('ec2.client-token');
  return { store, clock, ...tables, tokens, find, past, weather: new Weather(store, past, weather), ...settings };
}

/** Where an account's things are: `account/region`. */
export const placeOf = ({ accountId, region }: { accountId: string; region: string }): string => `${accountId}/${region}`;

/** An id of the vendor's shape: `i-` and 17 hexadecimal digits. */
export const newId = (prefix: string): string => `${prefix}-0${randomBytes(8).toString('hex')}`;

/** The same id for the same parts, for what every account has without ever having made it. */
export const derivedId = (prefix: string, ...parts: string[]): string =>
  `${prefix}-0${createHash('sha256').update(parts.join('/')).digest('hex').slice(0, 16)}`;

export const idPattern = (prefix: string): RegExp => new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`);
