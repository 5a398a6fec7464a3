/** Whether a buyer's connection works: what came of trying it last. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'launcher', name: 'connection_check' })
export class ConnectionCheck {
  @PrimaryColumn('uuid') connectionId: string;
  /** The role that was tried; a check of another role says nothing. */
  @Column('text') roleArn: string;
  /** The number of the request that it answers: `api.aws_connection.checks_asked` as it was then. */
  @Column('integer') answers: number;
  @Column('text') state: 'ok' | 'failing';
  /** Sentences for the buyer. */
  @Column('jsonb') problems: string[];
  /** Where machines may be launched. */
  @Column('text', { array: true }) regions: string[];
  @Column('timestamptz') checkedAt: Date;
}
