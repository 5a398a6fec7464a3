/**
 * The bad weather of EC2, which the control port makes: throttling, describe calls that lag, zones without room for a type of
 * instance, zones that fail. Fair unless told otherwise, and remembered like everything else.
 */
import { VendorError } from '../vendor-error.ts';
import type { Past } from '../past.ts';
import type { Store, Table } from '../store.ts';
import { Buckets, type Throttle } from './buckets.ts';
import type { Call } from './call.ts';
import type { Parameters } from './query.ts';

export interface WeatherSettings {
  throttle: Throttle;
  /** Milliseconds of the sandbox's time. */
  describeLagMs: number;
}

/** How many instances of a type may run in a zone at a time, whoever's they are. */
export interface Capacity {
  zone: string;
  instanceType: string;
  instances: number;
}

export class Weather {
  private readonly set: Table<Partial<WeatherSettings>>;
  private readonly capacity: Table<Capacity>;
  private readonly downZones: Table<{ zone: string }>;
  private readonly buckets = new Buckets();

  /** @param otherwise what holds until the control port says something else. */
  constructor(
    store: Store,
    private readonly past: Past,
    private readonly otherwise: WeatherSettings,
  ) {
    this.set = store.table('weather');
    this.capacity = store.table('weather.capacity');
    this.downZones = store.table('weather.down-zone');
    this.past.lagMs = this.now().describeLagMs;
  }

  now(): WeatherSettings {
    return { ...this.otherwise, ...this.set.get('now') };
  }

  change(changed: Partial<WeatherSettings>): void {
    this.set.set('now', { ...this.set.get('now'), ...changed });
    this.past.lagMs = this.now().describeLagMs;
  }

  /** Everything as the settings say, every zone up and roomy, every bucket full. */
  clear(): void {
    this.set.delete('now');
    this.past.lagMs = this.now().describeLagMs;
    for (const { zone, instanceType } of this.capacity.values()) this.capacity.delete(`${zone}/${instanceType}`);
    for (const { zone } of this.downZones.values()) this.downZones.delete(zone);
    this.buckets.fill();
  }

  shown(): WeatherSettings & { capacity: Capacity[]; zonesDown: string[] } {
    return { ...this.now(), capacity: this.capacity.values(), zonesDown: this.downZones.values().map(({ zone }) => zone) };
  }

  /** @param instances undefined for as many as anybody wants. */
  limit({ zone, instanceType, instances }: Omit<Capacity, 'instances'> & { instances: number | undefined }): void {
    const key = `${zone}/${instanceType}`;
    if (instances === undefined) this.capacity.delete(key);
    else this.capacity.set(key, { zone, instanceType, instances });
  }

  /** How many instances of the type may run in the zone; infinite unless somebody set a limit. */
  capacityFor(zone: string, instanceType: string): number {
    if (this.isDown(zone)) return 0;
    return this.capacity.get(`${zone}/${instanceType}`)?.instances ?? Number.POSITIVE_INFINITY;
  }

  isDown(zone: string): boolean {
    return this.downZones.get(zone) !== undefined;
  }

  failZone(zone: string): void {
    this.downZones.set(zone, { zone });
  }

  restoreZone(zone: string): void {
    this.downZones.delete(zone);
  }

  /** @throws VendorError RequestLimitExceeded when the account has called this action too often. */
  admit(call: Pick<Call, 'accountId' | 'region' | 'now'>, action: string, parameters: Parameters): void {
    if (!this.now().throttle.requests) return;
    if (!this.buckets.takeRequest(call, action, parameters, this.now().throttle)) throw tooMany(call, action, 'request');
  }

  /** @throws VendorError RequestLimitExceeded when the account has made, started, stopped or ended too many instances. */
  admitInstances(call: Pick<Call, 'accountId' | 'region' | 'now'>, action: string, count: number): void {
    if (!this.now().throttle.resources) return;
    if (!this.buckets.takeResources(call, action, count, this.now().throttle)) throw tooMany(call, action, 'resource');
  }
}

const tooMany = ({ accountId }: Pick<Call, 'accountId'>, action: string, kind: string): VendorError =>
  new VendorError(
    'RequestLimitExceeded',
    `Request limit exceeded. Account ${accountId} has been throttled on ec2:${action} because it exceeded its ${kind} rate limit.`,
  );
