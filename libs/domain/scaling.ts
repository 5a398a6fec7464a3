/**
 * What to do for a fleet: how many machines it shall have (fleet-size.ts), which are added, which drain, and which go. The launcher
 * loads, asks here, and writes down; asked again after a crash, it says the same. Knows no table, reads no clock.
 */
import { isFinal } from './fleet.ts';
import { isSilent, lastReading, secondsBetween, type Member } from './fleet-load.ts';
import { affordableOf, sizeOf, type FleetWish, type Memory } from './fleet-size.ts';
import type { Rate } from './money.ts';

/** A machine that was not well once in this time is given up and replaced. */
export const NEVER_WELL_SECONDS = 1_800;

const FIRST_RETRY_SECONDS = 30;
const LAST_RETRY_SECONDS = 3_600;

export interface FleetSituation {
  wish: FleetWish;
  /** All that are not over yet, and those that were over since the cool-down for shrinking began. */
  members: readonly Member[];
  memory: Memory;
  /** What one machine costs an hour, software and infrastructure as far as known; zero when nothing is known. */
  pricePerHour: Rate;
  /** Why there may be no new machine at all, as a sentence; null when nothing is in the way. */
  obstacle: string | null;
  /** Machines that ended by themselves before they were ever well, since the last that was; null when none did. */
  failures: { count: number; lastAt: Date } | null;
  now: Date;
}

export interface ScalingDecision {
  desired: number;
  /** One or two sentences for its buyer. */
  why: string;
  /** What its machines report together; null when they do not. */
  load: number | null;
  /** How many machines are asked for now. */
  add: number;
  /** These take no new work from now on: they are no longer metered, and finish what they have. */
  drain: string[];
  /** These are told to end. */
  terminate: string[];
  memory: Memory;
}

/** The next step for a fleet. The machines it names are of `members`; what was decided before is in their rows and in `memory`. */
export function decideScaling(situation: FleetSituation): ScalingDecision {
  const { wish, memory, pricePerHour, now } = situation;
  const alive = situation.members.filter((member) => !isFinal(member.state));
  const serving = alive.filter((member) => member.isWanted && !member.drainingAt);
  const gone = situation.members.filter((member) => !serving.includes(member));
  const size = sizeOf({ wish, serving, gone, memory, pricePerHour, now });
  const hopeless = serving.filter((member) => isHopeless(member, now));
  const kept = serving.filter((member) => !hopeless.includes(member));
  const leaving = leaversOf(kept, kept.length - size.desired, situation);
  const isTrying = kept.some((member) => member.healthyAt === null);
  const growth = growthOf(situation, { missing: size.desired - kept.length, alive: alive.length, isTrying });
  const done = alive.filter((member) => member.isWanted && member.drainingAt && isDrained(member, wish.drainSeconds, now));
  return {
    desired: size.desired,
    why: [size.why, growth.obstacle].filter(Boolean).join(' '),
    load: size.load,
    add: growth.add,
    drain: leaving.filter((member) => canDrain(member, wish)).map(idOf),
    terminate: [...hopeless, ...leaving.filter((member) => !canDrain(member, wish)), ...done].map(idOf),
    memory: {
      desired: size.desired,
      scaledOutAt: memory.desired !== null && size.desired > memory.desired ? now : memory.scaledOutAt,
      scaledInAt: memory.desired !== null && size.desired < memory.desired ? now : memory.scaledInAt,
      asleepSince: size.asleepSince,
      wakeSeenAt: wish.wakeRequestedAt,
    },
  };
}

const idOf = ({ id }: Member): string => id;

/** What somebody stopped serves nobody, and what did not come up in all that time will not. */
function isHopeless({ state, healthyAt, createdAt }: Member, now: Date): boolean {
  if (state === 'stopped') return true;
  return (
    (state === 'pending' || state === 'running') && healthyAt === null && secondsBetween(createdAt, now) > NEVER_WELL_SECONDS
  );
}

/** What was never well has no work, and where nobody waits for the end of it there is nothing to drain. */
const canDrain = ({ healthyAt }: Member, { drainSeconds }: FleetWish): boolean => healthyAt !== null && drainSeconds > 0;

const isDrained = ({ hasDrained, drainingAt }: Member, drainSeconds: number, now: Date): boolean =>
  hasDrained || secondsBetween(drainingAt!, now) >= drainSeconds;

/** What is draining still costs its infrastructure, so the ceiling has no room for its successor before it has gone. */
function growthOf(
  { wish, pricePerHour, obstacle, failures, now }: FleetSituation,
  { missing, alive, isTrying }: { missing: number; alive: number; isTrying: boolean },
): { add: number; obstacle: string | null } {
  if (missing <= 0) return { add: 0, obstacle: null };
  if (obstacle) return { add: 0, obstacle };
  const retryAt = failures && new Date(failures.lastAt.getTime() + retrySeconds(failures.count) * 1000);
  if (retryAt && retryAt > now) {
    const count = failures.count === 1 ? 'A machine' : `${failures.count} machines`;
    return { add: 0, obstacle: `${count} ended before being well once; the next is tried at ${retryAt.toISOString()}.` };
  }
  // After failures one machine at a time finds out whether it is better now.
  const wanted = failures ? Number(!isTrying) : missing;
  const affordable = affordableOf(wish, pricePerHour);
  if (affordable === null || affordable - alive >= wanted) return { add: wanted, obstacle: null };
  return {
    add: Math.max(0, affordable - alive),
    obstacle: 'Machines that drain have to go before their successors are paid for.',
  };
}

const retrySeconds = (count: number): number => Math.min(FIRST_RETRY_SECONDS * 2 ** (count - 1), LAST_RETRY_SECONDS);

/**
 * Who goes: first those without a machine yet, then those not well, then those that do not report, the youngest first. Of the rest, one in
 * the zone that has the most, so that what stays is spread; there the one with the least work, which drains soonest; then the youngest.
 */
function leaversOf(serving: readonly Member[], count: number, { wish, now }: FleetSituation): Member[] {
  const staying = [...serving];
  const leaving: Member[] = [];
  while (leaving.length < count) {
    const inZone = Map.groupBy(staying, (member) => member.zone);
    const rank = (member: Member): number[] => {
      const usefulness = usefulnessOf(member, wish.target !== null, now);
      const youngest = -member.createdAt.getTime();
      if (usefulness < 3) return [usefulness, youngest];
      return [usefulness, -inZone.get(member.zone)!.length, lastReading(member, now)?.value ?? 0, youngest];
    };
    const [next] = staying.sort((a, b) => compare(rank(a), rank(b)) || (a.id < b.id ? -1 : 1));
    leaving.push(next!);
    staying.shift();
  }
  return leaving;
}

function usefulnessOf(member: Member, reports: boolean, now: Date): number {
  if (member.state === 'planned') return 0;
  if (member.state !== 'healthy') return 1;
  return reports && isSilent(member, now) ? 2 : 3;
}

const compare = (a: readonly number[], b: readonly number[]): number =>
  a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
