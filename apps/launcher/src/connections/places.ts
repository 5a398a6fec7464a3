/** Where a machine, a volume or a snapshot is: its region, in the account that it was made in. Reads api.aws_connection. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AwsConnection } from '#tables/api/aws-connection.ts';
import { Ec2Error } from '../ec2/ec2.errors.ts';
import type { AwsConnection as Connection, Place } from '../ec2/place.ts';

@Injectable()
export class Places {
  constructor(private readonly db: DataSource) {}

  /** @throws Ec2Error `denied` when the account is no longer connected. */
  async of({ region, awsConnectionId }: { region: string; awsConnectionId: string | null }): Promise<Place> {
    if (!awsConnectionId) return { region, connection: null };
    const row = await this.db.manager.findOneBy(AwsConnection, { id: awsConnectionId });
    const connection = row && usable(row);
    if (!connection) throw new Ec2Error('denied', 'ConnectionRemoved', 'The buyer has removed the connection to this account.');
    return { region, connection };
  }
}

/** @returns null when there is no role to assume, not yet or no longer. */
export const usable = ({ id, accountId, roleArn, externalId, removedAt }: AwsConnection): Connection | null =>
  roleArn === null || removedAt !== null ? null : { id, accountId, roleArn, externalId };
