/**
 * Live progress of a launch or a machine: what was said so far, then what is said, until there is nothing to wait for. Reads
 * launcher.launch_event, launcher.instance, launcher.volume and api.launch.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown, type MessageEvent } from '@nestjs/common';
import type { Logger } from 'pino';
import { Observable, type Subscriber } from 'rxjs';
import { DataSource } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { isAtRest, wishOf } from '#domain/launch.ts';
import type { Caller } from '#platform/auth.ts';
import { LOG } from '#platform/tokens.ts';
import { Launch, type DesiredState } from '#tables/api/launch.ts';
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
  private readonly stopping = new AbortController();

  constructor(
    private readonly db: DataSource,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Who follows connects again, to another copy of this app. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
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
      this.send(subscriber, which, BigInt(after)).catch((error: unknown) => this.cut(subscriber, error));
    });
  }

  /** What went wrong is ours to know; who follows comes again with Last-Event-ID. */
  private cut(subscriber: Subscriber<MessageEvent>, error: unknown): void {
    if (!this.stopping.signal.aborted) this.log.warn({ err: error }, 'a stream of events was cut off');
    subscriber.complete();
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
    while (!subscriber.closed && !this.stopping.signal.aborted && Date.now() - began < LONGEST_MS) {
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
      await sleep(now - spoke > QUIET_AFTER_MS ? LOOK_SELDOM_MS : LOOK_MS, undefined, this.stopping);
    }
    subscriber.complete();
  }

  /** The state first: what is said after it was read is not missed, but comes with the next look. */
  private async look(which: Which): Promise<Look> {
    const rest = 'launchId' in which ? await this.restOfLaunch(which.launchId) : await this.restOfMachine(which.instanceId);
    return { rest, events: await this.db.manager.find(LaunchEvent, { where: which, order: { id: 'asc' } }) };
  }

  private async restOfLaunch(launchId: string): Promise<string | null> {
    const current = await currentMachine(this.db.manager, launchId);
    if (!current || !isAtRest(current, await this.wishFor(launchId))) return null;
    return (await this.hasVolumesToLetGo(launchId)) ? null : current.state;
  }

  private async restOfMachine(id: string): Promise<string | null> {
    const machine = await this.db.manager.findOneByOrFail(Instance, { id });
    const wish = machine.launchId ? await this.wishFor(machine.launchId) : machine.desired;
    // A machine that was lost has come to its end, whatever takes its place.
    return isAtRest({ ...machine, lostAt: null }, wish) ? machine.state : null;
  }

  /** What its buyer wants of it, which its machine may not have been told yet. */
  private async wishFor(launchId: string): Promise<DesiredState> {
    const { desired, subscriptionId } = await this.db.manager.findOneByOrFail(Launch, { id: launchId });
    const { endedAt } = await this.db.manager.findOneByOrFail(Subscription, { id: subscriptionId });
    return wishOf({ desired, subscriptionActive: endedAt === null });
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
