/** POST /v1/usage: what a vendor's software reports in JSON, a thousand records at a time and each judged by itself. */
import { Injectable } from '@nestjs/common';
import { DomainError } from '#domain/errors.ts';
import { refusalOf, type UsageRefusal } from '#domain/usage-report.ts';
import { reportWindow } from '#domain/usage.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { MeteringConfig } from '../config.ts';
import { Facts } from '../facts.ts';
import { policyOf } from '../wire/operations/operation.ts';
import { ReportSubjects, type NotFound, type Subject } from './report-subjects.ts';
import { UsageReport, type ReportResult } from './report-usage.schema.ts';
import { TooMuchUsage, UsageWriter, type NewUsage, type Receipt } from './usage-writer.ts';

/** What became of a report, without its place. */
export type Outcome = Omit<ReportResult, 'index'>;
export type Measured = Pick<UsageReport, 'at' | 'dimension' | 'quantity' | 'allocations'>;

const WHY: Record<UsageRefusal | NotFound, string> = {
  product_not_found: 'None of your products has this product code.',
  subscription_not_found: 'None of your products has such a subscription.',
  instance_not_found: 'The subscription has no such machine.',
  invalid_tags: 'A part of the quantity has more than five tags, or a key twice.',
  invalid_allocations: 'The parts must add up to the quantity, with a different set of tags each, and be at most 2,500.',
  time_out_of_window: 'The time of use is outside of the hours for which usage is taken now.',
  subscription_ended: 'The subscription has ended, and takes no usage of that time any more.',
  dimension_not_metered: "The dimension is not one that this subscription's prices meter.",
};

export const rejected = (code: UsageRefusal | NotFound): Outcome => ({ status: 'rejected', code, detail: WHY[code] });

@Injectable()
export class ReportUsage {
  constructor(
    private readonly facts: Facts,
    private readonly subjects: ReportSubjects,
    private readonly usage: UsageWriter,
    private readonly clock: Clock,
    private readonly config: MeteringConfig,
  ) {}

  /** @returns what became of each record, in their order; those that are accepted are committed. @throws DomainError `usage_backlog` */
  async report(caller: Caller, records: readonly unknown[]): Promise<ReportResult[]> {
    const read = records.map((record) => UsageReport.safeParse(record));
    const reports = read.flatMap((each, index) => (each.success ? [{ index, report: each.data }] : []));
    const outcomes: Array<Outcome | undefined> = read.map((each) =>
      each.success ? undefined : malformed('invalid_record', each.error),
    );
    const subjects = await this.subjects.of(
      caller.organizationId,
      reports.map(({ report }) => report),
    );
    const taken: Array<{ index: number; usage: NewUsage }> = [];
    for (const [place, { index, report }] of reports.entries()) {
      const subject = subjects[place]!;
      const refusal = typeof subject === 'string' ? subject : await this.refusal(report, subject);
      if (refusal) outcomes[index] = rejected(refusal);
      else taken.push({ index, usage: usageOf(caller, report, subject as Subject) });
    }
    const receipts = await this.record(taken.map(({ usage }) => usage));
    for (const [place, { index }] of taken.entries()) outcomes[index] = outcomeOf(receipts[place]!);
    return outcomes.map((outcome, index) => ({ index, ...outcome! }));
  }

  /** Why a report is not taken now, if it is not. */
  async refusal(report: Measured, { subscription, instance }: Subject): Promise<UsageRefusal | undefined> {
    const now = this.clock.now();
    return refusalOf(
      report,
      {
        startedAt: subscription.startedAt,
        endedAt: subscription.endedAt,
        machineSince: instance?.createdAt,
        dimensions: await this.facts.meteredDimensions(subscription.priceVersionId),
      },
      {
        now,
        window: reportWindow(now, policyOf(this.config, this.config.BATCH_WINDOW_HOURS)),
        graceMinutes: this.config.UNSUBSCRIBE_GRACE_MINUTES,
      },
    );
  }

  /** As UsageWriter.record. @throws DomainError `usage_backlog`: nothing was recorded. */
  async record(rows: readonly NewUsage[]): Promise<Receipt[]> {
    try {
      return await this.usage.record(rows);
    } catch (error) {
      if (error instanceof TooMuchUsage) throw new DomainError('unavailable', 'usage_backlog', error.message);
      throw error;
    }
  }
}

export const usageOf = (caller: Caller, report: Measured, { subscription, instance }: Subject): NewUsage => ({
  subscriptionId: subscription.id,
  at: report.at,
  sourceId: instance?.id ?? subscription.id,
  dimension: report.dimension,
  quantity: report.quantity,
  allocations: report.allocations,
  signedBy: caller.userId === null ? `organization:${caller.organizationId}` : `user:${caller.userId}`,
});

/** What a receipt means to whoever reported. */
export function outcomeOf({ recordId, outcome }: Receipt): Outcome {
  if (outcome !== 'differs') return { status: outcome, recordId };
  return {
    status: 'conflict',
    recordId,
    code: 'another_quantity',
    detail: 'Another quantity was recorded for this hour and dimension; that one stays.',
  };
}

/** @param code names what has not the form that it should have. */
export const malformed = (code: string, error: { issues: ReadonlyArray<{ path: PropertyKey[]; message: string }> }): Outcome => ({
  status: 'rejected',
  code,
  detail: error.issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; '),
});
