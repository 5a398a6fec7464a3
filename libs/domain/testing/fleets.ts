/** Fleets of Globex's for specs: a wish, machines that report or do not, and what is remembered of them. */
import type { Member, Target } from '../fleet-load.ts';
import type { FleetWish, Memory } from '../fleet-size.ts';
import type { FleetSituation } from '../scaling.ts';

export const NOON = new Date('2026-01-05T12:00:00Z');
export const ago = (seconds: number): Date => new Date(NOON.getTime() - seconds * 1000);
export const QUEUE: Target = { metric: 'queue_depth', perMachine: 10, scope: 'machine', idleAt: 0 };

export const wish = (given: Partial<FleetWish> = {}): FleetWish => ({
  min: 1,
  max: 10,
  fixed: null,
  target: QUEUE,
  windows: [],
  outSeconds: 60,
  inSeconds: 300,
  hourlyCeiling: null,
  idleMinutes: null,
  drainSeconds: 120,
  isEnded: false,
  wakeRequestedAt: null,
  changedAt: ago(86_400),
  ...given,
});
export const remembered = (desired: number | null, given: Partial<Memory> = {}): Memory => ({
  desired,
  scaledOutAt: null,
  scaledInAt: null,
  asleepSince: null,
  wakeSeenAt: null,
  ...given,
});
let count = 0;
export const member = (given: Partial<Member> = {}): Member => ({
  id: `machine-${(count += 1)}`,
  state: 'healthy',
  isWanted: true,
  createdAt: ago(7200),
  healthyAt: ago(7000),
  zone: 'us-east-1a',
  drainingAt: null,
  hasDrained: false,
  readings: [],
  idleSince: null,
  ...given,
});
/** A machine that has reported `value` every 30 s for `seconds`. */
export const reporting = (value: number, given: Partial<Member> = {}, seconds = 600): Member =>
  member({
    readings: Array.from({ length: seconds / 30 + 1 }, (_, index) => ({ at: ago(seconds - index * 30), value })),
    idleSince: value === 0 ? ago(seconds) : null,
    ...given,
  });
export const starting = (given: Partial<Member> = {}): Member =>
  member({ state: 'pending', healthyAt: null, createdAt: ago(30), ...given });
export const situation = (given: Partial<FleetSituation> = {}): FleetSituation => ({
  wish: wish(),
  members: [],
  memory: remembered(null),
  pricePerHour: 0n,
  obstacle: null,
  failures: null,
  now: NOON,
  ...given,
});
export const times = <T>(n: number, make: (index: number) => T): T[] => Array.from({ length: n }, (_, index) => make(index));
