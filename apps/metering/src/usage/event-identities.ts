/** metering.usage_event: which events were taken, by source and id, and what they said. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock.ts';

export interface Identified {
  subscriptionId: string;
  source: string;
  eventId: string;
  /** SHA-256 over all that the event says of usage. */
  requestSha: Buffer;
  /** The rest of the key of its record. */
  hour: Date;
  sourceId: string;
  dimension: string;
}

/** An event of the same identity that was taken before. */
export interface StandingEvent {
  requestSha: Buffer;
  /** The record of its hour; null when whoever took the event was stopped before writing it. */
  record: { id: string; requestSha: Buffer } | null;
}

interface StandingRow {
  index: number;
  request_sha: Buffer;
  record_id: string | null;
  record_sha: Buffer | null;
}

@Injectable()
export class EventIdentities {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** What was taken under the same identities of the vendor's, whichever subscription it was about. */
  async standing(vendorId: string, events: readonly Identified[]): Promise<Map<Identified, StandingEvent>> {
    if (events.length === 0) return new Map();
    const rows: StandingRow[] = await this.db.query(
      `select given.place::int - 1 as index, event.request_sha, record.record_id, record.request_sha as record_sha
         from unnest($2::text[], $3::text[]) with ordinality as given (source, event_id, place)
         join metering.usage_event event on event.vendor_id = $1 and event.source = given.source and event.event_id = given.event_id
         left join metering.usage_record record on record.subscription_id = event.subscription_id and record.hour = event.hour
           and record.source_id = event.source_id and record.dimension = event.dimension
        order by given.place, event.received_at, event.subscription_id`,
      [vendorId, events.map((event) => event.source), events.map((event) => event.eventId)],
    );
    const standing = new Map<Identified, StandingEvent>();
    for (const { index, request_sha: requestSha, record_id: id, record_sha: recordSha } of rows) {
      const event = events[index]!;
      if (standing.get(event)?.requestSha.equals(event.requestSha)) continue;
      standing.set(event, { requestSha, record: id && recordSha ? { id, requestSha: recordSha } : null });
    }
    return standing;
  }

  /**
   * Writes identities down, once and for ever. @returns those that are these events' own now: new, or taken before with the same
   * content.
   */
  async claim(vendorId: string, events: readonly Identified[]): Promise<Set<Identified>> {
    if (events.length === 0) return new Set();
    const keys = [
      events.map((event) => event.subscriptionId),
      events.map((event) => event.source),
      events.map((event) => event.eventId),
    ];
    await this.db.query(
      `insert into metering.usage_event (subscription_id, source, event_id, vendor_id, request_sha, hour, source_id, dimension, received_at)
       select given.subscription_id, given.source, given.event_id, $4, given.request_sha, given.hour, given.source_id, given.dimension, $9
         from unnest($1::uuid[], $2::text[], $3::text[], $5::bytea[], $6::timestamptz[], $7::uuid[], $8::text[])
              as given (subscription_id, source, event_id, request_sha, hour, source_id, dimension)
        -- Everybody inserts in the order of the key, so that no two wait for each other in a ring.
        order by given.subscription_id, given.source, given.event_id
       on conflict (subscription_id, source, event_id) do nothing`,
      [
        ...keys,
        vendorId,
        events.map((event) => event.requestSha),
        events.map((event) => event.hour),
        events.map((event) => event.sourceId),
        events.map((event) => event.dimension),
        this.clock.now(),
      ],
    );
    const rows: Array<{ index: number; request_sha: Buffer }> = await this.db.query(
      `select given.place::int - 1 as index, event.request_sha
         from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as given (subscription_id, source, event_id, place)
         join metering.usage_event event using (subscription_id, source, event_id)`,
      keys,
    );
    return new Set(
      rows.map(({ index }) => events[index]!).filter((event, place) => event.requestSha.equals(rows[place]!.request_sha)),
    );
  }
}
