/**
 * What an offer may charge for, and the shape of what it comes to. A price says what is counted (its dimension) and how that becomes
 * money (its model); there is one file per model beside this one. Nothing in this folder rounds: the invoice line does (docs/MONEY.md R3).
 */
import type { Rate } from '../money.ts';
import { unitSizeOf, type Increment } from '../runtime.ts';

/** One step of a graduated or volume price. */
export interface Tier {
  /** The last unit that belongs to it, counted from the first of the period; null for the last tier. */
  upTo: bigint | null;
  /** Major units for one unit. */
  rate: Rate;
  /** Due once when the tier is entered. */
  flat: Rate;
}

/** When a part of a contract's price is due: so many months after its term began, and its share of the price among all parts. */
export interface Instalment {
  afterMonths: number;
  share: bigint;
}

/** How long a contract runs, and what one unit of it costs for all of that time. */
export interface ContractOption {
  months: number;
  rate: Rate;
  /** Null where all is due when a term begins. */
  instalments: readonly Instalment[] | null;
}

/** `free`: nothing is charged. `byol`: nothing is charged here, the buyer brings a licence. */
export interface NothingToPay {
  model: 'free' | 'byol';
}

/** For running machines; the platform counts. With an instance type only for machines of that type. */
export interface HourlyTerms {
  model: 'hourly';
  instanceType: string | null;
  rate: Rate;
  increment: Increment;
  minimumSeconds: number;
  included: bigint;
}

/** Every unit costs the same. */
export interface PerUnitTerms {
  model: 'metered';
  rate: Rate;
  /** Units of each period that cost nothing. */
  included: bigint;
}

/** `graduated`: each unit at the price of the tier it is in. `volume`: all at the price of the tier that the last one is in. */
export interface TieredTerms {
  model: 'graduated' | 'volume';
  tiers: readonly Tier[];
  included: bigint;
}

/** Sold in packages, each begun one in full. */
export interface PackageTerms {
  model: 'package';
  size: bigint;
  rate: Rate;
  included: bigint;
}

/** `flat`: for each calendar month begun. `monthly`: by the second of the month. `one_time`: once. */
export interface FixedTerms {
  model: 'flat' | 'monthly' | 'one_time';
  rate: Rate;
}

/** A year of one machine of a type, paid ahead; its running is then covered. */
export interface AnnualTerms {
  model: 'annual';
  instanceType: string;
  rate: Rate;
}

export interface ContractTerms {
  model: 'contract';
  options: readonly ContractOption[];
}

/** A share of what the buyer's machines cost at the cloud. */
export interface InfrastructureTerms {
  model: 'infrastructure';
  /** 1 to 100,000; 1,250 is 12.5 %. */
  basisPoints: bigint;
}

export type Terms =
  | NothingToPay
  | HourlyTerms
  | PerUnitTerms
  | TieredTerms
  | PackageTerms
  | FixedTerms
  | AnnualTerms
  | ContractTerms
  | InfrastructureTerms;
export type PriceModel = Terms['model'];

export interface Named {
  /** One price per dimension and version. */
  dimension: string;
  description: string;
  unit: string;
}

export type Price = Named & Terms;
/** A price of what is counted, by the platform or by the vendor. */
export type UsagePrice = Named & (HourlyTerms | PerUnitTerms | TieredTerms | PackageTerms);

/** Models whose quantities the vendor's software reports. */
export const REPORTED_MODELS = ['metered', 'graduated', 'volume', 'package'] as const satisfies readonly PriceModel[];
/** Models whose quantity the buyer chooses and commits to. */
export const CHOSEN_MODELS = ['annual', 'contract'] as const satisfies readonly PriceModel[];

const USAGE_MODELS: readonly PriceModel[] = ['hourly', ...REPORTED_MODELS];
export const isUsagePrice = (price: Price): price is UsagePrice => USAGE_MODELS.includes(price.model);
/** What counts towards a minimum spend: what was used, and the share of what that ran on. */
export const countsAsSpend = (model: PriceModel | 'minimum_spend'): boolean =>
  model === 'infrastructure' || USAGE_MODELS.includes(model as PriceModel);

/** How much of what is counted makes one unit: 3600 where seconds are counted and hours priced, 1 otherwise. */
export const priceUnitSize = (price: UsagePrice): bigint => (price.model === 'hourly' ? unitSizeOf(price.increment) : 1n);

/** A free trial: of so many days, or of so many units of one dimension. */
export interface Trial {
  of: { days: number } | { dimension: string; quantity: bigint };
  /** `ends`: nothing is charged before the buyer says yes. `converts`: what comes after it is charged. */
  afterwards: 'ends' | 'converts';
}

/** A set of prices, in force from an instant until the next one of the same offer. Never changed. */
export interface PriceVersion {
  id: string;
  effectiveFrom: Date;
  prices: readonly Price[];
  /** Major units for a whole calendar month; null for none. */
  minimumSpend: Rate | null;
}

/** A part of a charge: due is `quantity ÷ unitSize × rate`. */
export interface Part {
  /** What it is, for a person; empty where quantity and rate say it all. */
  label: string;
  quantity: bigint;
  unitSize: bigint;
  rate: Rate;
}

/** What is due of parts, times `unitSize`, by which it is divided where it is rounded. @param unitSize a multiple of every part's. */
export function amountOf(parts: readonly Part[], unitSize: bigint): Rate {
  return parts.reduce((sum, part) => {
    if (unitSize % part.unitSize !== 0n) throw new RangeError(`Parts of ${part.unitSize} do not go into ${unitSize}.`);
    return sum + part.quantity * part.rate * (unitSize / part.unitSize);
  }, 0n);
}

/** What was used of a dimension on a UTC day, or taken back of it. */
export interface DailyUsage {
  /** `2026-01-31`. */
  day: string;
  dimension: string;
  /** Negative in a correction. */
  quantity: bigint;
}

/** What the machines of an agreement cost at the cloud on a UTC day. */
export interface DailyCost {
  day: string;
  /** Major units, with twelve decimals. */
  amount: Rate;
}

/** The dimension of a charge that stands for the minimum spend. */
export const MINIMUM_SPEND = 'minimum_spend';

export interface RatedCharge<U = DailyUsage> {
  priceVersionId: string;
  dimension: string;
  model: PriceModel | typeof MINIMUM_SPEND;
  /** Tells charges of one dimension and version apart: the commitment and its instalment; empty for the rest. */
  item: string;
  description: string;
  unit: string;
  /** As counted. */
  quantity: bigint;
  unitSize: bigint;
  /** Of one unit; null where there is no single one. */
  rate: Rate | null;
  /** Exact: what is due times `unitSize`. */
  amount: Rate;
  /** How `amount` comes about; empty where it is `quantity × rate`. */
  parts: Part[];
  /** Lines of one fixed price that share a month are rounded so that they add up (docs/MONEY.md R11). */
  isSegment: boolean;
  /** What it was rated from, in the order given. */
  usage: U[];
  /** What the machines cost at the cloud, where it is a share of that. */
  costs: DailyCost[];
}
