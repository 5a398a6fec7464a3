/**
 * Live progress of a launch or a machine: what was said so far, then what is said, until there is nothing to wait for. Reads
 * launcher.launch_event, launcher.instance, launcher.volume and api.launch.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type MessageEvent } from '@nestjs/common';
import { Observable, type Subscriber } from 'rxjs';
import { DataSource } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { isAtRest, wishOf } from '#domain/launch.ts';
import type { Caller } from '#platform/auth.ts';
import { Launch } from '#tables/api/launch.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { LaunchEvent } from '#tables/launcher/launch-event.ts';
import { currentMachine } from '../instances/current-machine.ts';
import type { ProgressEvent } from './events.schema.ts';

export type Which = { launchId: string } | { instanceId: string };

/** How often is looked for more: often while things move, and less so when nothing was said for a while. */
const LOOK_MS = 400;
const LOOK_SELDOM_MS = 2_000;
const QUIET_AFTER_MS = 30_000;
/** Proxies close what is silent; a comment keeps it open. */
const COMMENT_AFTER_MS = 15_000;
/** Who follows on after that comes again with Last-Event-ID, and is asked again who they are. */
const LONGEST_MS = 15 * 60_000;
/** Of one copy of this app. */
const MOST_STREAMS = 500;

interface Look {
  events: LaunchEvent[];
  /** What it has come to, once there is nothing to wait for. */
  rest: string | null;
}

@Injectable()
export class Events implements BeforeApplicationShutdown {
  private open = 0;
  private stopping = false;

  constructor(private readonly db: DataSource) {}

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }

  /**
   * @param after the id of the last event that the caller has seen.
   * @throws DomainError `missing` for a foreign launch or machine, `too_many_streams`.
   */
  async follow(caller: Caller, which: Which, after = '0'): Promise<Observable<MessageEvent>> {
    await this.assertOwn(caller, which);
    if (this.open >= MOST_STREAMS)
      throw new DomainError('throttled', 'too_many_streams', 'Too many follow their launches at the moment; try again shortly.');
    return new Observable((subscriber) => {
      this.open += 1;
      subscriber.add(() => {
        this.open -= 1;
      });
      this.send(subscriber, which, BigInt(after)).catch((error: unknown) => subscriber.error(error));
    });
  }

  private async assertOwn({ organizationId: buyerId }: Caller, which: Which): Promise<void> {
    const db = this.db.manager;
    if ('launchId' in which) {
      if (!(await db.existsBy(Launch, { id: which.launchId, buyerId }))) throw missing('launch');
    } else if (!(await db.existsBy(Instance, { id: which.instanceId, buyerId }))) throw missing('instance');
  }

  private async send(subscriber: Subscriber<MessageEvent>, which: Which, after: bigint): Promise<void> {
    const began = Date.now();
    // Two transactions may commit in another order than their events are numbered in, so what was sent is kept one by one.
    const sent = new Set<string>();
    let [spoke, commented, last] = [began, began, String(after)];
    while (!subscriber.closed && !this.stopping && Date.now() - began < LONGEST_MS) {
      const { events, rest } = await this.look(which);
      const fresh = events.filter(({ id }) => BigInt(id) > after && !sent.has(id));
      for (const event of fresh) {
        sent.add(event.id);
        last = event.id;
        subscriber.next({ id: event.id, data: dataOf(event) });
      }
      if (rest !== null) {
        subscriber.next({ id: last, type: 'end', data: { state: rest } });
        break;
      }
      const now = Date.now();
      if (fresh.length > 0) [spoke, commented] = [now, now];
      if (now - commented > COMMENT_AFTER_MS) {
        commented = now;
        subscriber.next({ comment: 'nothing new' } as MessageEvent);
      }
      await sleep(now - spoke > QUIET_AFTER_MS ? LOOK_SELDOM_MS : LOOK_MS);
    }
    subscriber.complete();
  }

  /** The state first: what is said after it was read is not missed, but comes with the next look. */
  private async look(which: Which): Promise<Look> {
    const rest = 'launchId' in which ? await this.restOfLaunch(which.launchId) : await this.restOfMachine(which.instanceId);
    return { rest, events: await this.db.manager.find(LaunchEvent, { where: which, order: { id: 'asc' } }) };
  }

  private async restOfLaunch(launchId: string): Promise<string | null> {
    const db = this.db.manager;
    const launch = await db.findOneByOrFail(Launch, { id: launchId });
    const current = await currentMachine(db, launchId);
    if (!current) return null;
    const subscription = await db.findOneByOrFail(Subscription, { id: launch.subscriptionId });
    const wish = wishOf({ desired: launch.desired, subscriptionActive: subscription.endedAt === null });
    return isAtRest(current, wish) && !(await this.hasVolumesToLetGo(launchId)) ? current.state : null;
  }

  private async restOfMachine(id: string): Promise<string | null> {
    const machine = await this.db.manager.findOneByOrFail(Instance, { id });
    // A machine that was lost has come to its end, whatever takes its place.
    return isAtRest({ ...machine, lostAt: null }, machine.desired) ? machine.state : null;
  }

  private async hasVolumesToLetGo(launchId: string): Promise<boolean> {
    const [volume] = await this.db.query(
      `select from launcher.volume
        where volume.launch_id = $1 and volume.wanted in ('released', 'deleted') and volume.state not in ('lost', 'released', 'deleted')
        limit 1`,
      [launchId],
    );
    return volume !== undefined;
  }
}

const dataOf = ({ at, kind, message, instanceId }: LaunchEvent): ProgressEvent => ({
  at: at.toISOString(),
  kind,
  message,
  instanceId,
});
