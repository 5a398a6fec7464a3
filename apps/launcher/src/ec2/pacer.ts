/**
 * What throttles have taught this process about the pace of accounts (domain/pace). Calls that would come too soon are not made at all:
 * whoever made them looks again in some seconds. Kept in memory: each copy learns its own share of what an account allows.
 */
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { PLATFORM } from '#domain/aws-access.ts';
import { couldCall, isForgotten, mayCall, throttled, wentThrough, type Pace } from '#domain/pace.ts';
import { Ec2Error } from './ec2.errors.ts';
import type { Place } from './place.ts';

const MOST_PACES = 5_000;

@Injectable()
export class Pacer {
  private readonly paces = new LRUCache<string, Pace>({ max: MOST_PACES });

  /**
   * Before a call.
   * @throws Ec2Error `throttled`, code `Paced`, when it would come too soon.
   */
  admit(place: Place, action: string): void {
    const pace = this.paceOf(place, action);
    if (pace && !mayCall(pace, performance.now())) throw tooSoon(place, action, pace);
  }

  /** The same without a call to follow. @throws Ec2Error `throttled`, code `Paced`. */
  expect(place: Place, action: string): void {
    const pace = this.paceOf(place, action);
    if (pace && !couldCall(pace, performance.now())) throw tooSoon(place, action, pace);
  }

  wentThrough(place: Place, action: string): void {
    const pace = this.paceOf(place, action);
    if (pace) this.paces.set(keyOf(place, action), wentThrough(pace));
  }

  wasThrottled(place: Place, action: string): void {
    this.paces.set(keyOf(place, action), throttled(this.paceOf(place, action), action, performance.now()));
  }

  /** Calls a second that the account is called with; null: as many as there are. */
  perSecond(place: Place, action: string): number | null {
    return this.paceOf(place, action)?.perSecond ?? null;
  }

  /** Places, as `placeKey` names them, where calls of the action are paced. */
  pacedPlaces(action: string): string[] {
    const suffix = ` ${action}`;
    return [...this.paces.entries()]
      .filter(([key, pace]) => key.endsWith(suffix) && !isForgotten(pace, performance.now()))
      .map(([key]) => key.slice(0, -suffix.length));
  }

  private paceOf(place: Place, action: string): Pace | undefined {
    const pace = this.paces.get(keyOf(place, action));
    return pace && !isForgotten(pace, performance.now()) ? pace : undefined;
  }
}

/** `connection:region`, or `platform:region`. */
export const placeKey = ({ region, connection }: Place): string => `${connection?.id ?? PLATFORM}:${region}`;

const keyOf = (place: Place, action: string): string => `${placeKey(place)} ${action}`;

const tooSoon = (place: Place, action: string, { perSecond }: Pace): Ec2Error =>
  new Ec2Error(
    'throttled',
    'Paced',
    `EC2 takes about ${perSecond.toFixed(1)} ${action} a second of ${placeKey(place)}; this one waits for its turn.`,
  );
