/**
 * Who may call: long-lived access keys, and the sessions that AssumeRole hands out. Their times are the wall clock's, as an
 * SDK signs and renews by its own clock and not by the sandbox's.
 */
import { randomBytes } from 'node:crypto';
import type { Store, Table } from './store.ts';
import { VendorError } from './vendor-error.ts';
import { isSignedWith, readSignature, type HttpRequest } from './sigv4.ts';

/** Known to every fresh sandbox, for everybody to see: it opens nothing but a sandbox. */
export const DEFAULT_KEY: AccessKey = {
  accessKeyId: 'AKIASLIPWAYSANDBOX01',
  secretAccessKey: 'sandbox-secret-do-not-use-elsewhere',
  accountId: '111122223333',
};

export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
  accountId: string;
  session?: Session | undefined;
}

export interface Session {
  token: string;
  /** Epoch milliseconds, wall clock. */
  expiresAt: number;
  roleArn: string;
  name: string;
  roleId: string;
  externalId?: string | undefined;
}

export interface Caller {
  key: AccessKey;
  region: string;
  service: 'ec2' | 'sts';
}

/**
 * A role with its trust policy and what its permissions lack. A role that nobody declared is trusted within its own account
 * alone, as one account never gets into another by a role that does not exist there.
 */
export interface Role {
  roleArn: string;
  /** Must be given, and be this one. */
  externalId?: string | undefined;
  /** The accounts that may assume it; any account when absent. */
  trusts?: string[] | undefined;
  /** Actions that its policy does not allow, such as `ec2:RunInstances` or `ec2:Describe*`. */
  denied?: string[] | undefined;
}

const SKEW_MS = 15 * 60_000;

export class Credentials {
  readonly keys: Table<AccessKey>;
  readonly roles: Table<Role>;

  constructor(store: Store) {
    this.keys = store.table('access-key');
    this.roles = store.table('role');
  }

  addKey(key: AccessKey): void {
    this.keys.set(key.accessKeyId, key);
  }

  openSession(session: Omit<Session, 'token' | 'roleId'>, accountId: string): AccessKey & { session: Session } {
    const key = {
      accessKeyId: `ASIA${identifier(16)}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      accountId,
      session: { ...session, token: randomBytes(120).toString('base64'), roleId: `AROA${identifier(17)}` },
    };
    this.keys.set(key.accessKeyId, key);
    return key;
  }

  /** Whether the caller may assume the role with this external id, or without one. */
  trusts(caller: Caller, roleArn: string, externalId: string | undefined): boolean {
    const from = caller.key.accountId;
    const role = this.roles.get(roleArn);
    if (!role) return roleArn.split(':')[4] === from;
    return (role.trusts?.includes(from) ?? true) && (role.externalId === undefined || role.externalId === externalId);
  }

  /** Whether the caller's role, if it acts by one, allows the action, such as `ec2:RunInstances`. Access keys may do all. */
  allows({ key }: Caller, action: string): boolean {
    const denied = this.roles.get(key.session?.roleArn ?? '')?.denied ?? [];
    return !denied.some((pattern) => pattern === action || (pattern.endsWith('*') && action.startsWith(pattern.slice(0, -1))));
  }

  /**
   * Who signed the request.
   * @throws VendorError in the words of the service it was signed for.
   */
  caller(request: HttpRequest): Caller {
    if (!request.headers.authorization) {
      throw new VendorError('MissingAuthenticationToken', 'Request is missing Authentication Token');
    }
    const signature = readSignature(request);
    if (!signature) throw new VendorError('IncompleteSignature', 'The Authorization header is not a Signature Version 4.');
    const { service, region } = signature;
    if (service !== 'ec2' && service !== 'sts') {
      throw new VendorError(
        'SignatureDoesNotMatch',
        `Credential should be scoped to correct service: '${service}' is not ec2 or sts.`,
      );
    }
    if (!(Math.abs(Date.now() - signature.signedAt) <= SKEW_MS)) throw this.expired(service, signature.amzDate);
    const key = this.keys.get(signature.accessKeyId);
    if (!key || !sameToken(key, request)) throw unknownKey(service);
    if (!isSignedWith(key.secretAccessKey, signature, request)) {
      throw new VendorError(
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
      );
    }
    if (key.session && key.session.expiresAt <= Date.now()) {
      throw service === 'sts'
        ? new VendorError('ExpiredToken', 'The security token included in the request is expired')
        : new VendorError('RequestExpired', 'Request has expired.');
    }
    return { key, region, service };
  }

  private expired(service: 'ec2' | 'sts', amzDate: string): VendorError {
    return service === 'sts'
      ? new VendorError('SignatureDoesNotMatch', `Signature expired: ${amzDate} is more than 15 minutes from now`)
      : new VendorError('RequestExpired', 'Request has expired.');
  }
}

/** The caller's ARN. STS drops a role's path in the ARN of a session. */
export const arnOf = ({ key }: Caller): string =>
  key.session
    ? `arn:aws:sts::${key.accountId}:assumed-role/${key.session.roleArn.split('/').at(-1)}/${key.session.name}`
    : `arn:aws:iam::${key.accountId}:user/sandbox`;

const sameToken = (key: AccessKey, request: HttpRequest): boolean =>
  key.session?.token === request.headers['x-amz-security-token'];

const unknownKey = (service: 'ec2' | 'sts'): VendorError =>
  service === 'sts'
    ? new VendorError('InvalidClientTokenId', 'The security token included in the request is invalid.')
    : new VendorError('AuthFailure', 'AWS was not able to validate the provided access credentials');

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const identifier = (length: number): string => Array.from(randomBytes(length), (byte) => ALPHABET[byte & 31]).join('');
