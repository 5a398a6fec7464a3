/** A small table of rates, enough to see tax at work; nothing to file a return with. Fixed, so that tests may count on it. */
import type { TaxCustomer } from './types.ts';

export interface Levy {
  country: string;
  state: string | null;
  /** Millionths: 19 % is 190,000. */
  rate: number;
  taxType: 'sales_tax' | 'vat' | 'gst' | 'jct';
  reason: 'standard_rated' | 'not_collecting' | 'not_supported' | 'reverse_charge' | 'customer_exempt';
}

/** Percent, by state of the United States. */
const SALES_TAX: Record<string, number> = { CA: 7.25, FL: 6, IL: 6.25, MA: 6.25, NY: 4, OR: 0, PA: 6, TX: 6.25, WA: 6.5 };

/** Percent, by country. */
const VAT: Record<string, number> = {
  AT: 20,
  BE: 21,
  DE: 19,
  DK: 25,
  ES: 21,
  FI: 25.5,
  FR: 20,
  IE: 23,
  IT: 22,
  NL: 21,
  PL: 23,
  SE: 25,
};
const OTHERS: Record<string, [percent: number, type: Levy['taxType']]> = {
  AU: [10, 'gst'],
  CA: [5, 'gst'],
  CH: [8.1, 'vat'],
  GB: [20, 'vat'],
  JP: [10, 'jct'],
  NO: [25, 'vat'],
};

/** Between businesses these leave the tax to the buyer, who names a number. */
const REVERSED = new Set(['eu_vat', 'gb_vat', 'no_vat', 'ch_vat']);

export function levyFor({ address, tax_ids, taxability_override: override }: TaxCustomer): Levy {
  const { country, state } = { country: address!.country!.toUpperCase(), state: address!.state?.toUpperCase() ?? null };
  const levy = tableRate(country, state);
  const isReversed = override === 'reverse_charge' || (levy.taxType === 'vat' && tax_ids.some((id) => REVERSED.has(id.type)));
  if (override === 'customer_exempt') return { ...levy, rate: 0, reason: 'customer_exempt' };
  return isReversed ? { ...levy, rate: 0, reason: 'reverse_charge' } : levy;
}

function tableRate(country: string, state: string | null): Levy {
  const of = (percent: number, taxType: Levy['taxType']): Levy => {
    return {
      country,
      state: country === 'US' ? state : null,
      rate: Math.round(percent * 10_000),
      taxType,
      reason: 'standard_rated',
    };
  };
  if (country === 'US') {
    const percent = SALES_TAX[state ?? ''];
    return percent ? of(percent, 'sales_tax') : { ...of(0, 'sales_tax'), reason: 'not_collecting' };
  }
  if (VAT[country] !== undefined) return of(VAT[country], 'vat');
  const other = OTHERS[country];
  return other ? of(...other) : { ...of(0, 'vat'), reason: 'not_supported' };
}

/** The tax on an amount, or in it, rounded half up to whole minor units. */
export function taxOn(amount: number, rate: number, behavior: 'exclusive' | 'inclusive'): number {
  const sign = amount < 0 ? -1 : 1;
  const size = Math.abs(amount);
  if (behavior === 'exclusive') return sign * Math.floor((size * rate + 500_000) / 1_000_000);
  const whole = 1_000_000 + rate;
  return sign * Math.floor((2 * size * rate + whole) / (2 * whole));
}

/** 72,500 millionths as `7.25`. */
export const percentage = (rate: number): string => String(rate / 10_000);
