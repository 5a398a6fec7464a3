/**
 * What the running of a machine comes to: whole hours, or seconds with a minimum for each start, in UTC hours. Knows no table; runs
 * and times come as arguments, and how they were cut into observations changes nothing.
 */

/** `hour`: each hour that a machine ran in at all is one. `second`: each second is. */
export type Increment = 'hour' | 'second';

export interface RuntimeRule {
  increment: Increment;
  /** The least that a start costs, in seconds, 0 to 3600; AWS takes 60. Whole hours need none. */
  minimumSeconds: number;
}

/** When a machine ran, half-open. */
export interface Run {
  from: Date;
  to: Date;
}

/** AWS bills at least a minute of each start of a machine that is charged by the second. */
export const USUAL_MINIMUM_SECONDS = 60;

const HOUR_MS = 3_600_000;
const HOUR_SECONDS = 3_600;

/** The dimension of what is counted. Two names, so that a price can never be applied to what was counted by the other rule. */
const DIMENSIONS: Record<Increment, string> = { hour: 'hours', second: 'running_seconds' };
export const runtimeDimension = (increment: Increment): string => DIMENSIONS[increment];
/** Whether the platform itself counts a dimension, of all machines or of those of a type; then no vendor may. */
export const isRuntimeDimension = (dimension: string): boolean =>
  Object.values(DIMENSIONS).some((own) => dimension === own || dimension.startsWith(`${own}.`));

/** How much of what is counted makes the hour that is priced. */
export const unitSizeOf = (increment: Increment): bigint => (increment === 'second' ? BigInt(HOUR_SECONDS) : 1n);

/**
 * What one machine's runs come to: the quantity of each hour in which there is any, by the start of the hour in milliseconds.
 * @param since the start of an hour; hours before are left out.
 */
export function quantities(
  runs: readonly Run[],
  { increment, minimumSeconds }: RuntimeRule,
  since = new Date(0),
): Map<number, number> {
  const merged = merge(runs);
  return increment === 'hour' ? hoursOf(merged, since) : secondsOf(merged, minimumSeconds, since);
}

/** Up to when it is known how a machine ran. */
export interface Known {
  /** When it was last seen; for a machine that is gone for good, now. */
  seenAt: Date;
  /** The start of a run that had not ended when it was last seen. */
  openSince: Date | null;
}

/**
 * The end of the last hour whose seconds can no longer grow. In an hour that is not over, or after which the machine was not seen, it
 * may have been started again; and the hour of a start holds the rest of the minimum, which is known once that has passed.
 */
export function finalUntil({ seenAt, openSince }: Known, minimumSeconds: number): Date {
  const isShort = openSince !== null && seenAt.getTime() < openSince.getTime() + minimumSeconds * 1000;
  return new Date(floorHour(isShort ? Math.min(seenAt.getTime(), openSince.getTime()) : seenAt.getTime()));
}

/** Runs in order, without gaps of nothing and without overlaps; what ran for no time is left out. */
function merge(runs: readonly Run[]): Run[] {
  const sorted = runs.filter((run) => run.from < run.to).sort((a, b) => a.from.getTime() - b.from.getTime());
  const merged: Run[] = [];
  for (const run of sorted) {
    const last = merged.at(-1);
    if (last && run.from <= last.to) merged[merged.length - 1] = { from: last.from, to: run.to > last.to ? run.to : last.to };
    else merged.push(run);
  }
  return merged;
}

function hoursOf(runs: readonly Run[], since: Date): Map<number, number> {
  const hours = new Map<number, number>();
  for (const { from, to } of runs) {
    const first = Math.max(floorHour(from.getTime()), since.getTime());
    for (let hour = first; hour < to.getTime(); hour += HOUR_MS) hours.set(hour, 1);
  }
  return hours;
}

/** A second counts when the machine ran in any of it, and once, as an hour does; what is short of the minimum goes to the hour of the start. */
function secondsOf(runs: readonly Run[], minimumSeconds: number, since: Date): Map<number, number> {
  const hours = new Map<number, number>();
  const add = (hour: number, seconds: number): void => {
    if (hour >= since.getTime()) hours.set(hour, Math.min((hours.get(hour) ?? 0) + seconds, HOUR_SECONDS));
  };
  let counted = Number.NEGATIVE_INFINITY;
  for (const run of runs) {
    const from = Math.floor(run.from.getTime() / 1000) * 1000;
    const to = Math.ceil(run.to.getTime() / 1000) * 1000;
    for (let at = Math.max(from, counted, since.getTime()); at < to; at = floorHour(at) + HOUR_MS)
      add(floorHour(at), (Math.min(to, floorHour(at) + HOUR_MS) - at) / 1000);
    const short = minimumSeconds - (to - from) / 1000;
    if (short > 0) add(floorHour(from), short);
    counted = to;
  }
  return hours;
}

const floorHour = (instant: number): number => Math.floor(instant / HOUR_MS) * HOUR_MS;
