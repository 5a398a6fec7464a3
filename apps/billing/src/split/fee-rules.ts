/** Fee rules as the operator writes them. A version is never changed: the next one takes its place from a time on, which has not passed. */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { FeeRule } from '#domain/fees/rule.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { Organization } from '#tables/api/organization.ts';
import { FeeRuleRow, FeeRuleVersionRow } from '#tables/billing/fee-rule.ts';
import { BillingConfig } from '../config.ts';
import type { FeeRuleList, FeeRuleView, NewFeeRule, NewFeeRuleVersion } from './fee-rules.schema.ts';

@Injectable()
export class FeeRules {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: BillingConfig,
  ) {}

  /** The same Idempotency-Key adds it once. @throws DomainError `begins_too_early`, `unknown_upstream`, `idempotency_mismatch` */
  async add(caller: Caller, given: NewFeeRule, key?: string): Promise<FeeRuleView> {
    const id = idFor(caller.organizationId, 'fee_rule', key);
    await this.db.transaction(async (tx) => {
      await takeTurns(tx);
      const { version, name, ...scope } = given;
      const repeated = await tx.findOneBy(FeeRuleRow, { id });
      if (repeated) return assertSame({ name: repeated.name }, { name });
      await tx.insert(FeeRuleRow, { id, name, ...scope, createdAt: this.clock.now() });
      await this.insertVersion(tx, caller, { ruleId: id, id: idFor(id, 'fee_rule_version', '1'), number: 1, given: version });
    });
    return this.get(id);
  }

  /** @throws DomainError `missing`, `needs_currency`, and those of `add` */
  async addVersion(caller: Caller, ruleId: string, given: NewFeeRuleVersion, key?: string): Promise<FeeRuleView> {
    const id = idFor(caller.organizationId, `fee_rule_version:${ruleId}`, key);
    await this.db.transaction(async (tx) => {
      await takeTurns(tx);
      const rule = await tx.findOneBy(FeeRuleRow, { id: ruleId });
      if (!rule) throw missing('fee_rule');
      const repeated = await tx.findOneBy(FeeRuleVersionRow, { id });
      if (repeated) return assertSame({ reason: repeated.reason }, { reason: given.reason });
      if (given.fixedMinor > 0n && rule.currency === null)
        throw new DomainError(
          'conflict',
          'needs_currency',
          'This rule is for every currency; add one for the currency of the amount.',
        );
      const number = (await tx.countBy(FeeRuleVersionRow, { ruleId })) + 1;
      await this.insertVersion(tx, caller, { ruleId, id, number, given });
    });
    return this.get(ruleId);
  }

  async list(): Promise<FeeRuleList> {
    const rules = await rulesOf(this.db.manager);
    return { items: rules.map(viewOf), defaultBasisPoints: this.config.FEE_BASIS_POINTS };
  }

  private async get(id: string): Promise<FeeRuleView> {
    return viewOf((await rulesOf(this.db.manager)).find((rule) => rule.row.id === id)!);
  }

  private async insertVersion(
    tx: EntityManager,
    caller: Caller,
    { ruleId, id, number, given }: { ruleId: string; id: string; number: number; given: NewFeeRuleVersion },
  ): Promise<void> {
    const now = this.clock.now();
    const effectiveFrom = given.effectiveFrom === undefined ? now : new Date(given.effectiveFrom);
    if (effectiveFrom < now)
      throw new DomainError(
        'conflict',
        'begins_too_early',
        'What was agreed for the time before stays; let the version begin now or later.',
      );
    const { upstream, model } = given;
    if (upstream && !(await tx.existsBy(Organization, { id: upstream.organizationId, kind: 'vendor' })))
      throw new DomainError('conflict', 'unknown_upstream', 'The project has no vendor account here; let it open one first.');
    await tx.insert(FeeRuleVersionRow, {
      id,
      ruleId,
      number,
      effectiveFrom,
      model: model === 'none' ? null : model,
      basisPoints: given.basisPoints,
      fixedMinor: given.fixedMinor,
      upstreamId: upstream?.organizationId ?? null,
      upstreamBasisPoints: upstream?.basisPoints ?? 0,
      reason: given.reason,
      createdBy: caller.userId ?? caller.organizationId,
      createdAt: now,
    });
  }
}

interface StoredRule {
  row: FeeRuleRow;
  versions: FeeRuleVersionRow[];
}

/** Numbers of versions are handed out one at a time. */
const takeTurns = (tx: EntityManager): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', ['fee-rules']);

/** All of them, oldest first. */
async function rulesOf(tx: EntityManager): Promise<StoredRule[]> {
  const rows = await tx.find(FeeRuleRow, { order: { createdAt: 'asc', id: 'asc' } });
  const versions = await tx.find(FeeRuleVersionRow, {
    where: { ruleId: In(rows.map((row) => row.id)) },
    order: { number: 'asc' },
  });
  const byRule = Map.groupBy(versions, (version) => version.ruleId);
  return rows.map((row) => ({ row, versions: byRule.get(row.id) ?? [] }));
}

/** As the rules of `libs/domain/fees` know them. */
export async function feeRulesIn(tx: EntityManager): Promise<FeeRule[]> {
  return (await rulesOf(tx)).map(({ row, versions }) => ({
    ...row,
    versions: versions.map(({ id, number, effectiveFrom, model, basisPoints, fixedMinor, upstreamId, upstreamBasisPoints }) => ({
      id,
      number,
      effectiveFrom,
      terms: model && {
        model,
        basisPoints,
        fixedMinor,
        upstream: upstreamId === null ? null : { organizationId: upstreamId, basisPoints: upstreamBasisPoints },
      },
    })),
  }));
}

const viewOf = ({ row, versions }: StoredRule): FeeRuleView => ({
  ...row,
  volumeFromMinor: row.volumeFromMinor === null ? null : String(row.volumeFromMinor),
  createdAt: row.createdAt.toISOString(),
  versions: versions.map((version) => ({
    id: version.id,
    number: version.number,
    effectiveFrom: version.effectiveFrom.toISOString(),
    model: version.model ?? 'none',
    basisPoints: version.basisPoints,
    fixedMinor: String(version.fixedMinor),
    upstream:
      version.upstreamId === null ? null : { organizationId: version.upstreamId, basisPoints: version.upstreamBasisPoints },
    reason: version.reason,
    createdBy: version.createdBy,
    createdAt: version.createdAt.toISOString(),
  })),
});
