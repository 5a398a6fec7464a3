/** That an AWS account may launch an image of ours. `sharing` and `unsharing` are intents: EC2 is about to be told. */
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ShareState } from '#domain/image-share.ts';

@Entity({ schema: 'launcher', name: 'image_share' })
export class ImageShare {
  @PrimaryColumn('uuid') imageId: string;
  /** 12 digits, or `all` where EC2 was found to let everybody. */
  @PrimaryColumn('text') accountId: string;
  @Column('text') state: ShareState;
  /** Why EC2 refused, for a person. */
  @Column('text', { nullable: true }) failure: string | null;
  @Column('timestamptz') changedAt: Date;
  /** When EC2 was last asked whether it is so. */
  @Column('timestamptz', { nullable: true }) checkedAt: Date | null;
}
