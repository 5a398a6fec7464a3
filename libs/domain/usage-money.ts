/** How far the money for usage has come, from being counted to being at the vendor's bank. */
import { daysOf } from './period.ts';

/**
 * metered → rated (a charge of a period that is over) → invoiced → collected (the buyer has paid) → available (the vendor's share can
 * be paid out) → paid (sent to the vendor).
 */
export const MONEY_STATES = ['metered', 'rated', 'invoiced', 'collected', 'available', 'paid'] as const;
export type MoneyState = (typeof MONEY_STATES)[number];

/** What billing says of one dimension of one of a subscription's periods. */
export interface PeriodMoney {
  startsAt: Date;
  endsAt: Date;
  dimension: string;
  state: MoneyState;
}

/** @param day UTC day of use, `2026-01-31`: periods are made of days. @returns `metered` when no period was charged for it. */
export function moneyStateOf(
  periods: readonly PeriodMoney[],
  { day, dimension }: { day: string; dimension: string },
): MoneyState {
  const charged = periods.find((period) => {
    const { first, end } = daysOf({ from: period.startsAt, to: period.endsAt });
    return period.dimension === dimension && day >= first && day < end;
  });
  return charged?.state ?? 'metered';
}
