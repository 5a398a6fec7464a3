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

/** A role whose trust policy names an external id, or none. Roles that nobody declared trust every caller. */
export interface Role {
  roleArn: string;
  externalId?: string | undefined;
}

const SKEW_MS = 15 * 60_000;

export class Credentials {
  readonly keys: Table<AccessKey>;
  readonly roles: Table<Role>;
  private readonly accounts: Table<{ accountId: string }>;

  constructor(store: Store) {
    this.keys = store.table('access-key');
    this.roles = store.table('role');
    this.accounts = store.table('account');
  }

  /** An access key makes its account known. */
  addKey(key: AccessKey): void {
    this.keys.set(key.accessKeyId, key);
    this.addAccount(key.accountId);
  }

  addAccount(accountId: string): void {
    this.accounts.set(accountId, { accountId });
  }

  isKnownAccount(accountId: string): boolean {
    return this.accounts.get(accountId) !== undefined;
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

const sameToken = (key: AccessKey, request: HttpRequest): boolean =>
  key.session?.token === request.headers['x-amz-security-token'];

const unknownKey = (service: 'ec2' | 'sts'): VendorError =>
  service === 'sts'
    ? new VendorError('InvalidClientTokenId', 'The security token included in the request is invalid.')
    : new VendorError('AuthFailure', 'AWS was not able to validate the provided access credentials');

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const identifier = (length: number): string => Array.from(randomBytes(length), (byte) => ALPHABET[byte & 31]).join('');
