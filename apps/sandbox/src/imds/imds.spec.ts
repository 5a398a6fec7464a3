/** The metadata service of an instance: token rules, the tree, and the identity document with both signatures. */
import { createHash, createPublicKey, createVerify, X509Certificate } from 'node:crypto';
import {
  CreateTagsCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import * as pkijs from 'pkijs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, ec2Of } from '../testing/clients.ts';

let sandbox: Sandbox;
let ec2: EC2Client;
let id: string;

beforeAll(async () => {
  sandbox = await startSandbox({ bootMs: 0 });
  ec2 = ec2Of(sandbox);
  id = await launch({ UserData: Buffer.from('#!/bin/sh\necho Öl\n').toString('base64') });
});
afterAll(() => sandbox.close());

async function launch(input: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const made = await ec2.send(
    new RunInstancesCommand({ ImageId: ACME_VAULT, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...input }),
  );
  return made.Instances?.[0]?.InstanceId ?? '';
}

const at = (instanceId: string, path: string): string => `${sandbox.ec2}/imds/${instanceId}/latest/${path}`;

const askToken = (instanceId: string, headers: Record<string, string>) =>
  fetch(at(instanceId, 'api/token'), { method: 'PUT', headers });

async function tokenOf(instanceId: string, seconds = 60): Promise<string> {
  return (await askToken(instanceId, { 'x-aws-ec2-metadata-token-ttl-seconds': String(seconds) })).text();
}

const get = (instanceId: string, path: string, token: string) =>
  fetch(at(instanceId, path), { headers: { 'x-aws-ec2-metadata-token': token } });

async function read(path: string, instanceId = id): Promise<string> {
  const answer = await get(instanceId, path, await tokenOf(instanceId));
  expect(answer.status).toBe(200);
  return answer.text();
}

describe('a token', () => {
  it('is needed, must be one of this instance, and lasts as long as it was asked for', async () => {
    expect((await fetch(at(id, 'meta-data/instance-id'))).status).toBe(401);
    expect((await get(id, 'meta-data/instance-id', 'made-up')).status).toBe(401);
    expect((await get(id, 'meta-data/instance-id', await tokenOf(await launch()))).status).toBe(401);
    const token = await tokenOf(id, 21_600);
    const answer = await get(id, 'meta-data/instance-id', token);
    expect(await answer.text()).toBe(id);
    expect(Number(answer.headers.get('x-aws-ec2-metadata-token-ttl-seconds'))).toBeGreaterThan(21_590);
    sandbox.clock.advance(21_600_000);
    expect((await get(id, 'meta-data/instance-id', token)).status).toBe(401);
  });

  it.each(['', '0', '21601', '1.5', 'long'])('is refused for %j seconds', async (seconds) => {
    expect((await askToken(id, { 'x-aws-ec2-metadata-token-ttl-seconds': seconds })).status).toBe(400);
  });

  it('is refused to a proxy and without the header', async () => {
    expect((await askToken(id, {})).status).toBe(400);
    const forwarded = { 'x-aws-ec2-metadata-token-ttl-seconds': '60', 'x-forwarded-for': '10.0.0.1' };
    expect((await askToken(id, forwarded)).status).toBe(403);
  });

  it('is not needed on a machine that was launched with optional tokens', async () => {
    const lax = await launch({ MetadataOptions: { HttpTokens: 'optional' } });
    expect(await (await fetch(at(lax, 'meta-data/instance-id'))).text()).toBe(lax);
    expect((await get(lax, 'meta-data/instance-id', 'made-up')).status).toBe(401);
  });
});

describe('the tree', () => {
  it('tells a machine what it is and where', async () => {
    expect(await read('meta-data/ami-id')).toBe(ACME_VAULT);
    expect(await read('meta-data/instance-type')).toBe('t3.micro');
    expect(await read('meta-data/placement/region')).toBe('us-east-1');
    expect(await read('meta-data/placement/availability-zone')).toBe('us-east-1a');
    expect(await read('meta-data/public-ipv4')).toMatch(/^127\.16\./);
    expect(await read('meta-data/local-ipv4')).toMatch(/^172\.31\./);
    expect(await read('user-data')).toBe('#!/bin/sh\necho Öl\n');
    expect((await read('meta-data/')).split('\n')).toEqual(expect.arrayContaining(['ami-id', 'placement/', 'public-ipv4']));
    const token = await tokenOf(id);
    expect((await get(id, 'meta-data/nothing', token)).status).toBe(404);
    expect((await get(id, 'dynamic/instance-identity/pkcs7', token)).status).toBe(501);
  });

  it('shows tags when they were enabled, and follows them', async () => {
    expect((await get(id, 'meta-data/tags/instance/', await tokenOf(id))).status).toBe(404);
    const open = await launch({ MetadataOptions: { InstanceMetadataTags: 'enabled' } });
    await ec2.send(new CreateTagsCommand({ Resources: [open], Tags: [{ Key: 'product', Value: 'Tresor für Acme' }] }));
    expect(await read('meta-data/tags/instance/', open)).toBe('product');
    expect(await read('meta-data/tags/instance/product', open)).toBe('Tresor für Acme');
  });
});

describe('the identity document', () => {
  it('has the members that EC2 serves', async () => {
    const document = JSON.parse(await read('dynamic/instance-identity/document')) as Record<string, unknown>;
    expect(document).toMatchObject({
      accountId: '111122223333',
      architecture: 'x86_64',
      availabilityZone: 'us-east-1a',
      billingProducts: null,
      devpayProductCodes: null,
      marketplaceProductCodes: null,
      imageId: ACME_VAULT,
      instanceId: id,
      kernelId: null,
      ramdiskId: null,
      region: 'us-east-1',
      version: '2017-09-30',
    });
    expect(document.pendingTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('is signed so that node:crypto accepts it, and nothing else', async () => {
    const certificate = new X509Certificate(await (await fetch(`${sandbox.control}/identity-certificate`)).text());
    const document = await read('dynamic/instance-identity/document');
    const signature = Buffer.from(await read('dynamic/instance-identity/signature'), 'base64');
    const accepted = (text: string) =>
      createVerify('sha256').update(text).verify(createPublicKey(certificate.toString()), signature);
    expect(accepted(document)).toBe(true);
    expect(accepted(document.replace(id, 'i-0123456789abcdef0'))).toBe(false);
  });

  it('is signed as PKCS #7 with RSA-2048 and SHA-256, and brings no certificate of its own', async () => {
    const der = Buffer.from(await read('dynamic/instance-identity/rsa2048'), 'base64');
    const envelope = pkijs.ContentInfo.fromBER(der);
    const signed = new pkijs.SignedData({ schema: envelope.content });
    expect(signed.certificates ?? []).toEqual([]);
    const inside = Buffer.from(signed.encapContentInfo.eContent?.getValue() ?? new ArrayBuffer());
    expect(inside.toString()).toBe(await read('dynamic/instance-identity/document'));

    const pinned = new X509Certificate(sandbox.identityCertificate);
    signed.certificates = [pkijs.Certificate.fromBER(pinned.raw)];
    expect(await signed.verify({ signer: 0, checkChain: false })).toBe(true);
    expect(createHash('sha256').update(pinned.raw).digest('hex')).toBe(pinned.fingerprint256.replaceAll(':', '').toLowerCase());
  });
});

it('a machine that is gone does not answer, and one that never was is not found', async () => {
  const gone = await launch();
  const token = await tokenOf(gone);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
  await expect(get(gone, 'meta-data/instance-id', token)).rejects.toThrow('fetch failed');
  expect((await get('i-0123456789abcdef0', 'meta-data/', token)).status).toBe(404);
});
