/**
 * Launches that wait for an account that EC2 throttles: every second the oldest are rung for, as many as its pace allows. Reads
 * launcher.instance and launcher.image. What it knows is this process's alone: when it is lost, the sweep rings for the first ones again.
 */
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { Doorbell } from '#platform/doorbell.ts';
import { APP, LOG, type App } from '#platform/tokens.ts';
import { Pacer, placeKey } from '../ec2/pacer.ts';
import type { Place } from '../ec2/place.ts';

const ROUND_MS = 1_000;
/** Somebody rung for may have something else to wait for, and lets the next ones pass meanwhile. */
const PASS_MS = 5_000;
const MOST_RUNG = 10_000;

@Injectable()
export class PacedLaunches implements BeforeApplicationShutdown {
  private readonly rounds = new Map<string, NodeJS.Timeout>();
  private readonly rung = new LRUCache<string, true>({ max: MOST_RUNG, ttl: PASS_MS });
  private stopping = false;

  constructor(
    private readonly db: DataSource,
    private readonly doorbell: Doorbell,
    private readonly pacer: Pacer,
    @Inject(APP) private readonly app: App,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Somebody's launch there was throttled, or would be. */
  waits(place: Place): void {
    const key = placeKey(place);
    if (this.stopping || this.app.stages === 'by-hand' || this.rounds.has(key)) return;
    this.rounds.set(
      key,
      setTimeout(() => void this.round(place), ROUND_MS),
    );
  }

  /** The oldest launches that EC2 could be asked for, those of them aside that were rung for a moment ago. */
  async next(place: Place): Promise<string[]> {
    const perSecond = this.pacer.perSecond(place, 'RunInstances') ?? RING_ALL;
    const rows: Array<{ id: string }> = await this.db.query(
      `select instance.id from launcher.instance
         join launcher.image on image.version_id = instance.version_id and image.region = instance.region and image.state = 'ready'
        where instance.state = 'planned' and instance.desired = 'running' and instance.region = $1
          and instance.aws_connection_id is not distinct from $2::uuid and not (instance.id = any ($3::uuid[]))
          and not exists (select from launcher.stuck_work where stuck_work.queue = 'launcher.reconcile-instance'
                           and stuck_work.row_id = instance.id::text and stuck_work.next_try_at > now())
        order by instance.created_at, instance.id limit $4`,
      [place.region, place.connection?.id ?? null, [...this.rung.keys()], Math.ceil((perSecond * ROUND_MS) / 1000) + 1],
    );
    return rows.map((row) => row.id);
  }

  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const round of this.rounds.values()) clearTimeout(round);
  }

  private async round(place: Place): Promise<void> {
    this.rounds.delete(placeKey(place));
    try {
      const ids = await this.next(place);
      for (const id of ids) {
        this.rung.set(id, true);
        await this.doorbell.ringNow('launcher.reconcile-instance', id);
      }
      if (ids.length > 0) this.waits(place);
    } catch (error) {
      this.log.debug({ error: String(error) }, 'not rung; the sweep will');
    }
  }
}

/** Of a place that is not throttled any more, in a round. */
const RING_ALL = 50;
