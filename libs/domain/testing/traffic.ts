/** A fleet under a load that changes over time, step by step on the pure decision: machines take a while to come up and to drain. */
import { idleSince, type Member, type Reading } from '../fleet-load.ts';
import type { FleetWish, Memory } from '../fleet-size.ts';
import { decideScaling } from '../scaling.ts';

const STEP_SECONDS = 15;

export interface Moment {
  second: number;
  load: number;
  /** Machines that share the load. */
  healthy: number;
  /** All that exist, those that drain included. */
  alive: number;
  desired: number;
  /** Load per machine ÷ target: 1 is what was asked for. Infinite where nobody carries it. */
  fullness: number;
}

interface Simulated {
  wish: FleetWish;
  /** What there is to do at a second, in the unit of the target. */
  load: (second: number) => number;
  seconds: number;
  bootSeconds?: number;
  drainingSeconds?: number;
  /** Wakes the fleet at this second. */
  wakeAt?: number;
}

type Simulant = Omit<Member, 'readings'> & { readings: Reading[] };

const START = Date.parse('2026-01-05T00:00:00Z');
const at = (second: number): Date => new Date(START + second * 1000);

export function simulate({ wish, load, seconds, bootSeconds = 60, drainingSeconds = 30, wakeAt }: Simulated): Moment[] {
  const members: Simulant[] = [];
  const moments: Moment[] = [];
  let memory: Memory = { desired: null, scaledOutAt: null, scaledInAt: null, asleepSince: null, wakeSeenAt: null };
  for (let second = 0; second <= seconds; second += STEP_SECONDS) {
    const now = at(second);
    for (const member of members) live(member, now, bootSeconds, drainingSeconds);
    const healthy = members.filter(({ state, drainingAt }) => state === 'healthy' && !drainingAt);
    const share = wish.target!.scope === 'machine' ? healthy.length : 1;
    for (const member of healthy) report(member, { at: now, value: load(second) / share }, wish);
    const decision = decideScaling({
      wish: { ...wish, wakeRequestedAt: wakeAt !== undefined && second >= wakeAt ? at(wakeAt) : null },
      members,
      memory,
      pricePerHour: 0n,
      obstacle: null,
      failures: null,
      now,
    });
    memory = decision.memory;
    for (const member of members) {
      if (decision.drain.includes(member.id)) member.drainingAt = now;
      if (decision.terminate.includes(member.id)) Object.assign(member, { isWanted: false, state: 'terminated' });
    }
    for (let index = 0; index < decision.add; index += 1) members.push(asked(`machine-${members.length}`, now));
    moments.push({
      second,
      load: load(second),
      healthy: healthy.length,
      alive: members.filter(({ state }) => state !== 'terminated').length,
      desired: decision.desired,
      fullness: load(second) === 0 ? 0 : load(second) / (healthy.length * wish.target!.perMachine),
    });
  }
  return moments;
}

const asked = (id: string, now: Date): Simulant => ({
  id,
  state: 'pending',
  isWanted: true,
  createdAt: now,
  healthyAt: null,
  zone: null,
  drainingAt: null,
  hasDrained: false,
  readings: [],
  idleSince: null,
});

function live(member: Simulant, now: Date, bootSeconds: number, drainingSeconds: number): void {
  const isUp = member.state === 'pending' && now.getTime() - member.createdAt.getTime() >= bootSeconds * 1000;
  if (isUp) Object.assign(member, { state: 'healthy', healthyAt: now });
  member.hasDrained = member.drainingAt !== null && now.getTime() - member.drainingAt.getTime() >= drainingSeconds * 1000;
}

function report(member: Simulant, reading: Reading, { target, inSeconds }: FleetWish): void {
  const before = member.readings.at(-1);
  member.idleSince = idleSince(before ? { at: before.at, idleSince: member.idleSince } : null, reading, target!.idleAt);
  member.readings.push(reading);
  // As long as the launcher keeps them for the decision.
  member.readings = member.readings.filter((one) => reading.at.getTime() - one.at.getTime() <= (inSeconds + 120) * 1000);
}

/** The steps in which the number of wanted machines changes: `+2`, `-1`. */
export const stepsOf = (moments: readonly Moment[]): number[] =>
  moments
    .flatMap(({ desired }, index) => (index === 0 ? [] : [desired - moments[index - 1]!.desired]))
    .filter((step) => step !== 0);
