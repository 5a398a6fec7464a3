/** STS: who am I, and let me be that role for a while. */
import { z } from 'zod';
import { arnOf, type Caller, type Credentials } from '../credentials.ts';
import { integer, readInput, text, type Problem } from '../ec2/input.ts';
import type { Parameters } from '../ec2/query.ts';
import type { XmlObject } from '../ec2/xml.ts';
import { VendorError } from '../vendor-error.ts';

export interface StsCall {
  caller: Caller;
  credentials: Credentials;
}
export type StsAction = (call: StsCall, parameters: Parameters) => XmlObject;

const assumeRole = z.strictObject({
  RoleArn: text.regex(/^arn:aws:iam::\d{12}:role\/.+$/, 'a role ARN is expected'),
  RoleSessionName: text.regex(/^[\w+=,.@-]{2,64}$/, '2 to 64 characters of [\\w+=,.@-] are expected'),
  ExternalId: text.regex(/^[\w+=,.@:/-]{2,1224}$/, '2 to 1224 characters of [\\w+=,.@:\\/-] are expected').optional(),
  DurationSeconds: integer.pipe(z.number().min(900).max(43_200)).default(3600),
});

export const stsActions: Record<string, StsAction> = {
  GetCallerIdentity: ({ caller }, parameters) => {
    readInput(z.strictObject({}), parameters, refused);
    const { key } = caller;
    return {
      Arn: arnOf(caller),
      UserId: key.session ? `${key.session.roleId}:${key.session.name}` : `AIDA${key.accessKeyId.slice(4)}`,
      Account: key.accountId,
    };
  },

  AssumeRole: ({ caller, credentials }, parameters) => {
    const asked = readInput(assumeRole, parameters, refused);
    const accountId = asked.RoleArn.split(':')[4] ?? '';
    if (!credentials.trusts(caller, asked.RoleArn, asked.ExternalId)) {
      throw new VendorError(
        'AccessDenied',
        `User: ${arnOf(caller)} is not authorized to perform: sts:AssumeRole on resource: ${asked.RoleArn}`,
      );
    }
    const expiresAt = Math.floor(Date.now() / 1000) * 1000 + asked.DurationSeconds * 1000;
    const session = { expiresAt, roleArn: asked.RoleArn, name: asked.RoleSessionName, externalId: asked.ExternalId };
    const opened = credentials.openSession(session, accountId);
    return {
      Credentials: {
        AccessKeyId: opened.accessKeyId,
        SecretAccessKey: opened.secretAccessKey,
        SessionToken: opened.session.token,
        Expiration: new Date(expiresAt),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${opened.session.roleId}:${asked.RoleSessionName}`,
        Arn: arnOf({ ...caller, key: opened }),
      },
    };
  },
};

/** STS has one code for whatever is wrong with the input. */
const refused = ({ kind, parameter, value, reason }: Problem): VendorError => {
  if (kind === 'invalid') {
    return new VendorError(
      'ValidationError',
      `1 validation error detected: Value '${value ?? ''}' at '${parameter}' failed to satisfy constraint: ${reason}`,
    );
  }
  return new VendorError(
    'ValidationError',
    `1 validation error detected: ${parameter} is ${kind === 'missing' ? 'missing' : 'not a member of the request'}`,
  );
};
