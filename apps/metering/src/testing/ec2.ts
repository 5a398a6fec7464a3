/** Machines at the sandbox's EC2, with launcher's row about each, and the proof of identity that each would send. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { newId } from '#platform/ids.ts';
import type { TestDatabase } from '#testing/database.ts';
import type { Marketplace } from '#testing/fixtures.ts';
import type { Sandbox } from '../../../sandbox/src/server.ts';
import { ACME_VAULT, ec2Of } from '../../../sandbox/src/testing/clients.ts';

export interface Ec2Machine {
  instanceId: string;
  ec2InstanceId: string;
  /** The metadata service as this machine reaches it. */
  imds: string;
}

/** The sandbox's certificate in a file, as metering is told of it. */
export function certificateFile(sandbox: Sandbox): string {
  const file = join(mkdtempSync(join(tmpdir(), 'slipway-identity-')), 'certificate.pem');
  writeFileSync(file, sandbox.identityCertificate);
  return file;
}

/** A machine that a launch of the buyer's made. @param userData as launcher writes it. */
export async function launchedMachine(
  sandbox: Sandbox,
  { sql }: TestDatabase,
  shop: Marketplace,
  { userData, imageId = ACME_VAULT }: { userData?: string; imageId?: string } = {},
): Promise<Ec2Machine> {
  const instanceId = newId();
  const { Instances, OwnerId } = await ec2Of(sandbox).send(
    new RunInstancesCommand({
      ImageId: imageId,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      ClientToken: instanceId,
      UserData: userData === undefined ? undefined : Buffer.from(userData).toString('base64'),
    }),
  );
  const made = Instances![0]!;
  await sql(
    `insert into launcher.instance (id, subscription_id, buyer_id, vendor_id, product_id, version_id, region, ami_id, instance_type, state,
       ec2_instance_id, ec2_account_id, created_at, launched_at)
     values ($1, $2, $3, $4, $5, $10, 'us-east-1', $6, 't3.micro', 'healthy', $7, $8, '2026-01-05T09:00:00Z', $9)`,
    [
      instanceId,
      shop.subscriptionId,
      shop.buyerId,
      shop.vendorId,
      shop.productId,
      made.ImageId,
      made.InstanceId,
      OwnerId,
      made.LaunchTime,
      shop.versionId,
    ],
  );
  return { instanceId, ec2InstanceId: made.InstanceId!, imds: `${sandbox.ec2}/imds/${made.InstanceId}` };
}

export interface Proof {
  identityDocument: string;
  signature: string;
  nonce: string;
}

export async function proofOf({ imds }: Ec2Machine, nonce = 'the-nonce-this-machine-made'): Promise<Proof> {
  const asked = await fetch(`${imds}/latest/api/token`, {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
  });
  const headers = { 'x-aws-ec2-metadata-token': await asked.text() };
  const read = async (name: string): Promise<string> =>
    (await fetch(`${imds}/latest/dynamic/instance-identity/${name}`, { headers })).text();
  return { identityDocument: await read('document'), signature: await read('rsa2048'), nonce };
}
