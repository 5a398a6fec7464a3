/** Shapes of reports: what is asked for, and a row of each. Minor units in decimal strings; months and days in UTC. */
import { z } from 'zod';

const month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month, such as 2026-01');
const format = z.enum(['json', 'csv']).default('json').describe('csv has amounts in major units');
const MOST_MONTHS = 36;

const monthsFrom = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5));

const range = {
  from: month.describe('first month'),
  to: month.describe('last month, inclusive'),
  format,
};

const isInOrder = ({ from, to }: { from: string; to: string }): boolean => {
  const months = monthsFrom(to) - monthsFrom(from) + 1;
  return months >= 1 && months <= MOST_MONTHS;
};
const IN_ORDER = `must be from an earlier month to a later one, at most ${MOST_MONTHS}`;

export const RangeQuery = z.strictObject(range).refine(isInOrder, IN_ORDER);
export type RangeQuery = z.output<typeof RangeQuery>;

export const TagQuery = z
  .strictObject({ ...range, tag: z.string().trim().min(1).max(128).describe('key of the tag, such as team') })
  .refine(isInOrder, IN_ORDER);
export type TagQuery = z.output<typeof TagQuery>;

export const FormatQuery = z.strictObject({ format });
export type FormatQuery = z.output<typeof FormatQuery>;

const minor = z.string();
const name = z.string();
const currency = z.string();

export const RevenueRow = z.object({
  month: z.string().describe('that was invoiced'),
  product: name,
  currency,
  invoices: z.number().int(),
  amountMinor: minor.describe('net of discounts'),
  feeMinor: minor,
  vendorMinor: minor.describe('yours'),
  returnedMinor: minor.describe('of the amount, what credit notes, refunds and lost disputes took back since'),
  keptMinor: minor.describe('yours, less your part of that'),
  releasedMinor: minor.describe('of what you keep, what was paid for and is not on hold'),
});
export const UsageRow = z.object({
  month: z.string().describe('in which it was used'),
  product: name,
  dimension: z.string(),
  unit: z.string(),
  unitSize: z.string().describe('how much of the quantity one unit is'),
  quantity: z.string().describe('as rated, with what was found late'),
  customers: z.number().int(),
});
export const CustomerRow = z.object({
  customer: name,
  product: name,
  currency,
  since: z.string(),
  endedAt: z.string().nullable(),
  invoicedMinor: minor.describe('in all of its life, net of discounts and of what went back'),
  vendorMinor: minor.describe('yours of it'),
  lastInvoicedAt: z.string().nullable(),
});
export const ChurnRow = z.object({
  month: z.string(),
  subscriptionsAtStart: z.number().int(),
  started: z.number().int(),
  ended: z.number().int(),
  subscriptionsAtEnd: z.number().int(),
  churnBasisPoints: z
    .number()
    .int()
    .nullable()
    .describe('of those that there were at the start, how many ended in the month; null when there were none'),
});
export const ForecastRow = z.object({
  month: z.string().describe('the present month, which is invoiced when it is over'),
  product: name,
  currency,
  months: z.number().int().describe('how many of the last three the average is over: those since the first sale'),
  averageMinor: minor.describe('your share in a month, less what went back, on average'),
  subscriptionsThen: z.number().int().describe('at the end of the last month'),
  subscriptionsNow: z.number().int(),
  forecastMinor: minor.describe('average × now ÷ then; the average, when there were none then'),
});
export const VolumeRow = z.object({
  month: z.string().describe('that was invoiced'),
  currency,
  buyers: z.number().int(),
  invoices: z.number().int(),
  volumeMinor: minor,
  discountMinor: minor.describe('was taken off before'),
  creditMinor: minor.describe('of the volume, what credit paid'),
  returnedMinor: minor.describe('of the volume, what credit notes, refunds and lost disputes took back since'),
  takeMinor: minor.describe("the platform's fees, less what went back and the parts of resellers and upstream projects"),
  takeBasisPoints: z.number().int().nullable().describe('of the volume less what went back'),
});
export const ReceivableRow = z.object({
  buyer: name,
  currency,
  notDueMinor: minor,
  upTo30DaysMinor: minor.describe('overdue for so long'),
  upTo60DaysMinor: minor,
  upTo90DaysMinor: minor,
  olderMinor: minor,
  totalMinor: minor,
});
export const CostByProductRow = z.object({ month: z.string(), product: name, vendor: name, currency, amountMinor: minor });
export const CostByDayRow = z.object({
  day: z.string().nullable().describe('null for what is not of a day, such as a monthly price'),
  product: name,
  dimension: z.string(),
  currency,
  amountMinor: minor,
});
export const CostByTagRow = z.object({
  month: z.string(),
  value: z.string().nullable().describe('of the tag; null for machines without it, and for what is not of machines'),
  product: name,
  currency,
  amountMinor: minor,
});

const listOf = <T extends z.ZodObject>(row: T, id: string) => z.object({ items: z.array(row) }).meta({ id });

export const RevenueReport = listOf(RevenueRow, 'RevenueReport');
export const UsageReport = listOf(UsageRow, 'UsageReport');
export const CustomersReport = listOf(CustomerRow, 'CustomersReport');
export const ChurnReport = listOf(ChurnRow, 'ChurnReport');
export const ForecastReport = listOf(ForecastRow, 'ForecastReport');
export const VolumeReport = listOf(VolumeRow, 'VolumeReport');
export const ReceivablesReport = listOf(ReceivableRow, 'ReceivablesReport');
export const CostByProductReport = listOf(CostByProductRow, 'CostByProductReport');
export const CostByDayReport = listOf(CostByDayRow, 'CostByDayReport');
export const CostByTagReport = listOf(CostByTagRow, 'CostByTagReport');
