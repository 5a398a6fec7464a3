/** When usage may be reported, how much of it, and what makes two reports the same. Knows no table; time comes as an argument. */

/** The most that one record holds, as on AWS: 2³¹ − 1. */
export const MOST_QUANTITY = 2_147_483_647;
/** The most records in one batch. */
export const MOST_RECORDS = 25;
const HOUR_MS = 3_600_000;
const MOST_ALLOCATIONS = 2_500;
const MOST_TAGS = 5;

/** The start of the hour (UTC) that an instant is in. */
export const hourOf = (instant: Date): Date => new Date(Math.floor(instant.getTime() / HOUR_MS) * HOUR_MS);

/** Instants at which reported usage may have happened, both ends included. */
export interface Window {
  from: Date;
  to: Date;
}

/** What may be reported when; the operator's settings. AWS: 6 hours for machines, 24 for vendors, until 06:00 UTC on the 1st. */
export interface WindowPolicy {
  /** Whole hours back, counted from the start of this one. */
  hours: number;
  /** How far ahead of our clock the time of use may be. */
  futureSkewSeconds: number;
  /** Hours after the end of a month in which its usage is still taken; then its period closes. */
  graceHours: number;
}

/** So many whole hours back, but once the month before is being billed nothing more of it. */
export function reportWindow(now: Date, { hours, futureSkewSeconds, graceHours }: WindowPolicy): Window {
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  const earliest = hourOf(now).getTime() - hours * HOUR_MS;
  const isClosed = now.getTime() >= month + graceHours * HOUR_MS;
  return {
    from: new Date(isClosed ? Math.max(earliest, month) : earliest),
    to: new Date(now.getTime() + futureSkewSeconds * 1000),
  };
}

/** Whether usage at `at` is inside `window` and not before the hour in which what used it began. */
export const isInBounds = (at: Date, window: Window, startedAt?: Date): boolean =>
  at >= window.from && at <= window.to && (startedAt === undefined || at >= hourOf(startedAt));

/**
 * Whether a subscription still takes usage of the instant `at`: until some minutes after its end (AWS: 60), and for no hour in
 * which it no longer ran.
 */
export function takesUsage({
  endedAt,
  at,
  now,
  graceMinutes = 60,
}: {
  endedAt: Date | null;
  at: Date;
  now: Date;
  graceMinutes?: number;
}): boolean {
  if (!endedAt) return true;
  return now.getTime() < endedAt.getTime() + graceMinutes * 60_000 && hourOf(at) <= endedAt;
}

/** The subscription that an hour of use falls under, when a buyer ended one and began another: the newest begun by then. */
export function agreementFor<T extends { startedAt: Date }>(agreements: T[], at: Date): T | undefined {
  const newestFirst = [...agreements].sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
  return newestFirst.find((agreement) => hourOf(agreement.startedAt) <= at) ?? newestFirst[0];
}

export interface Tag {
  key: string;
  value: string;
}

/** A part of a quantity, told apart by tags. */
export interface Allocation {
  quantity: number;
  tags: Tag[];
}

/**
 * What is wrong with how a quantity is divided: more than five tags or a key twice (`tags`), or too many parts, a set of tags
 * twice, a sum that is not the quantity (`allocations`).
 */
export function wrongAllocations(quantity: number, allocations: Allocation[]): 'tags' | 'allocations' | undefined {
  if (allocations.length === 0) return undefined;
  const hasBadTags = ({ tags }: Allocation): boolean =>
    tags.length > MOST_TAGS || new Set(tags.map((tag) => tag.key)).size < tags.length;
  if (allocations.some(hasBadTags)) return 'tags';
  const isRepeated = new Set(allocations.map(({ tags }) => tagSet(tags))).size < allocations.length;
  const sum = allocations.reduce((total, allocation) => total + allocation.quantity, 0);
  return allocations.length > MOST_ALLOCATIONS || isRepeated || sum !== quantity ? 'allocations' : undefined;
}

/** What tells a repeat from a conflict: the quantity and its parts, in whatever order these were sent. To be hashed. */
export const canonicalUsage = (quantity: number, allocations: Allocation[]): string =>
  JSON.stringify([quantity, allocations.map((part) => `${tagSet(part.tags)}=${part.quantity}`).sort()]);

const tagSet = (tags: Tag[]): string => JSON.stringify(tags.map(({ key, value }) => JSON.stringify([key, value])).sort());
