/** What a buyer wants to run. What does run is `launcher.instance`. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type DesiredState = 'running' | 'terminated';

@Entity({ schema: 'api', name: 'launch' })
export class Launch {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') subscriptionId: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') versionId: string;
  @Column('text') region: string;
  @Column('text') instanceType: string;
  @Column('text') desired: DesiredState;
  @Column('timestamptz') createdAt: Date;
  @Column('timestamptz') desiredAt: Date;
}
