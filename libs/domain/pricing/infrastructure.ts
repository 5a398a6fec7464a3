/** A share of what the buyer's machines cost at the cloud, in the offer's currency; nothing is converted (docs/MONEY.md R13). */
import type { Rate } from '../money.ts';
import type { Part } from './price.ts';

const BASIS = 10_000n;

/** @param basisPoints 1,250 is 12.5 %. @param cost of the machines, exact. */
export const infrastructureShare = (basisPoints: bigint, cost: Rate): Part[] => [
  { label: '% of infrastructure', quantity: basisPoints, unitSize: BASIS, rate: cost },
];
