/** Whether a subscription takes a report of usage that its vendor sends, and if not, why. */
import { isInBounds, takesUsage, wrongAllocations, type Allocation, type Window } from './usage.ts';

export interface ReportedUsage {
  at: Date;
  dimension: string;
  quantity: number;
  allocations: Allocation[];
}

/** What the report is about. */
export interface ReportedOn {
  startedAt: Date;
  endedAt: Date | null;
  /** When the machine was launched, where the usage is a machine's. */
  machineSince?: Date;
  /** Dimensions that vendors report under the subscription's prices. */
  dimensions: ReadonlySet<string>;
}

export type UsageRefusal =
  | 'invalid_tags'
  | 'invalid_allocations'
  | 'time_out_of_window'
  | 'subscription_ended'
  | 'dimension_not_metered';

/**
 * The first rule that a report breaks: those of BatchMeterUsage, in its order, for one report by itself.
 * @param window what vendors may report now.
 * @param graceMinutes how long after its end a subscription still takes usage of before.
 */
export function refusalOf(
  report: ReportedUsage,
  about: ReportedOn,
  { now, window, graceMinutes }: { now: Date; window: Window; graceMinutes: number },
): UsageRefusal | undefined {
  const wrong = wrongAllocations(report.quantity, report.allocations);
  if (wrong) return `invalid_${wrong}`;
  if (!isInBounds(report.at, window, about.startedAt)) return 'time_out_of_window';
  if (about.machineSince && !isInBounds(report.at, window, about.machineSince)) return 'time_out_of_window';
  if (!takesUsage({ endedAt: about.endedAt, at: report.at, now, graceMinutes })) return 'subscription_ended';
  return about.dimensions.has(report.dimension) ? undefined : 'dimension_not_metered';
}
