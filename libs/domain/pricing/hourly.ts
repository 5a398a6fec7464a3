/**
 * Running machines: a price per hour for each instance type, or one for all, counted in hours begun or in seconds (../runtime.ts).
 * Machines of a type with a price of its own are counted in a dimension of its own, so that usage says what it is charged at.
 */
import { runtimeDimension, type Increment } from '../runtime.ts';

/** `hours`, or `hours.m5.large` for a type that has its own price. */
export const hourlyDimension = (increment: Increment, instanceType: string | null): string =>
  instanceType === null ? runtimeDimension(increment) : `${runtimeDimension(increment)}.${instanceType}`;

/** The price that a machine of a type runs at: its type's own, or the one for all others. */
export const priceOfType = <P extends { instanceType: string | null }>(
  prices: readonly P[],
  instanceType: string,
): P | undefined =>
  prices.find((price) => price.instanceType === instanceType) ?? prices.find((price) => price.instanceType === null);
