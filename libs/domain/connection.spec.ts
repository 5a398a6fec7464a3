import { describe, expect, it } from 'vitest';
import { connectionState, isCheckDue, judgeConnection, judgeTrial, type Findings } from './connection.ts';

const connection = { roleArn: 'arn:aws:iam::333344445555:role/slipway', accountId: '333344445555', externalId: 'slipway-abc' };
const fine: Findings = {
  connection,
  platformAccountId: '111122223333',
  assumed: 'yes',
  assumedWithoutExternalId: false,
  identityAccountId: '333344445555',
  regions: ['us-east-1', 'eu-west-1'],
  missing: [],
};
const problemsOf = (changes: Partial<Findings>): string[] => judgeConnection({ ...fine, ...changes }).problems;

it('works when the role can be assumed, is of the right account and may do what is needed', () => {
  expect(judgeConnection(fine)).toEqual({ state: 'ok', problems: [], regions: ['us-east-1', 'eu-west-1'] });
});

describe('what is missing is said in a sentence', () => {
  it('a permission', () => {
    const missing = [{ action: 'StopInstances', why: 'to stop machines' }];
    expect(judgeConnection({ ...fine, missing })).toEqual({
      state: 'failing',
      problems: ['The role may not ec2:StopInstances (to stop machines): add it, or update the stack from the template.'],
      regions: [],
    });
  });

  it('the role, its trust or the external id, which AWS does not tell apart', () => {
    const [problem, ...more] = problemsOf({ assumed: 'denied', identityAccountId: null });
    expect(more).toEqual([]);
    for (const fact of [connection.roleArn, 'arn:aws:iam::111122223333:root', 'slipway-abc']) expect(problem).toContain(fact);
  });

  it('the right account', () => {
    expect(problemsOf({ identityAccountId: '999988887777' })).toEqual([
      expect.stringContaining('leads to account 999988887777 and not to 333344445555'),
    ]);
  });

  it('an external id that is not asked for, since anybody could name the role then', () => {
    expect(problemsOf({ assumedWithoutExternalId: true })).toEqual([expect.stringContaining('sts:ExternalId = slipway-abc')]);
  });

  it('a region', () => {
    expect(problemsOf({ regions: [] })).toEqual([expect.stringContaining('None of the regions')]);
  });

  it('and what the operator has to do is not asked of the buyer', () => {
    expect(problemsOf({ assumed: 'platform-may-not' })).toEqual([
      expect.stringContaining('its operator has to allow sts:AssumeRole'),
    ]);
  });
});

it('takes only a refusal for a missing permission, for what is wrong with a test call is found later', () => {
  expect(['UnauthorizedOperation', 'AccessDenied'].map(judgeTrial)).toEqual(['missing', 'missing']);
  for (const code of ['DryRunOperation', 'InvalidInstanceID.NotFound', 'VPCIdNotSpecified'])
    expect(judgeTrial(code)).toBe('allowed');
});

describe('a check', () => {
  const now = new Date('2026-01-06T09:00:00Z');
  const { roleArn } = connection;
  const last = { roleArn, answers: 2, state: 'ok' as const, checkedAt: new Date('2026-01-05T10:00:00Z') };
  const due = (changes: object): boolean =>
    isCheckDue({ roleArn, checksAsked: 2, last, deniedSince: false, ...changes }, 24, now);

  it('is due when there was none, when asked for, for another role, after a denial, and once a day', () => {
    expect(due({})).toBe(false);
    expect(due({ last: null })).toBe(true);
    expect(due({ checksAsked: 3 })).toBe(true);
    expect(due({ roleArn: `${roleArn}-2` })).toBe(true);
    expect(due({ deniedSince: true })).toBe(true);
    expect(due({ last: { ...last, checkedAt: new Date('2026-01-05T09:00:00Z') } })).toBe(true);
  });

  it('is repeated every hour while it fails, and not for each machine that is denied because of it', () => {
    const failing = { ...last, state: 'failing' };
    expect(due({ last: { ...failing, checkedAt: new Date('2026-01-06T08:00:00Z') } })).toBe(true);
    expect(due({ last: { ...failing, checkedAt: new Date('2026-01-06T08:01:00Z') }, deniedSince: true })).toBe(false);
  });

  it('is never due before there is a role', () => {
    expect(due({ roleArn: null, last: null })).toBe(false);
  });

  it('counts for the role that it tried, once every request for it is answered', () => {
    const ok = { roleArn, answers: 2, state: 'ok' as const };
    expect(connectionState({ roleArn: null, checksAsked: 0 }, null)).toBe('unfinished');
    expect(connectionState({ roleArn, checksAsked: 1 }, null)).toBe('testing');
    expect(connectionState({ roleArn, checksAsked: 2 }, ok)).toBe('ok');
    expect(connectionState({ roleArn, checksAsked: 3 }, ok)).toBe('testing');
    expect(connectionState({ roleArn: `${roleArn}-2`, checksAsked: 2 }, ok)).toBe('testing');
  });
});
