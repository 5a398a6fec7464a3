/** What one machine costs an hour, software and machine together, as far as it is known: what a fleet's ceiling is divided by. */
import { priceAt, type InfrastructurePrice } from './infrastructure.ts';
import type { Rate } from './money.ts';
import { priceOfType } from './pricing/hourly.ts';

interface HourlyPrice {
  instanceType: string | null;
  rate: Rate | null;
}

/**
 * @param software the hourly prices in force. Of seconds, the price is of an hour, too.
 * @param infrastructure what AWS asks for the type in the region, in the same currency. What is not known counts nothing.
 */
export function hourlyCost({
  software,
  infrastructure,
  instanceType,
  now,
}: {
  software: readonly HourlyPrice[];
  infrastructure: ReadonlyArray<Pick<InfrastructurePrice, 'rate' | 'effectiveFrom'>>;
  instanceType: string;
  now: Date;
}): Rate {
  return (priceOfType(software, instanceType)?.rate ?? 0n) + (priceAt(infrastructure, now)?.rate ?? 0n);
}
