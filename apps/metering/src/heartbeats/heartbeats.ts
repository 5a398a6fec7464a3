/** Takes "alive" of machines, in metering.heartbeat, and ends the silence of whoever speaks again. */
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import { HEARTBEAT_SECONDS, isWorthWriting } from '#domain/heartbeat.ts';
import { Clock } from '#platform/clock.ts';
import type { Signer } from '../wire/signers.ts';
import { refused } from '../wire/wire.errors.ts';
import type { HeartbeatView } from './heartbeats.schema.ts';

const MOST_REMEMBERED = 100_000;

@Injectable()
export class Heartbeats {
  /** What this copy wrote last; another copy, or this one started again, is asked in the database. */
  private readonly written = new LRUCache<string, Date>({ max: MOST_REMEMBERED });

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @throws WireError AccessDeniedException for a vendor's key. */
  async alive(signer: Signer): Promise<HeartbeatView> {
    if (signer.kind !== 'instance')
      throw refused('AccessDeniedException', 'A heartbeat is sent by a machine with its own session, not with a vendor key.');
    const { subscriptionId, instanceId } = signer;
    const now = this.clock.now();
    const writtenAt = this.written.get(instanceId);
    if (writtenAt && !isWorthWriting(writtenAt, now)) return { instanceId, lastAliveAt: writtenAt.toISOString() };
    await this.db.query(
      `with heartbeat as (
         insert into metering.heartbeat as known (subscription_id, instance_id, last_alive_at) values ($1, $2, $3)
         on conflict (subscription_id, instance_id) do update set last_alive_at = excluded.last_alive_at
          where known.last_alive_at <= excluded.last_alive_at - $4 * interval '1 second'
       )
       update metering.silence set ended_at = $3
        where silence.subscription_id = $1 and silence.instance_id = $2 and silence.ended_at is null and silence.since <= $3`,
      [subscriptionId, instanceId, now, HEARTBEAT_SECONDS],
    );
    this.written.set(instanceId, now);
    return { instanceId, lastAliveAt: now.toISOString() };
  }
}
