/** Why a fee is what it is, for a person: the formula with the numbers of the line filled in. Anybody can reckon it again. */
import { formatMajor, type Minor } from '../money.ts';
import type { FeeModel, OtherPart } from './terms.ts';

export interface FeeFacts {
  currency: string;
  model: FeeModel;
  basisPoints: number;
  amountMinor: Minor;
  baseMinor: Minor;
  fixedMinor: Minor;
  platformMinor: Minor;
  others: readonly OtherPart[];
  vendorMinor: Minor;
}

/** `30.97 × 20 % = 6.19` */
export function formulaOf(facts: FeeFacts): string {
  const money = (amount: Minor): string => formatMajor(amount, facts.currency);
  const rate = percent(facts.basisPoints);
  const result = money(facts.platformMinor);
  if (facts.model === 'fixed') return `${money(facts.fixedMinor)} of the fixed amount of its product on this bill = ${result}`;
  if (facts.model === 'percent') return `${money(facts.amountMinor)} × ${rate} = ${result}`;
  const cost = facts.amountMinor - facts.baseMinor;
  return `(${money(facts.amountMinor)} − ${money(cost)}) × ${rate} + ${money(facts.fixedMinor)} = ${result}`;
}

/** `12.5 %` */
export const percent = (basisPoints: number): string => {
  const [whole, fraction] = [
    Math.trunc(basisPoints / 100),
    String(basisPoints % 100)
      .padStart(2, '0')
      .replace(/0+$/, ''),
  ];
  return `${whole}${fraction ? `.${fraction}` : ''} %`;
};

/** `30.97 − 6.19 − 3.10 (reseller) = 21.68` */
export function restOf({ currency, amountMinor, platformMinor, others, vendorMinor }: FeeFacts): string {
  const money = (amount: Minor): string => formatMajor(amount, currency);
  const taken = others.map(({ kind, amountMinor: part }) => ` − ${money(part)} (${kind})`).join('');
  return `${money(amountMinor)} − ${money(platformMinor)}${taken} = ${money(vendorMinor)}`;
}
