/** Which fee is charged of what: rules, and their versions, which are never changed. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FeeScope } from '#domain/fees/rule.ts';
import type { FeeModel, OtherPart } from '#domain/fees/terms.ts';
import type { Minor } from '#domain/money.ts';
import { BIGINT } from '../columns.ts';

/** What a rule is for; null: for anything. */
@Entity({ schema: 'billing', name: 'fee_rule' })
export class FeeRuleRow implements FeeScope {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('uuid', { nullable: true }) productId: string | null;
  @Column('uuid', { nullable: true }) vendorId: string | null;
  @Column('text', { nullable: true }) category: string | null;
  @Column('text', { nullable: true }) offerKind: 'public' | 'private' | null;
  @Column('boolean', { nullable: true }) isResale: boolean | null;
  /** The least that the vendor invoiced in the twelve months before, in `currency`. */
  @Column({ ...BIGINT, nullable: true }) volumeFromMinor: Minor | null;
  @Column('text', { nullable: true }) currency: string | null;
  @Column('timestamptz') createdAt: Date;
}

@Entity({ schema: 'billing', name: 'fee_rule_version' })
export class FeeRuleVersionRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') ruleId: string;
  /** 1, 2, 3 … */
  @Column('int') number: number;
  @Column('timestamptz') effectiveFrom: Date;
  /** Null: the rule is over. */
  @Column('text', { nullable: true }) model: FeeModel | null;
  @Column('int') basisPoints: number;
  @Column({ ...BIGINT }) fixedMinor: Minor;
  /** The organisation of the project that is inside, and its share. */
  @Column('uuid', { nullable: true }) upstreamId: string | null;
  @Column('int') upstreamBasisPoints: number;
  @Column('text') reason: string;
  /** The person, or the API key's organisation. */
  @Column('text') createdBy: string;
  @Column('timestamptz') createdAt: Date;
}

/** Of a line's fee, what goes on to another: a reseller, or the project inside. */
@Entity({ schema: 'billing', name: 'line_part' })
export class LinePart {
  @PrimaryColumn('uuid') lineId: string;
  @PrimaryColumn('text') kind: OtherPart['kind'];
  @Column('uuid') organizationId: string;
  @Column('int') basisPoints: number;
  @Column({ ...BIGINT }) amountMinor: Minor;
}

/** What another became owed of its part of a line, or has to give back of it. */
@Entity({ schema: 'billing', name: 'part_share' })
export class PartShare {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') lineId: string;
  @Column('text') kind: OtherPart['kind'];
  @Column('uuid') organizationId: string;
  @Column('text') currency: string;
  @Column({ ...BIGINT }) amountMinor: Minor;
  /** Of the line, after refunds and credit notes, when this was reckoned. */
  @Column({ ...BIGINT }) leftMinor: Minor;
  @Column('timestamptz') createdAt: Date;
  @Column('uuid', { nullable: true }) payoutId: string | null;
}
