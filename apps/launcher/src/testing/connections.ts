/** Globex's own AWS account for a launcher's world: the connection as `api` writes it, and the role as Globex makes it in the sandbox. */
import { newId } from '#platform/ids.ts';
import { GLOBEX_AWS_ACCOUNT } from '#testing/fixtures.ts';
import type { World } from './world.ts';

export interface Connected {
  id: string;
  roleArn: string;
  externalId: string;
  accountId: string;
}

/** Connects an account; its role is made later, or never, by `makeRole`. */
export async function connect(
  { database: { sql }, market, clock }: World,
  { accountId = GLOBEX_AWS_ACCOUNT, roleName = 'SlipwayRole' } = {},
): Promise<Connected> {
  const id = newId();
  const connection = {
    id,
    accountId,
    roleArn: `arn:aws:iam::${accountId}:role/slipway/${roleName}`,
    externalId: `slipway-test-${id}`,
  };
  await sql(
    `insert into api.aws_connection (id, buyer_id, name, account_id, external_id, role_arn, checks_asked, created_at)
     values ($1, $2, 'Globex', $3, $4, $5, 1, $6)`,
    [id, market.buyerId, accountId, connection.externalId, connection.roleArn, clock.now()],
  );
  return connection;
}

/** @param role `externalId` null: one that trusts everybody. `denied`: what its policy lacks, such as `ec2:RunInstances`. */
export async function makeRole(
  { sandbox }: World,
  { roleArn }: Connected,
  { externalId, denied = [] }: { externalId: string | null; denied?: string[] },
): Promise<void> {
  const answer = await fetch(`${sandbox.control}/roles`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ roleArn, ...(externalId && { externalId }), ...(denied.length > 0 && { denied }) }),
  });
  if (!answer.ok) throw new Error(`The sandbox takes no such role: ${await answer.text()}`);
}
