/** A version's image in one region: copied there, held against the controls. The listing asks whether it is ready to sell. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Check, ImageState } from '#domain/image.ts';

@Entity({ schema: 'launcher', name: 'image' })
export class Image {
  /** Also the ClientToken of CopyImage. */
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') versionId: string;
  @Column('text') region: string;
  @Column('text') state: ImageState;
  /** Ours in this region, known once CopyImage answered; from readyAt on it is what was tested and never changes. */
  @Column('text', { nullable: true }) amiId: string | null;
  @Column('timestamptz', { nullable: true }) copiedAt: Date | null;
  /** Per cent of the copy; null where EC2 does not say. */
  @Column('smallint', { nullable: true }) progress: number | null;
  /** What our image is made of, kept with amiId. */
  @Column('text', { array: true }) snapshotIds: string[];
  /** `sha256:…` as the vendor wrote it into the description of the source. */
  @Column('text', { nullable: true }) sourceDigest: string | null;
  /** The latest result of each control with its reason, over all runs. */
  @Column('jsonb') checks: Check[];
  @Column('text', { nullable: true }) rejection: string | null;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) readyAt: Date | null;
}
