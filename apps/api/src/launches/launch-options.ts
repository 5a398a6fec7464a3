/** What a buyer may choose for a launch: what the version offers, and what the product's template takes. */
import type { EntityManager } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { renderUserData } from '#domain/user-data.ts';
import type { Caller } from '#platform/auth.ts';
import type { Launch } from '#tables/api/launch.ts';
import type { Version } from '#tables/api/version.ts';
import { ConnectionCheck } from '#tables/launcher/connection-check.ts';
import { connectionProblem, ownConnection } from '../aws-connections/aws-connections.ts';
import type { NewLaunch } from './launches.schema.ts';

/** Slipway's own part of user data is written by the launcher and no longer than this. */
const LONGEST_OWN = { launchId: 'x'.repeat(36), productCode: 'x'.repeat(25), meteringUrl: 'x'.repeat(120) };

/** What a machine is asked for by, be it of a launch or of a fleet. */
export type Chosen = Pick<NewLaunch, 'region' | 'instanceType' | 'subnetId' | 'awsConnectionId' | 'userData'>;

/** @throws DomainError `region_not_offered`, `instance_type_not_offered`. */
export function assertSold(
  version: Version,
  regions: readonly string[],
  { region, instanceType }: Pick<NewLaunch, 'region' | 'instanceType'>,
): void {
  if (!regions.includes(region)) {
    throw new DomainError('conflict', 'region_not_offered', `Offered in ${regions.join(', ')}.`);
  }
  if (!version.instanceTypes.includes(instanceType)) {
    throw new DomainError('conflict', 'instance_type_not_offered', `Offered on ${version.instanceTypes.join(', ')}.`);
  }
}

/** @throws DomainError as `assertSold`, and `subnet_needs_own_account`, `invalid_user_data`. */
export function assertOffered(version: Version, regions: readonly string[], given: Chosen): void {
  assertSold(version, regions, given);
  const { subnetId, awsConnectionId, userData } = given;
  if (subnetId !== null && awsConnectionId === null) {
    throw new DomainError(
      'conflict',
      'subnet_needs_own_account',
      'A subnet belongs to an AWS account: connect yours and launch there, or leave the subnet out.',
    );
  }
  renderUserData(version.userDataTemplate, userData, LONGEST_OWN);
}

/** The connection is held until the launch is written, so that it is not removed in between. */
export async function assertConnected(tx: EntityManager, caller: Caller, id: string, region: string): Promise<void> {
  const connection = await ownConnection(tx, caller, id, 'for share');
  const check = await tx.findOneBy(ConnectionCheck, { connectionId: id });
  const problem = connectionProblem(connection, check);
  if (problem) throw new DomainError('conflict', 'connection_not_ok', problem);
  if (!check?.regions.includes(region)) {
    throw new DomainError(
      'conflict',
      'region_not_connected',
      `Account ${connection.accountId} lets us run machines in ${check?.regions.join(', ') ?? 'no region'} only; launch there, or open ${region} and test the connection again.`,
    );
  }
}

/** The row of a launch that is asked for now. */
export function launchOf(
  given: NewLaunch,
  { id, buyerId, versionId, createdAt }: Pick<Launch, 'id' | 'buyerId' | 'versionId' | 'createdAt'>,
): Launch {
  const { sshFromAnywhere: _said, volumesOnEnd, ...options } = given;
  return {
    id,
    buyerId,
    versionId,
    ...options,
    keepVolumes: volumesOnEnd === 'keep',
    desired: 'running',
    createdAt,
    desiredAt: createdAt,
    rebootAt: null,
    restoreTestEveryDays: null,
  };
}

/** What was chosen at the launch and never changes, each as one comparable value. */
export const optionsOf = (launch: Launch): Record<string, unknown> => ({
  subscriptionId: launch.subscriptionId,
  region: launch.region,
  instanceType: launch.instanceType,
  awsConnectionId: launch.awsConnectionId,
  name: launch.name,
  zone: launch.zone,
  keyName: launch.keyName,
  subnetId: launch.subnetId,
  sshFrom: launch.sshFrom,
  placement: launch.placement,
  market: launch.market,
  tags: inOneOrder(launch.tags),
  userData: inOneOrder(launch.userData),
});

/** As a text that is the same for the same value: PostgreSQL keeps an object's members in an order of its own. */
export const inOneOrder = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
