/** What was looked through at Stripe: events that did not come by themselves, and both sides' accounts of the same money. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cause } from '#domain/reconciliation.ts';

@Entity({ schema: 'billing', name: 'event_sweep' })
export class EventSweep {
  /** A connected account of Stripe's, or `platform`. */
  @PrimaryColumn('text') owner: string;
  @Column('timestamptz') sweptUntil: Date;
  /** Events of the last sweep that had not come by themselves. */
  @Column('int') missed: number;
}

/** As domain/reconciliation says it, amounts as decimal strings. */
export interface StoredDifference {
  kind: string;
  key: string;
  cause: Cause;
  currency: string;
  ourId: string | null;
  ourMinor: string | null;
  theirId: string | null;
  theirMinor: string | null;
  at: string;
}

export interface StoredTotal {
  kind: string;
  currency: string;
  ourCount: number;
  ourMinor: string;
  theirCount: number;
  theirMinor: string;
}

@Entity({ schema: 'billing', name: 'reconciliation' })
export class Reconciliation {
  @PrimaryColumn('uuid') id: string;
  /** Of the nightly one, UTC; null for one that somebody asked for. */
  @Column('date', { nullable: true }) day: string | null;
  @Column('text', { nullable: true }) askedBy: string | null;
  @Column('timestamptz') coversFrom: Date;
  @Column('timestamptz') coversTo: Date;
  @Column('timestamptz') askedAt: Date;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
  @Column('jsonb') totals: StoredTotal[];
  @Column('jsonb') differences: StoredDifference[];
}
