/** Machines beside what is written down of them: each case of a table, and what holds for all. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Machine } from './fleet.ts';
import { decideOutside, firstRun, judgeStray, type Known, type OutsideSituation, type StraySituation } from './stray.ts';

const now = new Date('2026-01-05T12:00:00Z');
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
const POLICY = { graceSeconds: 600, endsOurs: true };

const ours = (finishedMinutesAgo: number | null = null): Known => ({
  by: 'us',
  isFinished: finishedMinutesAgo !== null,
  finishedAt: finishedMinutesAgo === null ? null : ago(finishedMinutesAgo),
});
const buyers = (how: { isGone?: boolean; isReleased?: boolean } = {}): Known => ({
  by: 'buyer',
  isGone: false,
  isReleased: false,
  ...how,
});
const subscription = { startedAt: ago(600) };

const PLATFORM: StraySituation = {
  machine: { state: 'running', launchTime: ago(120), endedAt: null },
  account: 'platform',
  known: null,
  runsOurImage: true,
  hasOurTags: false,
  subscription: null,
};
const BUYER: StraySituation = { ...PLATFORM, account: 'buyer' };
const over = (endedMinutesAgo: number | null): StraySituation['machine'] => ({
  state: 'terminated',
  launchTime: ago(120),
  endedAt: endedMinutesAgo === null ? null : ago(endedMinutesAgo),
});

describe('a machine', () => {
  const table: Array<[string, StraySituation, string]> = [
    ['of ours that is wanted', { ...PLATFORM, known: ours() }, 'nothing'],
    ['of ours that has just ended', { ...PLATFORM, known: ours(9) }, 'nothing'],
    ['of ours that ended a while ago', { ...PLATFORM, known: ours(11) }, 'end ended'],
    ['of ours in a buyer’s account', { ...BUYER, known: ours(11), subscription }, 'end ended'],
    [
      'of ours that is going',
      { ...PLATFORM, known: ours(11), machine: { ...PLATFORM.machine, state: 'shutting-down' } },
      'nothing',
    ],
    [
      'of ours that was launched just now',
      { ...PLATFORM, known: ours(600), machine: { ...PLATFORM.machine, launchTime: ago(5) } },
      'nothing',
    ],
    [
      'stopped, of ours, that ended a while ago',
      { ...PLATFORM, known: ours(11), machine: { ...PLATFORM.machine, state: 'stopped' } },
      'end ended',
    ],
    ['nobody asked for, of our image, in our account', PLATFORM, 'flag unknown'],
    ['with our tags and another image', { ...PLATFORM, runsOurImage: false, hasOurTags: true }, 'flag unknown'],
    ['of a buyer’s with copied tags and another image', { ...BUYER, runsOurImage: false, hasOurTags: true }, 'flag unknown'],
    ['of somebody else’s', { ...PLATFORM, runsOurImage: false }, 'nothing'],
    ['of a buyer’s own', { ...BUYER, runsOurImage: false }, 'nothing'],
    ['of our image under a subscription', { ...BUYER, subscription }, 'adopt outside'],
    ['of our image under a subscription, tags copied', { ...BUYER, subscription, hasOurTags: true }, 'adopt outside'],
    ['of our image without a subscription', BUYER, 'flag unentitled'],
    ['that is metered already', { ...BUYER, subscription, known: buyers() }, 'nothing'],
    ['whose subscription has ended', { ...BUYER, known: buyers({ isReleased: true }) }, 'flag unentitled'],
    ['whose buyer subscribed anew', { ...BUYER, subscription, known: buyers({ isReleased: true }) }, 'flag unentitled'],
    ['that was given up and is back', { ...BUYER, subscription, known: buyers({ isGone: true }) }, 'flag unentitled'],
    ['that came and went under a subscription', { ...BUYER, subscription, machine: over(30) }, 'adopt outside'],
    [
      'that came and went before the subscription',
      { ...BUYER, subscription: { startedAt: ago(10) }, machine: over(30) },
      'nothing',
    ],
    ['that went, nobody knows when', { ...BUYER, subscription, machine: over(null) }, 'nothing'],
    ['that came and went without a subscription', { ...BUYER, machine: over(30) }, 'nothing'],
    ['that came and went in our account', { ...PLATFORM, machine: over(30) }, 'nothing'],
  ];
  it.each(table)('%s', (_, situation, expected) => {
    const verdict = judgeStray(situation, POLICY, now);
    expect(verdict.do === 'nothing' ? 'nothing' : `${verdict.do} ${verdict.kind}`).toBe(expected);
  });

  it('is never ended when that was not asked for, nor unless we made it', () => {
    const boolean = fc.boolean();
    const known = fc.option(
      fc.oneof(
        fc.record({
          by: fc.constant('us' as const),
          isFinished: boolean,
          finishedAt: fc.option(fc.integer({ min: 0, max: 99 }).map(ago)),
        }),
        fc.record({ by: fc.constant('buyer' as const), isGone: boolean, isReleased: boolean }),
      ),
    );
    const situation = fc.record({
      machine: fc.record({
        state: fc.constantFrom(
          'pending' as const,
          'running' as const,
          'stopping' as const,
          'stopped' as const,
          'shutting-down' as const,
          'terminated' as const,
        ),
        launchTime: fc.integer({ min: 0, max: 99 }).map(ago),
        endedAt: fc.option(fc.integer({ min: 0, max: 99 }).map(ago)),
      }),
      account: fc.constantFrom('platform' as const, 'buyer' as const),
      known,
      runsOurImage: boolean,
      hasOurTags: boolean,
      subscription: fc.option(fc.constant(subscription)),
    });
    fc.assert(
      fc.property(situation, boolean, (given, endsOurs) => {
        const verdict = judgeStray(given, { ...POLICY, endsOurs }, now);
        if (verdict.do === 'end') expect(endsOurs && given.known?.by === 'us' && given.known.isFinished).toBe(true);
        // What is billed has a subscription, and whatever runs our image in a buyer's account is metered or told of.
        if (verdict.do === 'adopt') expect(given.subscription).not.toBeNull();
        const runs = given.machine.state !== 'terminated' && given.machine.state !== 'shutting-down';
        if (given.account === 'buyer' && given.runsOurImage && runs && !given.known) expect(verdict.do).not.toBe('nothing');
      }),
    );
  });
});

describe('the first run of a machine that somebody else started', () => {
  const since = ago(90);
  const machine = { state: 'running' as const, launchTime: ago(120), endedAt: null };
  it('begins with EC2’s launch time, and no earlier than the subscription', () => {
    expect(firstRun({ ...machine, launchTime: ago(60) }, since, now)).toEqual({ startedAt: ago(60), endedAt: null });
    expect(firstRun(machine, since, now)).toEqual({ startedAt: since, endedAt: null });
  });

  it('ends where EC2 says that it ended, and is none where EC2 does not', () => {
    expect(firstRun({ ...machine, state: 'terminated', endedAt: ago(30) }, since, now)).toEqual({
      startedAt: since,
      endedAt: ago(30),
    });
    expect(firstRun({ ...machine, state: 'stopped' }, since, now)).toBeNull();
    expect(firstRun({ ...machine, state: 'stopped', endedAt: ago(100) }, since, now)).toBeNull();
    expect(firstRun({ ...machine, state: 'pending' }, since, now)).toBeNull();
  });
});

describe('a machine that its buyer started', () => {
  const seen = (state: Machine['state']): Machine => ({
    state,
    launchTime: ago(60),
    endedAt: null,
    address: '198.51.100.7',
    reason: null,
    endedBy: null,
  });
  const running: OutsideSituation = {
    state: 'running',
    address: '198.51.100.7',
    observed: seen('running'),
    subscriptionActive: true,
    isReleased: false,
    secondsSinceSeen: 30,
  };
  const table: Array<[string, OutsideSituation, string]> = [
    ['is asked whether it is well', running, 'ask'],
    ['is watched when it is well', { ...running, state: 'healthy' }, 'follow'],
    ['is watched when it is stopped', { ...running, observed: seen('stopped') }, 'follow'],
    ['is no longer metered when its subscription has ended', { ...running, subscriptionActive: false }, 'release'],
    ['is watched after that, and left alone', { ...running, subscriptionActive: false, isReleased: true }, 'follow'],
    ['is over when it is terminated', { ...running, observed: seen('terminated') }, 'end'],
    ['may be missing for a moment', { ...running, observed: 'missing' }, 'wait'],
    ['is over when it stays missing', { ...running, observed: 'missing', secondsSinceSeen: 181 }, 'end'],
  ];
  it.each(table)('%s', (_, situation, expected) => {
    expect(decideOutside(situation).do).toBe(expected);
  });
});
