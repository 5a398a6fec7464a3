/**
 * Usage as CloudEvents. Source and id are the identity of an event: the same again is the same record, whenever it comes, and the
 * same with other content is a conflict. Hours are deduplicated as everywhere: of two events for one hour the first counts.
 */
import { Injectable } from '@nestjs/common';
import { DomainError, type ErrorKind } from '#domain/errors.ts';
import { canonicalUsage, hourOf } from '#domain/usage.ts';
import type { Caller } from '#platform/auth.ts';
import { sha256 } from '#platform/seal.ts';
import { EventIdentities, type Identified, type StandingEvent } from './event-identities.ts';
import { UsageEvent } from './events.schema.ts';
import { ReportSubjects, type Subject } from './report-subjects.ts';
import type { ReportResult } from './report-usage.schema.ts';
import { malformed, outcomeOf, rejected, ReportUsage, usageOf, type Measured, type Outcome } from './report-usage.ts';
import type { NewUsage } from './usage-writer.ts';

/** An event of which it is known whose usage it reports. */
interface Known {
  index: number;
  subject: Subject;
  measured: Measured;
  usage: NewUsage;
  identified: Identified;
}

const REUSED: Outcome = {
  status: 'conflict',
  code: 'event_id_reused',
  detail: 'An event with this source and id was taken, and said something else; that one stays.',
};

@Injectable()
export class Events {
  constructor(
    private readonly subjects: ReportSubjects,
    private readonly reports: ReportUsage,
    private readonly identities: EventIdentities,
  ) {}

  /** @returns what became of each event, in their order; those that are accepted are committed. @throws DomainError `usage_backlog` */
  async take(caller: Caller, given: readonly unknown[]): Promise<ReportResult[]> {
    const outcomes = new Map<number, Outcome>();
    const known = await this.known(caller, given, outcomes);
    const groups = Map.groupBy(known, ({ identified: { source, eventId } }) => `${source} ${eventId}`);
    const firsts = [...groups.values()].map((group) => group[0]!);
    await this.takeOnce(caller, firsts, outcomes);
    for (const [first, ...again] of groups.values())
      for (const event of again) {
        const isSame = event.identified.requestSha.equals(first!.identified.requestSha);
        outcomes.set(event.index, isSame ? repeated(outcomes.get(first!.index)!) : REUSED);
      }
    return given.map((_, index) => ({ index, ...outcomes.get(index)! }));
  }

  /** @param outcomes gets those of events that cannot be read, or are about nothing of the caller's. */
  private async known(caller: Caller, given: readonly unknown[], outcomes: Map<number, Outcome>): Promise<Known[]> {
    const events = given.flatMap((event, index) => {
      const read = UsageEvent.safeParse(event);
      if (read.success) return [{ index, event: read.data }];
      outcomes.set(index, malformed('invalid_event', read.error));
      return [];
    });
    const subjects = await this.subjects.of(
      caller.organizationId,
      events.map(({ event }) => named(event)),
    );
    return events.flatMap(({ index, event }, place) => {
      const subject = subjects[place]!;
      if (typeof subject !== 'string') return [knownOf(caller, index, event, subject)];
      outcomes.set(index, rejected(subject));
      return [];
    });
  }

  /** @param events no two of the same identity. */
  private async takeOnce(caller: Caller, events: Known[], outcomes: Map<number, Outcome>): Promise<void> {
    const standing = await this.identities.standing(caller.organizationId, events.map(identifiedOf));
    const open: Known[] = [];
    for (const event of events) {
      const stands = standing.get(event.identified);
      const settled = stands && settledBy(event, stands);
      const refusal = settled ? undefined : await this.reports.refusal(event.measured, event.subject);
      if (settled) outcomes.set(event.index, settled);
      else if (refusal) outcomes.set(event.index, rejected(refusal));
      else open.push(event);
    }
    // Identities are written down first: a killed process leaves one without its record, and the same event again makes that good.
    const claimed = await this.identities.claim(caller.organizationId, open.map(identifiedOf));
    const taken = open.filter((event) => claimed.has(event.identified));
    for (const event of open) if (!claimed.has(event.identified)) outcomes.set(event.index, REUSED);
    const receipts = await this.reports.record(taken.map(({ usage }) => usage));
    for (const [place, { index }] of taken.entries()) outcomes.set(index, outcomeOf(receipts[place]!));
  }
}

/** What an event that came alone is refused with. */
export function refusalOfEvent({ code = 'rejected', detail = '' }: Outcome): DomainError {
  const kind: ErrorKind = code.startsWith('invalid_') ? 'invalid' : code.endsWith('_not_found') ? 'missing' : 'conflict';
  return new DomainError(kind, code, detail);
}

/** What became of an event before, if that is known by its record. */
function settledBy({ identified, usage }: Known, stands: StandingEvent): Outcome | undefined {
  if (!stands.requestSha.equals(identified.requestSha)) return REUSED;
  if (stands.record === null) return undefined;
  const isSame = stands.record.requestSha.equals(sha256(canonicalUsage(usage.quantity, usage.allocations ?? [])));
  return outcomeOf({ recordId: stands.record.id, outcome: isSame ? 'repeated' : 'differs' });
}

const repeated = (outcome: Outcome): Outcome => (outcome.status === 'accepted' ? { ...outcome, status: 'repeated' } : outcome);

const identifiedOf = (event: Known): Identified => event.identified;

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const named = ({ subject, time, data }: UsageEvent) => ({
  ...(isUuid.test(subject) ? { subscriptionId: subject.toLowerCase() } : { licenseArn: subject }),
  instanceId: data.instanceId,
  at: time,
});

function knownOf(caller: Caller, index: number, { id, source, time, data }: UsageEvent, subject: Subject): Known {
  const measured = { at: time, dimension: data.dimension, quantity: data.quantity, allocations: data.allocations };
  const usage = usageOf(caller, measured, subject);
  const { subscriptionId, sourceId, dimension } = usage;
  const said = [subscriptionId, time.getTime(), sourceId, dimension, canonicalUsage(data.quantity, data.allocations)];
  const identified = {
    subscriptionId,
    source,
    eventId: id,
    requestSha: sha256(JSON.stringify(said)),
    hour: hourOf(time),
    sourceId,
    dimension,
  };
  return { index, subject, measured, usage, identified };
}
