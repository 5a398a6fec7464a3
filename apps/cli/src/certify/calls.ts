/** What a meterer sent and what became of it, in the form that the judge reads. Knows the bodies of MeterUsage and BatchMeterUsage. */

export type Operation = 'MeterUsage' | 'BatchMeterUsage';

/**
 * - `accepted`: recorded, and the meterer was told
 * - `unheard`: recorded, and the answer got lost
 * - `failed`: not recorded for now; it should come again
 * - `unprocessed`: named in UnprocessedRecords; it should come again
 * - `refused`: never to be recorded
 */
export type Outcome = 'accepted' | 'unheard' | 'failed' | 'unprocessed' | 'refused';

/** Usage of one hour, as it was sent. */
export interface Report {
  /** Whose usage: the customer that a batch names, or the machine. */
  who: string;
  dimension: string;
  /** As sent; seconds since 1970 when it is right. */
  timestamp: unknown;
  quantity: unknown;
  /** Who, dimension and hour: what the market knows a report by. */
  key: string;
}

export interface SentReport extends Report {
  outcome: Outcome;
  /** Why it was not accepted: a type of error or a status. */
  said: string;
}

export interface Call {
  /** From 1 in each scenario. */
  number: number;
  /** Which run of the command, from 1. */
  run: number;
  /** Milliseconds since 1970. */
  at: number;
  operation: Operation;
  clientToken: string | undefined;
  /** What AWS's SDKs give all attempts that they make by themselves of one call; the call's own number without them. */
  invocation: string;
  reports: SentReport[];
  /** Whether the answer was the market's own, and its words when it refused. */
  market: { type: string; message: string } | undefined;
}

/** How a run of the command ended; none when software was only waited for. */
export interface Run {
  /** Null when it ran until it was stopped. */
  exitCode: number | null;
  output: string;
}

export const operationOf = (target: string | undefined): Operation | undefined =>
  target === 'AWSMPMeteringService.MeterUsage' || target === 'AWSMPMeteringService.BatchMeterUsage'
    ? (target.slice('AWSMPMeteringService.'.length) as Operation)
    : undefined;

/** The reports in a body; none when it is not JSON or holds none. */
export function reportsOf(operation: Operation, body: Record<string, unknown>): Report[] {
  if (operation === 'MeterUsage') return [report('this machine', body.UsageDimension, body.Timestamp, body.UsageQuantity)];
  const records = Array.isArray(body.UsageRecords) ? (body.UsageRecords as unknown[]) : [];
  return records.filter(isObject).map((record) => {
    const { CustomerIdentifier, CustomerAWSAccountId, LicenseArn } = record;
    const who = [CustomerIdentifier ?? CustomerAWSAccountId, LicenseArn].filter((name) => typeof name === 'string').join(' ');
    return report(who || 'nobody', record.Dimension, record.Timestamp, record.Quantity);
  });
}

function report(who: string, dimension: unknown, timestamp: unknown, quantity: unknown = 0): Report {
  const name = typeof dimension === 'string' ? dimension : '(no dimension)';
  return { who, dimension: name, timestamp, quantity, key: `${who} ${name} ${hourOf(timestamp)}` };
}

/** `2026-01-05T14:00Z`, or whatever was sent when it is no time. */
export const hourOf = (timestamp: unknown): string => {
  const shown = instant(timestamp);
  return shown ? `${shown.slice(0, 13)}:00Z` : String(timestamp);
};

/** `2026-01-05T14:03:09.123Z`, or whatever was sent when it is no time. */
export const timeOf = (timestamp: unknown): string => instant(timestamp) ?? String(timestamp);

function instant(timestamp: unknown): string | undefined {
  if (typeof timestamp !== 'number' || Math.abs(timestamp) > 8.64e12) return undefined;
  return new Date(Math.round(timestamp * 1000)).toISOString();
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether a report will never be taken. A batch is refused as a whole for one bad time: that of its oldest record, and the others are
 * to come again without it.
 */
export const isFinal = (call: Call, report: SentReport): boolean =>
  report.outcome === 'refused' &&
  (report.said !== 'TimestampOutOfBoundsException' ||
    call.reports.every((other) => Number(other.timestamp) >= Number(report.timestamp)));

/** A throttle and whatever is not the caller's mistake passes; the rest stays refused, however often it is sent. */
export const isPassing = (status: number, type: string): boolean =>
  status >= 500 || status === 429 || type === 'ThrottlingException' || type === 'InternalServiceErrorException';
