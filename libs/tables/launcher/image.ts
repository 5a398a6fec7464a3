/** A version's image in one region: copied there, checked, boot-tested. The listing asks whether it is ready to sell. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Check, ImageState } from '#domain/image.ts';

@Entity({ schema: 'launcher', name: 'image' })
export class Image {
  /** Also the ClientToken of CopyImage. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') versionId: string;
  @Column('text') region: string;
  @Column('text') state: ImageState;
  /** Ours in this region, known once CopyImage answered. */
  @Column('text', { nullable: true }) amiId: string | null;
  @Column('timestamptz', { nullable: true }) copiedAt: Date | null;
  /** The ClientToken of the boot test's RunInstances. */
  @Column('uuid') bootTestToken: string;
  @Column('text', { nullable: true }) bootTestInstanceId: string | null;
  @Column('timestamptz', { nullable: true }) bootTestStartedAt: Date | null;
  /** How often the machine was asked in vain. */
  @Column('integer') bootTestTries: number;
  /** When the machine was told to go. An image has work left until then. */
  @Column('timestamptz', { nullable: true }) bootTestEndedAt: Date | null;
  /** Each control with PASS, FAIL or NOT_EXECUTED and why. */
  @Column('jsonb') checks: Check[];
  @Column('text', { nullable: true }) rejection: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) readyAt: Date | null;
}
