/**
 * What the machines of a fleet say of their load, and what that means. Missing is not zero: a machine that says nothing is
 * neither idle nor a reason to shrink. Knows no table, reads no clock.
 */
import type { InstanceState } from './fleet.ts';

/** How old a reading may be to count, and the longest gap between two that does not count as silence. */
export const STALE_SECONDS = 120;

/** A number that the appliance reports, and how much of it one machine shall have. */
export interface Target {
  /** As in the appliance's answer, such as `queue_depth`. */
  metric: string;
  /** More than zero. */
  perMachine: number;
  /** `machine`: each reports its own part, they add up. `fleet`: all report the same whole, such as the queue they share. */
  scope: 'machine' | 'fleet';
  /** A machine that reports this or less is idle. */
  idleAt: number;
}

export interface Reading {
  at: Date;
  /** Not negative. */
  value: number;
}

export interface Member {
  id: string;
  state: InstanceState;
  /** Whether it shall run: what is told to go no longer counts. */
  isWanted: boolean;
  createdAt: Date;
  /** When it was first found well; null when it never was. */
  healthyAt: Date | null;
  zone: string | null;
  /** Since when it takes no new work. */
  drainingAt: Date | null;
  /** Whether it says that it has no work left. */
  hasDrained: boolean;
  /** What it reported of the target's metric, oldest first. */
  readings: readonly Reading[];
  /** Since when each of its readings was idle, without a gap. */
  idleSince: Date | null;
}

export interface Load {
  /** Of the whole fleet, as far as it was heard; null when no machine was. */
  total: number | null;
  /** Machines that are well and did not report for STALE_SECONDS. */
  silent: number;
  /** Whether all that are well reported. */
  isKnown: boolean;
}

export const isSilent = (member: Member, now: Date): boolean =>
  lastReading(member, now) === null && member.healthyAt !== null && secondsBetween(member.healthyAt, now) > STALE_SECONDS;

export function loadOf(healthy: readonly Member[], target: Target, now: Date): Load {
  const heard = healthy.map((member) => lastReading(member, now)).filter((reading) => reading !== null);
  return {
    total: heard.length > 0 ? combined(heard, target) : null,
    silent: healthy.filter((member) => isSilent(member, now)).length,
    isKnown: heard.length === healthy.length,
  };
}

/**
 * The highest load since an instant. All machines are asked in one pass, so readings of one instant belong together.
 * @param members also those that left since: what they carried until then has to be carried by others now.
 */
export function peakLoad(members: readonly Member[], target: Target, since: Date): number {
  const recent = members.flatMap(({ readings }) => readings.filter(({ at }) => at >= since));
  const passes = Map.groupBy(recent, ({ at }) => at.getTime());
  return Math.max(0, ...[...passes.values()].map((readings) => combined(readings, target)));
}

/** Whether a machine reported from `since` to `now` without a gap that counts as silence. */
export function hasReportedSince({ readings }: Member, since: Date, now: Date): boolean {
  const first = readings.findLastIndex(({ at }) => at <= since);
  if (first < 0) return false;
  const instants = [...readings.slice(first).map(({ at }) => at), now];
  return instants.every((at, index) => index === 0 || secondsBetween(instants[index - 1]!, at) <= STALE_SECONDS);
}

/** Whether all machines have reported that they are idle, each time and for so long. None, or one that does not report, is not idle. */
export function areIdle(serving: readonly Member[], minutes: number, now: Date): boolean {
  const isIdle = (member: Member): boolean =>
    member.state === 'healthy' &&
    lastReading(member, now) !== null &&
    member.idleSince !== null &&
    secondsBetween(member.idleSince, now) >= minutes * 60;
  return serving.length > 0 && serving.every(isIdle);
}

/**
 * Since when a machine is idle, with a new reading.
 * @param before its reading before this one, if any, and since when it was idle then.
 * @returns null when it is not.
 */
export function idleSince(
  before: { at: Date; idleSince: Date | null } | null,
  { at, value }: Reading,
  idleAt: number,
): Date | null {
  if (value > idleAt) return null;
  return before?.idleSince && secondsBetween(before.at, at) <= STALE_SECONDS ? before.idleSince : at;
}

/** The reading that counts at an instant, or null. */
export function lastReading({ readings }: Member, now: Date): Reading | null {
  const last = readings.findLast(({ at }) => at <= now);
  return last && secondsBetween(last.at, now) <= STALE_SECONDS ? last : null;
}

const combined = (readings: readonly Reading[], { scope }: Target): number => {
  const values = readings.map(({ value }) => value);
  return scope === 'machine' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
};

export const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;
