/**
 * Buyers' own AWS accounts. A connection is a role of theirs that trusts ours and asks for an external id that we made up; whether
 * it works is tried by the launcher. Reads launcher's connection_check, instance, volume and snapshot.
 */
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, type EntityManager } from 'typeorm';
import { buyerPolicy, trustPolicy } from '#domain/aws-access.ts';
import { connectionState } from '#domain/connection.ts';
import { DomainError, missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { AwsConnection } from '#tables/api/aws-connection.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { ConnectionCheck } from '#tables/launcher/connection-check.ts';
import { ApiConfig } from '../config.ts';
import type { AwsConnectionView, ConnectionRole, NewAwsConnection } from './aws-connections.schema.ts';
import { connectionTemplate, type RoleOf } from './template.ts';

const MOST_CONNECTIONS = 20;
/** 192 bits, of characters that AWS takes in external ids. */
const EXTERNAL_ID_BYTES = 24;

@Injectable()
export class AwsConnections {
  constructor(
    private readonly db: DataSource,
    private readonly config: ApiConfig,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Begins to connect an account; its owner then makes the role. The same Idempotency-Key begins the same.
   * @throws DomainError `connections_not_offered`, `account_connected`, `too_many_connections`, `idempotency_mismatch`.
   */
  async connect(caller: Caller, given: NewAwsConnection, key?: string): Promise<AwsConnectionView> {
    const platformAccountId = this.platformAccountId();
    const id = idFor(caller.organizationId, 'aws_connection', key);
    return this.db.transaction(async (tx) => {
      const repeated = key ? await tx.findOneBy(AwsConnection, { id }) : null;
      if (repeated) {
        assertSame({ ...repeated }, given);
        return view(repeated, null, platformAccountId);
      }
      const connection: AwsConnection = {
        id,
        buyerId: caller.organizationId,
        name: given.name,
        accountId: given.accountId,
        externalId: `slipway-${randomBytes(EXTERNAL_ID_BYTES).toString('base64url')}`,
        roleArn: null,
        checksAsked: 0,
        createdAt: this.clock.now(),
        removedAt: null,
      };
      await assertRoom(tx, connection);
      // Two calls at once: the unique index lets one of them through.
      const { raw } = await tx
        .createQueryBuilder()
        .insert()
        .into(AwsConnection)
        .values(connection)
        .orIgnore()
        .returning('id')
        .execute();
      if (raw.length === 0) throw alreadyConnected(given.accountId);
      await this.shareWith(tx, caller.organizationId);
      return view(connection, null, platformAccountId);
    });
  }

  async list(caller: Caller): Promise<AwsConnectionView[]> {
    const connections = await this.db.manager.find(AwsConnection, {
      where: { buyerId: caller.organizationId, removedAt: IsNull() },
      order: { createdAt: 'asc' },
    });
    return this.views(this.db.manager, connections);
  }

  /** @throws DomainError `missing` for a foreign connection, as all that follow. */
  async get(caller: Caller, id: string): Promise<AwsConnectionView> {
    return this.viewOf(this.db.manager, await ownConnection(this.db.manager, caller, id));
  }

  /**
   * Names the role, and has it tried. Naming another later has that tried.
   * @throws DomainError `wrong_account` for a role of any other account.
   */
  async nameRole(caller: Caller, id: string, { roleArn }: ConnectionRole): Promise<AwsConnectionView> {
    return this.db.transaction(async (tx) => {
      const connection = await ownConnection(tx, caller, id, 'for update');
      if (roleArn.split(':')[4] !== connection.accountId) {
        throw new DomainError(
          'conflict',
          'wrong_account',
          `This connection is to account ${connection.accountId}: give the ARN of a role there, or connect the other account.`,
        );
      }
      if (roleArn !== connection.roleArn) await tx.update(AwsConnection, { id }, { roleArn });
      return this.askForTest(tx, { ...connection, roleArn });
    });
  }

  /**
   * Has the connection tried again; its state is `testing` until the launcher has done so. Asking twice is the same as once.
   * @throws DomainError `role_not_named`.
   */
  async test(caller: Caller, id: string): Promise<AwsConnectionView> {
    return this.db.transaction(async (tx) => {
      const connection = await ownConnection(tx, caller, id, 'for update');
      if (!connection.roleArn)
        throw new DomainError(
          'conflict',
          'role_not_named',
          'Make the role from the template first, then name it: PUT /v1/aws-connections/:id/role.',
        );
      return this.askForTest(tx, connection);
    });
  }

  /**
   * Ends a connection. The role may be deleted afterwards. Images are no longer shared with the account, and what snapshots there are
   * in it stay its owner's.
   * @throws DomainError `connection_in_use` while machines run through it, or are wanted to, or while data volumes there are ours.
   */
  async remove(caller: Caller, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await ownConnection(tx, caller, id, 'for update');
      await assertUnused(tx, id);
      await tx.update(AwsConnection, { id }, { removedAt: this.clock.now() });
      await this.shareWith(tx, caller.organizationId);
    });
  }

  async policy(caller: Caller, id: string): Promise<string> {
    return JSON.stringify(buyerPolicy(await this.roleOf(caller, id)), null, 2);
  }

  async trustPolicy(caller: Caller, id: string): Promise<string> {
    return JSON.stringify(trustPolicy(await this.roleOf(caller, id)), null, 2);
  }

  async template(caller: Caller, id: string): Promise<string> {
    return connectionTemplate(await this.roleOf(caller, id));
  }

  private async roleOf(caller: Caller, id: string): Promise<RoleOf> {
    const { accountId, externalId } = await ownConnection(this.db.manager, caller, id);
    return { connectionId: id, accountId, externalId, platformAccountId: this.platformAccountId() };
  }

  /** While an earlier request waits for its answer, that answer will do. */
  private async askForTest(tx: EntityManager, connection: AwsConnection): Promise<AwsConnectionView> {
    const check = await tx.findOneBy(ConnectionCheck, { connectionId: connection.id });
    const isWaiting = connectionState(connection, check) === 'testing' && connection.checksAsked > (check?.answers ?? 0);
    const checksAsked = connection.checksAsked + (isWaiting ? 0 : 1);
    await tx.update(AwsConnection, { id: connection.id }, { checksAsked });
    await this.doorbell.ring(tx, 'launcher.check-connection', connection.id);
    return view({ ...connection, checksAsked }, check, this.platformAccountId());
  }

  /** Whom the images of a buyer's products are shared with has changed. */
  private async shareWith(tx: EntityManager, buyerId: string): Promise<void> {
    const subscriptions = await tx.findBy(Subscription, { buyerId, endedAt: IsNull() });
    for (const { productId } of subscriptions) await this.doorbell.ring(tx, 'launcher.share-images', productId);
  }

  private async viewOf(tx: EntityManager, connection: AwsConnection): Promise<AwsConnectionView> {
    return (await this.views(tx, [connection]))[0]!;
  }

  private async views(tx: EntityManager, connections: AwsConnection[]): Promise<AwsConnectionView[]> {
    const checks = await tx.findBy(ConnectionCheck, { connectionId: In(connections.map(({ id }) => id)) });
    const byId = new Map(checks.map((check) => [check.connectionId, check]));
    return connections.map((connection) => view(connection, byId.get(connection.id) ?? null, this.platformAccountId()));
  }

  private platformAccountId(): string {
    const { PLATFORM_AWS_ACCOUNT_ID: accountId } = this.config;
    if (accountId) return accountId;
    throw new DomainError(
      'conflict',
      'connections_not_offered',
      'This marketplace runs machines in its own AWS account only; its operator can change that with PLATFORM_AWS_ACCOUNT_ID.',
    );
  }
}

/** @throws DomainError `missing`, also when it is another buyer's or was removed. */
export async function ownConnection(
  tx: EntityManager,
  { organizationId: buyerId }: Pick<Caller, 'organizationId'>,
  id: string,
  lock?: 'for update' | 'for share',
): Promise<AwsConnection> {
  const connection = await tx.findOne(AwsConnection, {
    where: { id, buyerId, removedAt: IsNull() },
    ...(lock && { lock: { mode: lock === 'for update' ? 'pessimistic_write' : 'pessimistic_read' } }),
  });
  if (!connection) throw missing('aws_connection');
  return connection;
}

/** Why machines cannot run through a connection, in a sentence; null when they can. Being tested again does not change what was found. */
export function connectionProblem({ roleArn, accountId }: AwsConnection, check: ConnectionCheck | null): string | null {
  if (!roleArn) return `The connection to account ${accountId} has no role yet: make it from the template, then name it.`;
  if (check?.roleArn !== roleArn) return `The connection to account ${accountId} is being tested; try again in a minute.`;
  return check.state === 'ok' ? null : `The connection to account ${accountId} does not work. ${check.problems.join(' ')}`;
}

async function assertRoom(tx: EntityManager, { buyerId, accountId }: AwsConnection): Promise<void> {
  const accounts = (await tx.findBy(AwsConnection, { buyerId, removedAt: IsNull() })).map((connection) => connection.accountId);
  if (accounts.includes(accountId)) throw alreadyConnected(accountId);
  if (accounts.length >= MOST_CONNECTIONS)
    throw new DomainError(
      'conflict',
      'too_many_connections',
      `There are ${MOST_CONNECTIONS} connections already; remove one first.`,
    );
}

const alreadyConnected = (accountId: string): DomainError =>
  new DomainError(
    'conflict',
    'account_connected',
    `Account ${accountId} is connected already; use that connection or remove it.`,
  );

/** @throws DomainError `connection_in_use` with how many machines or data volumes there are. */
async function assertUnused(tx: EntityManager, id: string): Promise<void> {
  const [{ machines }] = await tx.query(
    `select count(*)::int as machines from (
       select instance.id from launcher.instance
        where instance.aws_connection_id = $1 and instance.state not in ('terminated', 'failed')
          -- What its buyer has started, and is no longer metered, is the buyer's own affair.
          and (instance.origin = 'launched' or instance.draining_at is null)
       union
       select launch.id from api.launch
        where launch.aws_connection_id = $1 and launch.desired <> 'terminated'
       union
       select fleet.id from api.fleet where fleet.aws_connection_id = $1 and fleet.ended_at is null) used`,
    [id],
  );
  if (machines > 0)
    throw inUse(
      `${machines === 1 ? 'A machine runs' : `${machines} machines run`} through this connection: terminate what runs, wait until it has ended, then remove the connection.`,
    );
  const [{ disks }] = await tx.query(
    `select count(distinct volume.id)::int as disks from launcher.volume
       left join launcher.snapshot on snapshot.volume_id = volume.id and snapshot.state in ('planned', 'pending')
      where volume.aws_connection_id = $1
        and (volume.state not in ('lost', 'released', 'deleted') or (volume.state <> 'lost' and snapshot.id is not null))`,
    [id],
  );
  if (disks > 0)
    throw inUse(
      `${disks === 1 ? 'A data volume is' : `${disks} data volumes are`} kept through this connection: release them, which makes them yours alone, or delete them, then remove the connection.`,
    );
}

const inUse = (detail: string): DomainError => new DomainError('conflict', 'connection_in_use', detail);

function view(connection: AwsConnection, check: ConnectionCheck | null, platformAccountId: string): AwsConnectionView {
  const { id, name, accountId, externalId, roleArn, createdAt } = connection;
  const current = check && check.roleArn === roleArn ? check : null;
  return {
    id,
    name,
    accountId,
    externalId,
    platformAccountId,
    roleArn,
    state: connectionState(connection, check),
    problems: current?.problems ?? [],
    regions: current?.regions ?? [],
    checkedAt: current?.checkedAt.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
