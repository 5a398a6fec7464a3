/** Everybody pays 20 %, Acme 15 %, its Vault 10 %, private offers 5 %: which one a line of Acme's is charged, and from when on. */
import { describe, expect, it } from 'vitest';
import { ruleFor, versionAt, type FeeCase, type FeeRule, type FeeScope } from './rule.ts';
import { percentOf } from './terms.ts';

const ANY: FeeScope = {
  productId: null,
  vendorId: null,
  category: null,
  offerKind: null,
  isResale: null,
  volumeFromMinor: null,
  currency: null,
};
const FEBRUARY = new Date('2026-02-01T00:00:00Z');

let made = 0;
const rule = (scope: Partial<FeeScope>, basisPoints: number | null, from = '2026-01-01T00:00:00Z'): FeeRule => ({
  ...ANY,
  ...scope,
  id: `rule-${(made += 1)}`,
  createdAt: new Date(Date.UTC(2025, 0, made)),
  versions: [
    {
      id: `v-${made}`,
      number: 1,
      effectiveFrom: new Date(from),
      terms: basisPoints === null ? null : percentOf(basisPoints),
    },
  ],
});
const vault: FeeCase = {
  productId: 'vault',
  vendorId: 'acme',
  category: 'security',
  offerKind: 'public',
  isResale: false,
  volumeMinor: 5_000_000n,
  currency: 'usd',
};
const charged = (rules: FeeRule[], line = vault, at = FEBRUARY): number | undefined =>
  ruleFor(rules, line, at)?.version.terms.basisPoints;

describe('fee rules', () => {
  const everybody = rule({}, 2000);
  const acme = rule({ vendorId: 'acme' }, 1500);
  const ofVault = rule({ productId: 'vault' }, 1000);
  const isPrivate = rule({ offerKind: 'private' }, 500);
  const all = [isPrivate, everybody, ofVault, acme];

  it('let the most specific win, whatever their order', () => {
    expect(charged(all)).toBe(1000);
    expect(charged(all.toReversed())).toBe(1000);
    expect(charged(all, { ...vault, productId: 'scanner' })).toBe(1500);
    expect(charged(all, { ...vault, productId: 'scanner', offerKind: 'private' })).toBe(1500);
    expect(charged(all, { ...vault, productId: 'scanner', vendorId: 'hooli', offerKind: 'private' })).toBe(500);
    expect(charged(all, { ...vault, productId: 'scanner', vendorId: 'hooli' })).toBe(2000);
  });

  it('let the one with more conditions win among rules of a product, and the oldest among equals', () => {
    const inPrivate = rule({ productId: 'vault', offerKind: 'private' }, 400);
    expect(charged([ofVault, inPrivate], { ...vault, offerKind: 'private' })).toBe(400);
    expect(charged([ofVault, inPrivate])).toBe(1000);
    expect(charged([rule({ productId: 'vault' }, 1), ofVault])).toBe(1000);
  });

  it('know categories, resale, currencies and volume, of which the highest tier counts', () => {
    expect(charged([everybody, rule({ category: 'security' }, 1800)])).toBe(1800);
    expect(charged([everybody, rule({ category: 'security' }, 1800)], { ...vault, category: null })).toBe(2000);
    expect(charged([everybody, rule({ isResale: true }, 300)])).toBe(2000);
    expect(charged([everybody, rule({ isResale: true }, 300)], { ...vault, isResale: true })).toBe(300);
    expect(charged([everybody, rule({ currency: 'eur' }, 700)])).toBe(2000);
    const tiers = [1_000_000n, 5_000_000n, 5_000_001n].map((volumeFromMinor, index) =>
      rule({ volumeFromMinor, currency: 'usd' }, 1900 - index * 100),
    );
    expect(charged([everybody, ...tiers])).toBe(1800);
    expect(charged([everybody, ...tiers], { ...vault, volumeMinor: 10n })).toBe(2000);
  });

  it('hold from a time on, give way to their next version, and end', () => {
    expect(charged([rule({ vendorId: 'acme' }, 1500, '2026-02-01T00:00:00.001Z'), everybody])).toBe(2000);
    expect(charged([rule({ vendorId: 'acme' }, 1500, '2026-02-01T00:00:00Z'), everybody])).toBe(1500);
    const [first] = acme.versions;
    const second = { id: 'v', number: 2, effectiveFrom: FEBRUARY, terms: percentOf(1200) };
    expect(charged([{ ...acme, versions: [second, first!] }])).toBe(1200);
    expect(charged([{ ...acme, versions: [second, first!] }], vault, new Date(FEBRUARY.getTime() - 1))).toBe(1500);
    expect(charged([everybody, { ...acme, versions: [first!, { ...second, terms: null }] }])).toBe(2000);
    expect(versionAt([second, { ...second, number: 3, id: 'w' }], FEBRUARY)?.id).toBe('w');
    expect(charged([])).toBeUndefined();
  });
});
