/**
 * How fast an account may be called after it was throttled. EC2 has token buckets for each account, region and action, and tells
 * nobody what is in them (EC2 Developer Guide, "Request throttling"): an account is called freely until EC2 says that it is too much,
 * then at a pace that grows with every call that goes through and falls with every one that does not. Time comes as an argument, in
 * milliseconds.
 */
import { takeToken, type Bucket } from './throttle.ts';

export interface Pace extends Bucket {
  perSecond: number;
  throttledAt: number;
}

/** What a pause saves up, so that who looks every few seconds loses nothing. */
const BURST_SECONDS = 10;
/** Calls that were under way together are throttled together: that is one piece of news. */
const ONE_THROTTLE_MS = 1_000;
/** Not throttled for so long, an account is called freely again. */
const FORGET_MS = 300_000;
/** With these, one call in sixteen or so finds out whether more is allowed. */
const SLOWER = 0.85;
const FASTER = 1.01;
const SLOWEST = 0.1;
const FASTEST = 100;

/** What EC2 puts back into the bucket of an action each second, unless an account has more of it (same page of the guide). */
function refillOf(action: string): number {
  if (action === 'RunInstances' || action === 'StartInstances') return 2;
  return /^(Describe|Get)/.test(action) ? 20 : 5;
}

/** @param pace what it was; undefined when the account was called freely. A first throttle leaves one call, to try. */
export function throttled(pace: Pace | undefined, action: string, now: number): Pace {
  if (!pace) return { perSecond: refillOf(action), tokens: 1, filledAt: now, throttledAt: now };
  const isNews = now - pace.throttledAt >= ONE_THROTTLE_MS;
  const perSecond = isNews ? Math.max(SLOWEST, pace.perSecond * SLOWER) : pace.perSecond;
  return { perSecond, tokens: 0, filledAt: now, throttledAt: isNews ? now : pace.throttledAt };
}

/** After a call that went through. */
export const wentThrough = (pace: Pace): Pace => ({ ...pace, perSecond: Math.min(FASTEST, pace.perSecond * FASTER) });

export const isForgotten = ({ throttledAt }: Pace, now: number): boolean => now - throttledAt >= FORGET_MS;

/** Takes a token, when there is one, and writes down what is left. */
export const mayCall = (pace: Pace, now: number): boolean => takeToken(pace, rateOf(pace), now);

/** Whether there would be a token; takes none. */
export const couldCall = (pace: Pace, now: number): boolean => takeToken({ ...pace }, rateOf(pace), now);

const rateOf = ({ perSecond }: Pace): { perSecond: number; burst: number } => ({
  perSecond,
  burst: Math.max(1, perSecond * BURST_SECONDS),
});
