/** Machines at the sandbox's EC2, with launcher's row about each, and the proof of identity that each would send. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '#platform/ids.ts';
import type { TestDatabase } from '#testing/database.ts';
import type { Marketplace } from '#testing/fixtures.ts';
import type { Sandbox } from '../../../sandbox/src/server.ts';
import { ACME_VAULT, runMachine } from '../../../sandbox/src/testing/clients.ts';

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
  const { machine, ownerId } = await runMachine(sandbox, {
    ImageId: imageId,
    ClientToken: instanceId,
    UserData: userData === undefined ? undefined : Buffer.from(userData).toString('base64'),
  });
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
      machine.ImageId,
      machine.InstanceId,
      ownerId,
      machine.LaunchTime,
      shop.versionId,
    ],
  );
  return { instanceId, ec2InstanceId: machine.InstanceId!, imds: `${sandbox.ec2}/imds/${machine.InstanceId}` };
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
