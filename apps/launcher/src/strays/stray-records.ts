/** Writes down what sweeps find: strays, machines that are metered from now on, and what no longer is so. Writes launcher.stray. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isFinal, nextState } from '#domain/fleet.ts';
import { firstRun, type StrayKind } from '#domain/stray.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { RunInterval } from '#tables/launcher/run-interval.ts';
import { Stray } from '#tables/launcher/stray.ts';
import { Progress } from '../instances/progress.ts';
import type { Entitlement, SoldImage, StrayFinding } from './stray-knowledge.ts';

export interface Sweep {
  account: string;
  region: string;
}

export interface Flag {
  finding: StrayFinding;
  kind: StrayKind;
  reason: string;
  /** EC2 is about to be told to end it. */
  isToEnd: boolean;
}

/** A row whose machine nobody has seen for so long is told of. */
const UNSEEN_MINUTES = 30;

@Injectable()
export class StrayRecords {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly progress: Progress,
  ) {}

  /** What was told of already is seen again. */
  async flag({ account, region }: Sweep, flags: Flag[]): Promise<void> {
    if (flags.length === 0) return;
    const now = this.clock.now();
    const of = <T>(value: (flag: Flag) => T): T[] => flags.map(value);
    await this.db.query(
      `insert into launcher.stray as stray (id, kind, account, region, ec2_instance_id, ami_id, buyer_id, product_id, subscription_id,
         reason, end_told_at, found_at, seen_at)
       select given.id, given.kind, $1, $2, given.ec2_instance_id, given.ami_id, given.buyer_id, given.product_id, given.subscription_id,
              given.reason, case when given.is_to_end then $3::timestamptz end, $3, $3
         from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::boolean[])
              as given (id, kind, ec2_instance_id, ami_id, buyer_id, product_id, subscription_id, reason, is_to_end)
       on conflict (region, ec2_instance_id, kind) where resolved_at is null and ec2_instance_id is not null do update
         set seen_at = excluded.seen_at, reason = excluded.reason, end_told_at = coalesce(stray.end_told_at, excluded.end_told_at)`,
      [
        account,
        region,
        now,
        of(() => newId()),
        of(({ kind }) => kind),
        of(({ finding }) => finding.machine.instanceId),
        of(({ finding }) => finding.machine.imageId),
        of(({ finding }) => finding.buyerId),
        of(({ finding }) => finding.image?.productId ?? null),
        of(({ finding }) => finding.entitlement?.subscriptionId ?? null),
        of(({ reason }) => reason),
        of(({ isToEnd }) => isToEnd),
      ],
    );
  }

  /**
   * Takes a machine that its buyer has started under the buyer's subscription: it is metered from EC2's launch time on, and its buyer is
   * told. A second time changes nothing.
   */
  async adopt(sweep: Sweep, finding: StrayFinding, reason: string): Promise<void> {
    const { image, entitlement, machine } = finding;
    if (!image || !entitlement) return;
    const now = this.clock.now();
    const instance = instanceOf(sweep, finding, image, entitlement, now);
    const run = firstRun(machine, entitlement.startedAt, now);
    const { id, subscriptionId } = instance;
    await this.db.transaction(async (tx) => {
      const { raw } = await tx.createQueryBuilder().insert().into(Instance).values(instance).orIgnore().returning('id').execute();
      if (raw.length === 0) return;
      if (run) await tx.insert(RunInterval, { ...run, instanceId: id, subscriptionId });
      await tx.insert(Stray, noticeOf(sweep, instance, reason, now));
      await this.progress.note(tx, { instanceId: id }, 'found', reason);
      await this.doorbell.ring(tx, 'launcher.reconcile-instance', id);
      await this.doorbell.ring(tx, 'metering.meter-runtime', subscriptionId);
    });
  }

  /** Rows of the place whose machines nobody has seen for long, and those that were seen again. */
  async findUnseen({ account, region }: Sweep): Promise<void> {
    const now = this.clock.now();
    const unseen = `instance.region = $2 and instance.state not in ('terminated', 'failed') and instance.attempted_at is not null
      and coalesce(instance.observed_at, instance.attempted_at) <= $3
      and coalesce((select aws_connection.account_id from api.aws_connection where aws_connection.id = instance.aws_connection_id), 'platform') = $1`;
    const given = [account, region, new Date(now.getTime() - UNSEEN_MINUTES * 60_000), now];
    await this.db.transaction(async (tx) => {
      await tx.query(
        `insert into launcher.stray as stray (id, kind, account, region, instance_id, ami_id, buyer_id, product_id, subscription_id, reason, found_at, seen_at)
         select gen_random_uuid(), 'unseen', $1, $2, instance.id, instance.ami_id, instance.buyer_id, instance.product_id, instance.subscription_id,
                'Nobody has seen this machine since ' || to_char(coalesce(instance.observed_at, instance.attempted_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC; what hinders us is in stuck work. Its hours are counted up to then.',
                $4, $4
           from launcher.instance where ${unseen}
         on conflict (instance_id) where resolved_at is null and kind = 'unseen' do update set seen_at = excluded.seen_at, reason = excluded.reason`,
        given,
      );
      await tx.query(
        `update launcher.stray set resolved_at = $4
          where stray.kind = 'unseen' and stray.resolved_at is null and stray.account = $1 and stray.region = $2
            and not exists (select from launcher.instance where instance.id = stray.instance_id and ${unseen})`,
        given,
      );
    });
  }

  /** What its buyer has started, and is metered no longer, in an account that we see no longer, is out of our sight for good. */
  async forgetUnconnected({ account, region }: Sweep): Promise<void> {
    await this.db.query(
      `update launcher.instance set state = 'terminated', terminated_at = $3, public_address = null, url = null,
              failure = 'The account is no longer connected, so that we cannot see it any more.'
        where instance.origin = 'outside' and instance.draining_at is not null and instance.region = $2
          and instance.state not in ('terminated', 'failed')
          and instance.aws_connection_id in (select aws_connection.id from api.aws_connection
                                              where aws_connection.account_id = $1 and aws_connection.removed_at is not null)`,
      [account, region, this.clock.now()],
    );
  }

  /** What a whole sweep has not shown again is no longer so; a machine that is metered is told of until it is gone. */
  async resolve({ account, region }: Sweep, startedAt: Date): Promise<void> {
    await this.db.query(
      `update launcher.stray set resolved_at = $4
        where stray.account = $1 and stray.region = $2 and stray.resolved_at is null
          and ((stray.kind in ('ended', 'unknown', 'unentitled') and stray.seen_at < $3)
               or (stray.kind = 'outside' and exists (select from launcher.instance where instance.id = stray.instance_id
                                                        and (instance.state in ('terminated', 'failed') or instance.draining_at is not null))))`,
      [account, region, startedAt, this.clock.now()],
    );
  }

  /** Machines that EC2 is to be told to end, as the latest sweep has written down before. */
  async toEnd({ account, region }: Sweep, startedAt: Date): Promise<string[]> {
    const rows: Array<{ ec2_instance_id: string }> = await this.db.query(
      `select stray.ec2_instance_id from launcher.stray
        where stray.account = $1 and stray.region = $2 and stray.resolved_at is null and stray.kind = 'ended'
          and stray.end_told_at is not null and stray.seen_at >= $3
        order by stray.found_at limit 1000`,
      [account, region, startedAt],
    );
    return rows.map((row) => row.ec2_instance_id);
  }
}

function instanceOf(
  { account, region }: Sweep,
  { machine }: StrayFinding,
  image: SoldImage,
  entitlement: Entitlement,
  now: Date,
): Partial<Instance> & Pick<Instance, 'id' | 'subscriptionId' | 'buyerId' | 'productId'> {
  const { startedAt } = entitlement;
  const state = machine.state === 'terminated' ? 'terminated' : nextState({ state: 'pending', address: null }, machine);
  return {
    id: newId(),
    origin: 'outside',
    versionId: image.versionId,
    subscriptionId: entitlement.subscriptionId,
    buyerId: entitlement.buyerId,
    vendorId: image.vendorId,
    productId: image.productId,
    awsConnectionId: entitlement.connectionId,
    region,
    zone: machine.zone,
    amiId: image.amiId,
    runsAmiId: machine.imageId,
    instanceType: machine.instanceType,
    desired: 'running',
    state,
    ec2InstanceId: machine.instanceId,
    ec2AccountId: machine.accountId ?? account,
    publicAddress: isFinal(state) ? null : machine.address,
    // It cannot have run under its subscription before that began.
    createdAt: machine.launchTime > startedAt ? machine.launchTime : startedAt,
    attemptedAt: machine.launchTime,
    launchedAt: machine.launchTime,
    terminatedAt: isFinal(state) ? (machine.endedAt ?? now) : null,
    observedAt: now,
  };
}

const noticeOf = (
  { account, region }: Sweep,
  instance: Partial<Instance> & Pick<Instance, 'id'>,
  reason: string,
  now: Date,
): Partial<Stray> => ({
  id: newId(),
  kind: 'outside',
  account,
  region,
  ec2InstanceId: instance.ec2InstanceId,
  instanceId: instance.id,
  amiId: instance.amiId,
  buyerId: instance.buyerId,
  productId: instance.productId,
  subscriptionId: instance.subscriptionId,
  reason,
  foundAt: now,
  seenAt: now,
});
