/**
 * How many machines a fleet shall have now, and why: its buyer's number, its schedule, or the load that its machines report, within
 * its bounds and its cost ceiling. Out at once, in late: growing waits only for its own cool-down, shrinking for all of its
 * machines to have said for a while that fewer will do. Knows no table, reads no clock.
 */
import {
  areIdle,
  hasReportedSince,
  loadOf,
  peakLoad,
  secondsBetween,
  type Load,
  type Member,
  type Target,
} from './fleet-load.ts';
import { formatRate, type Rate } from './money.ts';
import { isWithin, type WeeklyWindow } from './schedule.ts';

/** Within it, other bounds apply. Where windows overlap, the largest least and the largest most of them. */
export interface SizeWindow extends WeeklyWindow {
  min: number;
  max: number;
}

export interface FleetWish {
  min: number;
  /** Also of every window. */
  max: number;
  /** The buyer's number, which goes before the target; null lets the target decide. */
  fixed: number | null;
  target: Target | null;
  windows: readonly SizeWindow[];
  /** Between two steps out that the target asks for. */
  outSeconds: number;
  /** How long fewer machines have to be enough, and how long after any step, before there are fewer. */
  inSeconds: number;
  /** Of all machines together, in the subscription's currency; null for none. */
  hourlyCeiling: Rate | null;
  /** How long all have to be idle before there are none; null for never. */
  idleMinutes: number | null;
  /** How long a machine may finish what it has begun; zero: it ends at once. */
  drainSeconds: number;
  isEnded: boolean;
  wakeRequestedAt: Date | null;
  /** When its buyer last changed it. */
  changedAt: Date;
}

/** What is remembered from one decision to the next. */
export interface Memory {
  desired: number | null;
  scaledOutAt: Date | null;
  scaledInAt: Date | null;
  asleepSince: Date | null;
  /** The newest wish to wake that was taken into account. */
  wakeSeenAt: Date | null;
}

export interface Size {
  desired: number;
  /** A sentence for its buyer. */
  why: string;
  asleepSince: Date | null;
  load: number | null;
}

/** Fewer machines are enough when each of them would have no more than this share of its target: what is in between changes nothing. */
export const ENOUGH = 0.9;

interface Given {
  wish: FleetWish;
  /** Machines that shall run and are not draining, whatever their state. */
  serving: readonly Member[];
  /** The others: they drain, were lost or were told to go. What they reported until then still says what the load was. */
  gone: readonly Member[];
  memory: Memory;
  /** Of one machine. */
  pricePerHour: Rate;
  now: Date;
}

interface Bounds {
  min: number;
  max: number;
  /** What the ceiling pays for. */
  affordable: number | null;
  isScheduled: boolean;
}

export function sizeOf(given: Given): Size {
  const { wish, memory, now } = given;
  const bounds = boundsOf(given);
  if (wish.isEnded) return { desired: 0, why: 'It is ended.', asleepSince: null, load: null };
  if (wish.fixed !== null) return within(given, bounds, wish.fixed, `Its buyer wants ${machines(wish.fixed)}.`);
  if (!wish.target) {
    const wanted = `${bounds.isScheduled ? 'Its schedule now' : 'Its minimum'} is ${machines(bounds.min)}.`;
    return within(given, bounds, bounds.min, wanted);
  }
  if (memory.asleepSince && wish.idleMinutes !== null) return asleep(given, bounds, memory.asleepSince);
  if (maySleep(given, bounds)) {
    const why = `All machines were idle for ${wish.idleMinutes} min; it sleeps until it is woken.`;
    return { desired: 0, why, asleepSince: now, load: loadOf(given.serving, wish.target, now).total };
  }
  return byLoad(given, bounds, wish.target);
}

/** How many machines the ceiling pays for; null when nothing limits them. */
export function affordableOf({ hourlyCeiling }: Pick<FleetWish, 'hourlyCeiling'>, pricePerHour: Rate): number | null {
  if (hourlyCeiling === null || pricePerHour <= 0n) return null;
  return Number(hourlyCeiling / pricePerHour);
}

function boundsOf({ wish, pricePerHour, now }: Given): Bounds {
  const active = wish.windows.filter((window) => isWithin(window, now));
  const isScheduled = active.length > 0;
  const min = isScheduled ? Math.max(...active.map((window) => window.min)) : wish.min;
  const max = isScheduled ? Math.max(...active.map((window) => window.max)) : wish.max;
  return {
    min: Math.min(min, wish.max),
    max: Math.min(max, wish.max),
    affordable: affordableOf(wish, pricePerHour),
    isScheduled,
  };
}

function asleep(given: Given, bounds: Bounds, since: Date): Size {
  const { wish, memory } = given;
  const isWoken = wish.wakeRequestedAt !== null && (memory.wakeSeenAt === null || wish.wakeRequestedAt > memory.wakeSeenAt);
  if (isWoken) return within(given, bounds, Math.max(1, bounds.min), 'It was woken.');
  if (bounds.min > 0) return within(given, bounds, bounds.min, `Its ${bounds.isScheduled ? 'schedule' : 'minimum'} wakes it.`);
  const why = `It sleeps since ${since.toISOString()}; wake it, and it has a machine again.`;
  return { desired: 0, why, asleepSince: since, load: null };
}

/** What its buyer did a moment ago says that somebody is there, whatever the machines report. */
function maySleep({ wish, serving, now }: Given, bounds: Bounds): boolean {
  if (wish.idleMinutes === null || bounds.min > 0) return false;
  const touchedAt = wish.wakeRequestedAt && wish.wakeRequestedAt > wish.changedAt ? wish.wakeRequestedAt : wish.changedAt;
  return secondsBetween(touchedAt, now) >= wish.idleMinutes * 60 && areIdle(serving, wish.idleMinutes, now);
}

function byLoad(given: Given, bounds: Bounds, target: Target): Size {
  const { wish, serving, memory, now } = given;
  // Only sleep leads to none: a fleet that is awake has somebody to ask.
  const awake = { ...bounds, min: Math.max(1, bounds.min) };
  const current = clamp(awake, memory.desired ?? awake.min);
  const load = loadOf(
    serving.filter((member) => member.state === 'healthy'),
    target,
    now,
  );
  const keep = (why: string): Size => ({ ...within(given, awake, current, why), load: load.total });
  if (load.total === null) return keep(`No machine reports ${target.metric}, which is not zero; so nothing changes.`);
  const wanted = neededFor(load, target);
  const said = `${target.metric} is ${Number(load.total.toPrecision(6))} at ${target.perMachine} per machine`;
  if (wanted > current) {
    const grown = { ...within(given, awake, wanted, `${said}: ${machines(wanted)}.`), load: load.total };
    const isCool = !isCooling(memory.scaledOutAt, wish.outSeconds, now);
    if (isCool || grown.desired === current) return grown;
    return keep(`${said}, which needs ${wanted}; it has just grown, and waits ${wish.outSeconds} s.`);
  }
  if (wanted === current) return keep(`${said}: ${machines(current)}.`);
  return { ...fewer({ given, awake, target, load, current, said }), load: load.total };
}

interface Shrinking {
  given: Given;
  awake: Bounds;
  target: Target;
  load: Load;
  current: number;
  said: string;
}

/** Fewer would do right now. Whether they would have done all the time is what matters. */
function fewer({ given, awake, target, load, current, said }: Shrinking): Size {
  const { wish, serving, gone, memory, now } = given;
  const keep = (why: string): Size => within(given, awake, current, `${said}; ${why}`);
  const healthy = serving.filter((member) => member.state === 'healthy');
  const since = new Date(now.getTime() - wish.inSeconds * 1000);
  if (!load.isKnown || !healthy.every((member) => hasReportedSince(member, since, now)))
    return keep(`not all machines reported for ${wish.inSeconds} s, and missing is not zero, so none goes.`);
  if (isCooling(memory.scaledOutAt, wish.inSeconds, now) || isCooling(memory.scaledInAt, wish.inSeconds, now))
    return keep(`it changed less than ${wish.inSeconds} s ago, so none goes yet.`);
  const enough = ceil(Math.max(load.total!, peakLoad([...serving, ...gone], target, since)) / (target.perMachine * ENOUGH));
  if (enough >= current) return keep(`${machines(current)} were needed in the last ${wish.inSeconds} s.`);
  const desired = Math.max(enough, awake.min);
  return within(given, awake, desired, `${said}; for ${wish.inSeconds} s ${machines(desired)} would have been enough.`);
}

/** A machine that says nothing counts as one that has its fill: neither a reason for more nor for fewer. */
const neededFor = ({ total, silent }: Load, { perMachine, scope }: Target): number =>
  ceil(total! / perMachine) + (scope === 'machine' ? silent : 0);

/** 0.3 / 0.1 are three machines, whatever binary fractions make of it. */
const ceil = (value: number): number => Math.ceil(value - 1e-9);

const isCooling = (at: Date | null, seconds: number, now: Date): boolean => at !== null && secondsBetween(at, now) < seconds;

const mostOf = ({ max, affordable }: Bounds): number => Math.min(max, affordable ?? max);

const clamp = (bounds: Bounds, wanted: number): number => {
  const most = mostOf(bounds);
  return Math.max(Math.min(bounds.min, most), Math.min(wanted, most));
};

/** The number within the bounds, and which of them changed it. The ceiling goes before the minimum: it is a promise about money. */
function within({ wish }: Given, bounds: Bounds, wanted: number, why: string): Size {
  const desired = clamp(bounds, wanted);
  return { desired, why: why + limitOf(wish, bounds, wanted, desired), asleepSince: null, load: null };
}

function limitOf({ hourlyCeiling }: FleetWish, { max, affordable }: Bounds, wanted: number, desired: number): string {
  if (desired === wanted) return '';
  if (desired > wanted) return ` It may not have fewer than ${desired}.`;
  const isDear = hourlyCeiling !== null && affordable !== null && affordable < max;
  return isDear
    ? ` Its ceiling of ${formatRate(hourlyCeiling)} an hour pays for ${affordable}.`
    : ` It may not have more than ${desired}.`;
}

const machines = (count: number): string => (count === 1 ? '1 machine' : `${count} machines`);
