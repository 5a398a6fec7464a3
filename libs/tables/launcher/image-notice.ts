/** Something about an image that is sold, for its vendor and operators to act on. Resolved when it is no longer so. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'launcher', name: 'image_notice' })
export class ImageNotice {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') imageId: string;
  /** `scan_failed`: a control fails now. `other_image_runs`: a machine runs something else than what was tested. */
  @Column('text') kind: 'scan_failed' | 'other_image_runs';
  /** The run that found it, of a `scan_failed`. */
  @Column('uuid', { nullable: true }) scanId: string | null;
  /** The machine, of an `other_image_runs`. */
  @Column('uuid', { nullable: true }) instanceId: string | null;
  @Column('text') reason: string;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz', { nullable: true }) resolvedAt: Date | null;
}
