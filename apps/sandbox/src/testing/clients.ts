/** The official SDKs pointed at a sandbox, for its conformance specs. */
import { EC2Client, RunInstancesCommand, type Instance, type RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import { DEFAULT_KEY } from '../credentials.ts';
import type { Sandbox } from '../server.ts';

export const ACME_VAULT = 'ami-0acce550000000001';
export const ACME_VAULT_NEXT = 'ami-0acce550000000002';
export const ACME_POSTGRESQL = 'ami-0acce550000000518';
export const ACME_VAULT_BROKEN = 'ami-0acce550000000bad';
export const ACME_VAULT_AGENT = 'ami-0acce550000000a9e';
export const ACME_VAULT_PASSWORD = 'ami-0acce550000000ba1';
export const ACME_VAULT_ROOT = 'ami-0acce550000000ba2';
export const ACME_VAULT_IMDSV1 = 'ami-0acce550000000ba3';

export interface Given {
  region?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** One, so that a spec sees the first answer and not the SDK's repeat of the call. */
  maxAttempts?: number;
}

const defaults = { region: 'us-east-1', credentials: DEFAULT_KEY, maxAttempts: 1 };

export const ec2Of = (sandbox: Pick<Sandbox, 'ec2'>, given: Given = {}): EC2Client =>
  new EC2Client({ endpoint: sandbox.ec2, ...defaults, ...given });

/** One machine, small unless said otherwise, as its account made it. */
export async function runMachine(
  sandbox: Pick<Sandbox, 'ec2'>,
  wanted: Partial<RunInstancesCommandInput> = {},
): Promise<{ machine: Instance; ownerId: string }> {
  const input = { ImageId: ACME_VAULT, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1, ...wanted };
  const { Instances: machines, OwnerId: ownerId } = await ec2Of(sandbox).send(new RunInstancesCommand(input));
  return { machine: machines![0]!, ownerId: ownerId! };
}

export const stsOf = (sandbox: Pick<Sandbox, 'sts'>, given: Given = {}): STSClient =>
  new STSClient({ endpoint: sandbox.sts, ...defaults, ...given });

/** What the call was refused with: the vendor's code, its sentence and the status. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as { name: string; message: string; $metadata?: { httpStatusCode?: number } };
    return { code: name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('The call was not refused.');
}

/** Posts to the control port. */
export async function control(sandbox: Sandbox, path: string, body: unknown = {}): Promise<Response> {
  return fetch(`${sandbox.control}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
