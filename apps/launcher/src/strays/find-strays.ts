/**
 * Looks through all machines of an account in a region, a page at a time, for those that are there otherwise than we would have it: left
 * over, unknown, started by a buyer from a shared image. Reads what is written down of a page (stray-knowledge.ts), asks domain/stray
 * about each machine, writes down what comes of it (stray-records.ts). Machines that we made and that nobody wants are terminated last,
 * when it is written that they will be.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, IsNull, Not } from 'typeorm';
import { PLATFORM } from '#domain/aws-access.ts';
import { judgeStray } from '#domain/stray.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { LOG } from '#platform/tokens.ts';
import { AwsConnection } from '#tables/api/aws-connection.ts';
import { StraySweep } from '#tables/launcher/stray-sweep.ts';
import { LauncherConfig } from '../config.ts';
import { usable } from '../connections/places.ts';
import { isRefused } from '../ec2/ec2.errors.ts';
import type { FoundMachine } from '../ec2/ec2.read.ts';
import { Ec2Machines } from '../ec2/machines.ts';
import { ownPlace, type Place } from '../ec2/place.ts';
import { StrayKnowledge } from './stray-knowledge.ts';
import { StrayRecords, type Flag } from './stray-records.ts';

@Injectable()
export class FindStrays extends Stage {
  readonly queue = 'launcher.find-strays';
  /** The most that EC2 shows at once. */
  pageSize = 1_000;
  /** After so many the turn ends and the next goes on: a job has two minutes, and EC2 takes a second or two for a page. */
  pagesAtOnce = 20;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly machines: Ec2Machines,
    private readonly knowledge: StrayKnowledge,
    private readonly records: StrayRecords,
    private readonly config: LauncherConfig,
    @Inject(LOG) private readonly log: Logger,
  ) {
    super();
  }

  /** `account:region`, the platform's own and those of buyers' connections that work; longest not looked through first. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select place.account || ':' || place.region as id from (
         select '${PLATFORM}' as account, region from unnest($1::text[]) region
         union
         select connection.account_id, open.region
           from api.aws_connection connection
           join launcher.connection_check on connection_check.connection_id = connection.id and connection_check.role_arn = connection.role_arn
           cross join unnest(connection_check.regions) open (region)
          where connection.removed_at is null and connection_check.state = 'ok'
         union
         -- What is left of connections that no longer work has to be told of as well.
         select connection.account_id, instance.region
           from launcher.instance join api.aws_connection connection on connection.id = instance.aws_connection_id
          where instance.state not in ('terminated', 'failed')
       ) place
       left join launcher.stray_sweep sweep on sweep.account = place.account and sweep.region = place.region
       where sweep.account is null or sweep.finished_at is null or sweep.started_at <= $2
       order by sweep.started_at nulls first
       limit 300`,
      [this.config.LAUNCH_REGIONS, this.minutesAgo(this.config.STRAY_SWEEP_MINUTES)],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const [account = '', region = ''] = id.split(':');
    const sweep = await this.begin(account, region);
    if (!sweep) return;
    await this.records.findUnseen(sweep);
    await this.records.forgetUnconnected(sweep);
    const place = await this.placeOf(account, region);
    if (!place) return this.finish(sweep, null);
    const isOver = await this.turn(sweep, place);
    if (isOver) return this.finish(sweep, place);
    await this.doorbell.ringNow(this.queue, id);
  }

  /** The sweep that is under way, or a new one; null while none is due. */
  private async begin(account: string, region: string): Promise<StraySweep | null> {
    const last = await this.db.manager.findOneBy(StraySweep, { account, region });
    if (last && last.finishedAt === null) return last;
    if (last && last.startedAt > this.minutesAgo(this.config.STRAY_SWEEP_MINUTES)) return null;
    const sweep: StraySweep = { account, region, startedAt: this.clock.now(), nextToken: null, machines: 0, finishedAt: null };
    await this.db.manager.upsert(StraySweep, sweep, ['account', 'region']);
    return sweep;
  }

  /** @returns null for an account that is no longer connected. */
  private async placeOf(account: string, region: string): Promise<Place | null> {
    if (account === PLATFORM) return ownPlace(region);
    const rows = await this.db.manager.find(AwsConnection, {
      where: { accountId: account, removedAt: IsNull(), roleArn: Not(IsNull()) },
      order: { createdAt: 'asc' },
    });
    const [connection] = rows.flatMap((row) => usable(row) ?? []);
    return connection ? { region, connection } : null;
  }

  /** @returns whether the last page was looked at. */
  private async turn(sweep: StraySweep, place: Place): Promise<boolean> {
    const key = { account: sweep.account, region: sweep.region };
    let { nextToken: token, machines: count } = sweep;
    for (let page = 0; page < this.pagesAtOnce; page += 1) {
      const { machines, next } = await this.pageAt(sweep, place, token);
      await this.lookAt(sweep, machines);
      count += machines.length;
      token = next;
      await this.db.manager.update(StraySweep, key, { nextToken: token, machines: count });
      if (token === null) return true;
    }
    return false;
  }

  /** EC2 forgets where a page begins after a while: then the sweep begins anew. */
  private async pageAt(
    { account, region }: StraySweep,
    place: Place,
    token: string | null,
  ): Promise<{ machines: FoundMachine[]; next: string | null }> {
    try {
      return await this.machines.page(place, { token, size: this.pageSize });
    } catch (error) {
      if (token !== null && isRefused(error))
        await this.db.manager.update(StraySweep, { account, region }, { nextToken: null, machines: 0 });
      throw error;
    }
  }

  private async lookAt(sweep: StraySweep, machines: FoundMachine[]): Promise<void> {
    const { STRAYS, STRAY_GRACE_MINUTES } = this.config;
    const policy = { graceSeconds: STRAY_GRACE_MINUTES * 60, endsOurs: STRAYS === 'end' };
    const flags: Flag[] = [];
    for (const finding of await this.knowledge.of(sweep.account, sweep.region, machines)) {
      const verdict = judgeStray(finding.situation, policy, this.clock.now());
      if (verdict.do === 'adopt') await this.records.adopt(sweep, finding, verdict.reason);
      if (verdict.do === 'flag' || verdict.do === 'end')
        flags.push({ finding, kind: verdict.kind, reason: verdict.reason, isToEnd: verdict.do === 'end' });
    }
    await this.records.flag(sweep, flags);
    if (flags.length > 0)
      this.log.warn({ account: sweep.account, region: sweep.region, strays: flags.length }, 'strays were found');
  }

  private async finish({ account, region, startedAt }: StraySweep, place: Place | null): Promise<void> {
    const sweep = { account, region };
    if (place) await this.endOurs(sweep, place, startedAt);
    await this.records.resolve(sweep, startedAt);
    await this.db.manager.update(StraySweep, { ...sweep, finishedAt: IsNull() }, { finishedAt: this.clock.now() });
  }

  /** One that EC2 does not let us end does not keep the others. */
  private async endOurs(sweep: { account: string; region: string }, place: Place, startedAt: Date): Promise<void> {
    const ids = await this.records.toEnd(sweep, startedAt);
    const outcomes: PromiseSettledResult<void>[] = [];
    for (const id of ids) outcomes.push(...(await Promise.allSettled([this.machines.terminate(place, id)])));
    if (ids.length > 0) this.log.warn({ ...sweep, ec2InstanceIds: ids }, 'machines that nobody wants any more were terminated');
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private minutesAgo(minutes: number): Date {
    return new Date(this.clock.now().getTime() - minutes * 60_000);
  }
}
