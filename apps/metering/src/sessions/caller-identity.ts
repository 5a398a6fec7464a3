/**
 * The other proof of identity: a GetCallerIdentity that the machine signed with its role's credentials and that we send on to STS.
 * Only STS can check that signature, and tells whose it is: EC2 names a role's session after the instance. The request names us in a
 * signed header, so that one that was shown to somebody else is of no use here. The idea is known from Vault's AWS login.
 */
import { Injectable } from '@nestjs/common';
import { MeteringConfig } from '../config.ts';
import type { CallerProof } from './sessions.schema.ts';

/** The header that names this marketplace, with SERVER_ID as its value. */
export const SERVER_ID_HEADER = 'x-slipway-server-id';
const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
/** What is sent on: what a signer signs. The rest is dropped, and STS misses it if it was signed. */
const FORWARDED = /^(authorization|content-type|x-amz-[a-z0-9-]+|amz-sdk-[a-z-]+|x-slipway-server-id)$/;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=[^/,\s]+\/\d{8}\/([a-z0-9-]+)\/sts\/aws4_request *, *SignedHeaders=([a-z0-9;-]+) *, *Signature=[0-9a-f]{64}$/;
const ROLE_SESSION = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\/(i-[0-9a-f]{8,17})$/;
const ANSWER_WITHIN_MS = 5_000;
const MOST_ANSWER_BYTES = 16_384;

export interface CallerMachine {
  accountId: string;
  ec2InstanceId: string;
  /** The region that the request was signed for. */
  region: string;
}

@Injectable()
export class CallerIdentity {
  private readonly endpoints: Set<string>;

  constructor(private readonly config: MeteringConfig) {
    const regional = config.METERING_REGIONS.map((region) => `https://sts.${region}.amazonaws.com`);
    this.endpoints = new Set(config.STS_URLS.length > 0 ? config.STS_URLS.map((url) => new URL(url).origin) : regional);
  }

  /** @returns the machine whose role signed, or why it is not proven. @throws Error when STS cannot be reached. */
  async machineOf({ url, headers, body }: CallerProof['callerIdentity']): Promise<CallerMachine | string> {
    if (this.config.IDENTITY_ROLES.length === 0) return 'no role is accepted as proof here; set IDENTITY_ROLES';
    const target = new URL(url);
    // Nowhere but to STS itself, and with nothing but that question: we must not become anybody's messenger.
    if (!this.endpoints.has(target.origin) || target.pathname !== '/' || target.search || target.username || body !== BODY)
      return 'it is not a GetCallerIdentity for an STS that is asked here';
    const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const [, region, signed = ''] = AUTHORIZATION.exec(given.get('authorization') ?? '') ?? [];
    const signedHeaders = signed.split(';');
    if (!region || !signedHeaders.includes('host') || !signedHeaders.includes(SERVER_ID_HEADER))
      return `its Authorization does not sign host and ${SERVER_ID_HEADER}`;
    if (given.get(SERVER_ID_HEADER) !== this.config.SERVER_ID) return `${SERVER_ID_HEADER} does not name this marketplace`;
    const answer = await this.ask(target, given);
    if (answer === undefined) return 'STS does not know who signed it';
    const [, accountId, role, ec2InstanceId] = ROLE_SESSION.exec(/<Arn>([^<]+)<\/Arn>/.exec(answer)?.[1] ?? '') ?? [];
    if (!accountId || !role || !ec2InstanceId) return "it is not signed with a machine's role";
    if (!this.config.IDENTITY_ROLES.includes(role)) return `the role ${role} is not one of IDENTITY_ROLES`;
    return { accountId, ec2InstanceId, region };
  }

  private async ask(target: URL, given: Map<string, string>): Promise<string | undefined> {
    const response = await fetch(target, {
      method: 'POST',
      headers: Object.fromEntries([...given].filter(([name]) => FORWARDED.test(name))),
      body: BODY,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = (await response.text()).slice(0, MOST_ANSWER_BYTES);
    if (response.status >= 500) throw new Error(`STS answered ${response.status}.`);
    return response.ok ? text : undefined;
  }
}
