/** When a machine that should report usage has fallen silent: no report is not a report of zero. Knows no table, reads no clock. */
import { hourOf } from './usage.ts';

const HOUR_MS = 3_600_000;

/** How often "alive" is written down at most; a machine may say it as often as it likes. */
export const HEARTBEAT_SECONDS = 60;

/**
 * Who has said nothing since this instant is silent: the start of the `hours` whole hours before this one.
 * @param hours whole hours without a report or heartbeat that are too many.
 */
export const silentFrom = (now: Date, hours: number): Date => new Date(hourOf(now).getTime() - hours * HOUR_MS);

export interface Watched {
  /** When its present run began. */
  startedAt: Date;
  /** When it last reported usage or said that it is alive; null when it never did. */
  spokeAt: Date | null;
}

/**
 * Since when a running machine is silent: since it last spoke, or since it started.
 * @returns null when it has spoken, or has not run for that long.
 */
export function silentSince({ startedAt, spokeAt }: Watched, from: Date): Date | null {
  const since = spokeAt !== null && spokeAt > startedAt ? spokeAt : startedAt;
  return since < from ? since : null;
}

/** Whether "alive" is worth writing down again. @param writtenAt when it was written last. */
export const isWorthWriting = (writtenAt: Date | undefined, now: Date): boolean =>
  writtenAt === undefined || Math.abs(now.getTime() - writtenAt.getTime()) >= HEARTBEAT_SECONDS * 1000;
