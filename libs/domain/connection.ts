/**
 * Whether a connection to a buyer's AWS account works, judged from what was tried, and when it is to be tried again. Says what is
 * missing in sentences that whoever looks after the account can act on.
 */

/** What came of one test call. `allowed`: EC2 would do it. `missing`: the role may not. */
export type Trial = 'allowed' | 'missing';

/**
 * What EC2's answer to a DryRun call says of the permission. Whatever else is wrong with a test call, such as that there is no
 * such instance, was found after the permission.
 * @param code EC2's error code.
 */
export const judgeTrial = (code: string): Trial => (/^(UnauthorizedOperation|AccessDenied)/.test(code) ? 'missing' : 'allowed');

/** `denied`: AWS does not let us be the role, and does not say why. `platform-may-not`: our own account is not allowed to try. */
export type Assumed = 'yes' | 'denied' | 'platform-may-not';

export interface Findings {
  connection: { roleArn: string; accountId: string; externalId: string };
  /** Our own account, that the role has to trust. */
  platformAccountId: string;
  assumed: Assumed;
  /** Whether AWS lets us be the role without the external id too. */
  assumedWithoutExternalId: boolean;
  /** Whose account we are in as the role; null when we are not. */
  identityAccountId: string | null;
  /** Regions in which the role may look around. */
  regions: string[];
  /** What the role may not do, in the region it was tried in. */
  missing: Array<{ action: string; why: string }>;
}

export interface ConnectionVerdict {
  state: 'ok' | 'failing';
  /** One sentence each; none when it works. */
  problems: string[];
  /** Where machines may be launched through it. */
  regions: string[];
}

export function judgeConnection(findings: Findings): ConnectionVerdict {
  const problems = problemsOf(findings);
  return problems.length > 0 ? { state: 'failing', problems, regions: [] } : { state: 'ok', problems, regions: findings.regions };
}

function problemsOf(findings: Findings): string[] {
  const { connection, platformAccountId, assumed, assumedWithoutExternalId, identityAccountId, regions, missing } = findings;
  const { roleArn, accountId, externalId } = connection;
  if (assumed === 'platform-may-not') {
    return [
      `The marketplace's own AWS account is not allowed to assume roles, so nobody can connect: its operator has to allow sts:AssumeRole.`,
    ];
  }
  if (assumed === 'denied') {
    return [
      `AWS does not let account ${platformAccountId} be the role ${roleArn}. Either there is no such role, or it does not trust arn:aws:iam::${platformAccountId}:root, ` +
        `or its trust policy names another external id than ${externalId}. Make the stack from the template again, or copy the trust policy offered here into the role.`,
    ];
  }
  if (identityAccountId !== accountId) {
    return [
      `The role leads to account ${identityAccountId ?? 'unknown'} and not to ${accountId}: give the ARN of a role in ${accountId}, or connect the other account.`,
    ];
  }
  const problems = missing.map(
    ({ action, why }) => `The role may not ec2:${action} (${why}): add it, or update the stack from the template.`,
  );
  if (assumedWithoutExternalId) {
    problems.push(
      `The role can be assumed without the external id, so other customers of the marketplace could be led to it: ` +
        `add the condition sts:ExternalId = ${externalId} to its trust policy, or update the stack from the template.`,
    );
  }
  if (problems.length === 0 && regions.length === 0) {
    problems.push(
      'None of the regions that are sold here can be used in this account: enable one, or ask for an exception from the policy that closes them.',
    );
  }
  return problems;
}

/** A check as it was written down, and what was asked for since. */
export interface CheckDue {
  /** Null while there is no role to check. */
  roleArn: string | null;
  /** How often a check was asked for. */
  checksAsked: number;
  last: { roleArn: string; answers: number; state: 'ok' | 'failing'; checkedAt: Date } | null;
  /** Whether work on a machine, a volume or a snapshot of this connection was denied since the last check. */
  deniedSince: boolean;
}

/** One that fails is tried this often, so that it is soon seen to be mended. */
export const FAILING_CHECK_HOURS = 1;

/**
 * Whether a connection has to be tried now: when asked to, when its role is another, when a machine's work was denied, and once in a
 * while.
 */
export function isCheckDue({ roleArn, checksAsked, last, deniedSince }: CheckDue, everyHours: number, now: Date): boolean {
  if (!roleArn) return false;
  if (!last || last.roleArn !== roleArn || last.answers < checksAsked) return true;
  if (last.state === 'ok' && deniedSince) return true;
  const hours = last.state === 'ok' ? everyHours : Math.min(everyHours, FAILING_CHECK_HOURS);
  return now.getTime() - last.checkedAt.getTime() >= hours * 3_600_000;
}

/** How a connection stands, for its buyer. `unfinished`: the role is not named yet. `testing`: being tried for the first time or again. */
export type ConnectionState = 'unfinished' | 'testing' | 'ok' | 'failing';

export function connectionState(
  { roleArn, checksAsked }: { roleArn: string | null; checksAsked: number },
  last: { roleArn: string; answers: number; state: 'ok' | 'failing' } | null,
): ConnectionState {
  if (!roleArn) return 'unfinished';
  return !last || last.roleArn !== roleArn || last.answers < checksAsked ? 'testing' : last.state;
}
