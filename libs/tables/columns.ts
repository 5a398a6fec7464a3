/** How PostgreSQL values become TypeScript values: money and counts are bigint, never number. */
import { DefaultNamingStrategy, type NamingStrategyInterface, type ValueTransformer } from 'typeorm';
import { formatRate, parseRate, RATE_DECIMALS, type Rate } from '#domain/money.ts';

const asBigint: ValueTransformer = {
  to: (value: bigint | null | undefined) => value?.toString(),
  from: (value: string | null) => (value === null ? null : BigInt(value)),
};

const asRate: ValueTransformer = {
  to: (value: Rate | null | undefined) => (value === null || value === undefined ? value : formatRate(value)),
  from: (value: string | null) => (value === null ? null : parseRate(value)),
};

/** A bigint column: minor units, counters. */
export const BIGINT = { type: 'bigint', transformer: asBigint } as const;
/** A numeric(38,0) column: sums of quantities, past 2⁶³. */
export const QUANTITY = { type: 'numeric', precision: 38, scale: 0, transformer: asBigint } as const;
/** A numeric(38,12) column: prices and exact amounts, in major units. */
export const RATE = { type: 'numeric', precision: 38, scale: 12, transformer: asRate } as const;

/** A numeric(60,12) column: exact amounts that are still to be divided. */
export const EXACT = {
  type: 'numeric',
  precision: 60,
  scale: 12,
  transformer: {
    to: (value: Rate | null | undefined) => (value === null || value === undefined ? value : formatRate(value)),
    from: (value: string | null) => (value === null ? null : exactOf(value)),
  } satisfies ValueTransformer,
} as const;

/** `parseRate` without its bound on the digits in front of the point: a sum of seconds may have more. */
export function exactOf(text: string): Rate {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const magnitude = BigInt(whole + fraction.padEnd(RATE_DECIMALS, '0'));
  return text.startsWith('-') ? -magnitude : magnitude;
}

/** `acceptedAt` in TypeScript is `accepted_at` in PostgreSQL; table names are given. */
export class SnakeCase extends DefaultNamingStrategy implements NamingStrategyInterface {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  }
}
