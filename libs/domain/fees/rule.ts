/**
 * Which fee a line is charged: rules with conditions, and versions of each with the time from which they hold. The most specific rule
 * that fits wins; of equals the oldest. Knows no table; time comes as an argument.
 */
import type { Minor } from '../money.ts';
import type { FeeTerms } from './terms.ts';

/** What a rule asks for; null: anything. */
export interface FeeScope {
  productId: string | null;
  vendorId: string | null;
  category: string | null;
  offerKind: 'public' | 'private' | null;
  isResale: boolean | null;
  /** The least that the vendor invoiced in the twelve months before, in `currency`: a volume tier. */
  volumeFromMinor: Minor | null;
  currency: string | null;
}

/** What a line is, for the rules. */
export interface FeeCase {
  productId: string;
  vendorId: string;
  category: string | null;
  offerKind: 'public' | 'private';
  isResale: boolean;
  /** What the vendor invoiced in this currency in the twelve months before. */
  volumeMinor: Minor;
  currency: string;
}

/** A version is never changed; another one takes its place from a time on. */
export interface FeeRuleVersion {
  id: string;
  /** 1, 2, 3 … of its rule. Of two that begin at once the later number holds. */
  number: number;
  effectiveFrom: Date;
  /** Null: from then on the rule is over. */
  terms: FeeTerms | null;
}

export interface FeeRule extends FeeScope {
  id: string;
  createdAt: Date;
  versions: readonly FeeRuleVersion[];
}

/** The version that holds at a moment; undefined before the first. */
export const versionAt = (versions: readonly FeeRuleVersion[], at: Date): FeeRuleVersion | undefined =>
  versions
    .filter((version) => version.effectiveFrom <= at)
    .reduce<FeeRuleVersion | undefined>(
      (held, version) => (held && compareVersions(held, version) > 0 ? held : version),
      undefined,
    );

/** The rule for a line and its version at that moment; undefined where none fits, and the platform's own fee is due. */
export function ruleFor(
  rules: readonly FeeRule[],
  line: FeeCase,
  at: Date,
): { rule: FeeRule; version: FeeRuleVersion & { terms: FeeTerms } } | undefined {
  const [first] = rules
    .filter((rule) => fits(rule, line))
    .flatMap((rule) => {
      const version = versionAt(rule.versions, at);
      return version?.terms ? [{ rule, version: { ...version, terms: version.terms } }] : [];
    })
    .sort((a, b) => compareRules(a.rule, b.rule));
  return first;
}

function fits(scope: FeeScope, line: FeeCase): boolean {
  const isOr = <T>(wanted: T | null, is: T): boolean => wanted === null || wanted === is;
  return (
    isOr(scope.productId, line.productId) &&
    isOr(scope.vendorId, line.vendorId) &&
    (scope.category === null || scope.category === line.category) &&
    isOr(scope.offerKind, line.offerKind) &&
    isOr(scope.isResale, line.isResale) &&
    isOr(scope.currency, line.currency) &&
    (scope.volumeFromMinor === null || scope.volumeFromMinor <= line.volumeMinor)
  );
}

/** A product before a vendor before a category before a kind of offer before resale before volume before currency; then the oldest. */
function compareRules(a: FeeRule, b: FeeRule): number {
  const names = ['productId', 'vendorId', 'category', 'offerKind', 'isResale', 'volumeFromMinor', 'currency'] as const;
  for (const name of names) {
    if ((a[name] === null) !== (b[name] === null)) return a[name] === null ? 1 : -1;
    if (name === 'volumeFromMinor' && a[name] !== b[name]) return a[name]! > b[name]! ? -1 : 1;
  }
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}

const compareVersions = (a: FeeRuleVersion, b: FeeRuleVersion): number =>
  a.effectiveFrom.getTime() - b.effectiveFrom.getTime() || a.number - b.number;
