/**
 * Tries a buyer's connection: becomes its role, sees whose account that is, and pretends to do all that a machine needs. Reads
 * api.aws_connection, writes launcher.connection_check. Nothing at AWS is changed, so that trying again does no harm.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BUYER_PERMISSIONS } from '#domain/aws-access.ts';
import {
  FAILING_CHECK_HOURS,
  isCheckDue,
  judgeConnection,
  judgeTrial,
  type Assumed,
  type ConnectionVerdict,
  type Findings,
} from '#domain/connection.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { AwsConnection } from '#tables/api/aws-connection.ts';
import { ConnectionCheck } from '#tables/launcher/connection-check.ts';
import { LauncherConfig } from '../config.ts';
import { isDenied } from '../ec2/ec2.errors.ts';
import type { AwsConnection as Connection } from '../ec2/place.ts';
import { Roles, type SessionCredentials } from '../ec2/roles.ts';
import { Ec2Trials } from '../ec2/trials.ts';
import { usable } from './places.ts';

/** A machine, volume or snapshot of the connection whose work was denied after the last check. */
const DENIED_SINCE = `exists (
  select from launcher.stuck_work
   where stuck_work.since > connection_check.checked_at
     and stuck_work.last_error ~ '^Ec2Error: (AccessDenied|Unauthorized|AuthFailure)'
     and stuck_work.row_id in (
       select instance.id::text from launcher.instance where instance.aws_connection_id = connection.id
       union all select volume.id::text from launcher.volume where volume.aws_connection_id = connection.id
       union all select snapshot.id::text from launcher.snapshot where snapshot.aws_connection_id = connection.id))`;

@Injectable()
export class CheckConnection extends Stage {
  readonly queue = 'launcher.check-connection';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly roles: Roles,
    private readonly trials: Ec2Trials,
    private readonly config: LauncherConfig,
  ) {
    super();
  }

  async due(): Promise<string[]> {
    const { CONNECTION_CHECK_HOURS: hours } = this.config;
    const rows: Array<{ id: string }> = await this.db.query(
      `select connection.id from api.aws_connection connection
       left join launcher.connection_check on connection_check.connection_id = connection.id
       where connection.removed_at is null and connection.role_arn is not null
         and (connection_check.role_arn is distinct from connection.role_arn
              or connection_check.answers < connection.checks_asked
              or connection_check.checked_at <= case connection_check.state when 'ok' then $1::timestamptz else $2::timestamptz end
              or (connection_check.state = 'ok' and ${DENIED_SINCE}))
       order by connection_check.checked_at nulls first
       limit 300`,
      [this.hoursAgo(hours), this.hoursAgo(Math.min(hours, FAILING_CHECK_HOURS))],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const row = await this.db.manager.findOneBy(AwsConnection, { id });
    const connection = row && usable(row);
    if (!connection) return;
    const last = await this.db.manager.findOneBy(ConnectionCheck, { connectionId: id });
    const deniedSince = last !== null && (await this.deniedSince(id));
    if (!isCheckDue({ ...row, last, deniedSince }, this.config.CONNECTION_CHECK_HOURS, this.clock.now())) return;
    const verdict = judgeConnection(await this.look(connection));
    await this.record(connection, row.checksAsked, verdict);
  }

  private async deniedSince(id: string): Promise<boolean> {
    const found: unknown[] = await this.db.query(
      `select from api.aws_connection connection join launcher.connection_check on connection_check.connection_id = connection.id
       where connection.id = $1 and ${DENIED_SINCE}`,
      [id],
    );
    return found.length > 0;
  }

  private async look(connection: Connection): Promise<Findings> {
    const findings: Findings = {
      connection,
      platformAccountId: (await this.roles.account()) ?? 'unknown',
      assumed: 'yes',
      assumedWithoutExternalId: false,
      identityAccountId: null,
      regions: [],
      missing: [],
    };
    const session = await this.assume(connection);
    if (typeof session === 'string') return { ...findings, assumed: session };
    findings.identityAccountId = await this.roles.account(session);
    if (findings.identityAccountId !== connection.accountId) return findings;
    findings.assumedWithoutExternalId = typeof (await this.assume(connection, null)) !== 'string';
    findings.regions = await this.regionsOpenTo(connection);
    // What a role may do is the same everywhere; which regions are open is not.
    findings.missing = await this.missing(connection, findings.regions[0] ?? this.config.LAUNCH_REGIONS[0]!);
    return findings;
  }

  private async assume(connection: Connection, externalId?: null): Promise<SessionCredentials | Exclude<Assumed, 'yes'>> {
    try {
      return await this.roles.assume(connection, externalId);
    } catch (error) {
      if (!isDenied(error)) throw error;
      // What AWS says where the caller's own policies refuse, and not the role.
      return error.message.includes('identity-based policy') ? 'platform-may-not' : 'denied';
    }
  }

  private async regionsOpenTo(connection: Connection): Promise<string[]> {
    const open: string[] = [];
    for (const region of this.config.LAUNCH_REGIONS) {
      const code = await this.trials.attempt({ region, connection }, 'DescribeInstances');
      if (code === 'DryRunOperation') open.push(region);
    }
    return open;
  }

  private async missing(connection: Connection, region: string): Promise<Findings['missing']> {
    const missing: Findings['missing'] = [];
    for (const { action, why } of BUYER_PERMISSIONS) {
      const code = await this.trials.attempt({ region, connection }, action);
      if (judgeTrial(code) === 'missing') missing.push({ action, why });
    }
    return missing;
  }

  /** What waits for the connection is rung for when it works. */
  private async record({ id, roleArn }: Connection, answers: number, verdict: ConnectionVerdict): Promise<void> {
    await this.db.transaction(async (tx) => {
      const check: ConnectionCheck = { connectionId: id, roleArn, answers, ...verdict, checkedAt: this.clock.now() };
      await tx.upsert(ConnectionCheck, check, ['connectionId']);
      if (verdict.state === 'failing') return;
      const waiting: Array<{ id: string }> = await tx.query(
        `select instance.id from launcher.instance where instance.aws_connection_id = $1 and instance.state = 'planned' limit 300`,
        [id],
      );
      for (const { id: instanceId } of waiting) await this.doorbell.ring(tx, 'launcher.reconcile-instance', instanceId);
    });
  }

  private hoursAgo(hours: number): Date {
    return new Date(this.clock.now().getTime() - hours * 3_600_000);
  }
}
