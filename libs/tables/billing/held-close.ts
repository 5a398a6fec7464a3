/** A month whose total is out of line, so that its invoice waits for a person's decision. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Cause } from '#domain/out-of-line.ts';
import type { Minor } from '#domain/money.ts';
import { BIGINT } from '../columns.ts';

/** held → released or rejected; superseded when more became known before it was invoiced. */
export type HeldCloseState = 'held' | 'released' | 'rejected' | 'superseded';

@Entity({ schema: 'billing', name: 'held_close' })
export class HeldClose {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') buyerId: string;
  @Column('text') currency: string;
  @Column('timestamptz') periodStart: Date;
  @Column('timestamptz') periodEnd: Date;
  /** SHA-256 over all that the invoice would be made from: the decision is about this and nothing else. */
  @Column('bytea') inputSha: Buffer;
  @Column('text') state: HeldCloseState;
  @Column('text') cause: Cause;
  @Column({ ...BIGINT }) totalMinor: Minor;
  /** The median that it was compared with; null where there was none. */
  @Column({ ...BIGINT, nullable: true }) usualMinor: Minor | null;
  @Column('timestamptz') heldAt: Date;
  /** When its usage was last looked at for corrections. */
  @Column('timestamptz') lookedAt: Date;
  @Column('timestamptz', { nullable: true }) decidedAt: Date | null;
  @Column('text', { nullable: true }) decidedBy: string | null;
  @Column('text', { nullable: true }) note: string | null;
}
