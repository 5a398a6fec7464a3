import { describe, expect, it } from 'vitest';
import {
  BUYER_PERMISSIONS,
  buyerPolicy,
  PERMISSIONS,
  platformPolicy,
  PROBE,
  trustPolicy,
  type Policy,
  type Statement,
} from './aws-access.ts';

const GLOBEX = '333344445555';
const PLATFORM = '111122223333';
const CONNECTION = '019b8c2e-7d00-7000-8000-000000000001';
const policy = buyerPolicy({ accountId: GLOBEX, platformAccountId: PLATFORM, connectionId: CONNECTION });

const listOf = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());
const actionsOf = ({ Statement }: Policy): string[] => [...new Set(Statement.flatMap(({ Action }) => listOf(Action)))].sort();
const allowing = (action: string, { Statement }: Policy = policy): Statement[] =>
  Statement.filter(({ Action }) => listOf(Action).includes(`ec2:${action}`));

describe("the policy of a buyer's role", () => {
  it('allows what the launcher calls in buyers’ accounts, with the tags that it makes, and nothing more', () => {
    const expected = [...BUYER_PERMISSIONS.map(({ action }) => `ec2:${action}`), 'ec2:CreateTags'].sort();
    expect(actionsOf(policy)).toEqual([...new Set(expected)]);
    expect(actionsOf(policy)).not.toContain('ec2:ModifyImageAttribute');
    expect(JSON.stringify(policy)).not.toContain('"ec2:*"');
  });

  it('lets everything be touched only where EC2 knows no narrower word', () => {
    const everything = policy.Statement.filter(({ Resource }) => listOf(Resource).includes('*')).flatMap(({ Action }) =>
      listOf(Action),
    );
    expect(everything.filter((action) => !action.startsWith('ec2:Describe'))).toEqual([]);
  });

  it('makes machines with the tag of this connection, of images of the marketplace', () => {
    const [made, image, used] = ['Make', 'Launch', 'Use'].map((sid) =>
      allowing('RunInstances').find(({ Sid }) => Sid.startsWith(sid))!,
    );
    expect(made).toMatchObject({
      Resource: [`arn:aws:ec2:*:${GLOBEX}:instance/*`, `arn:aws:ec2:*:${GLOBEX}:volume/*`],
      Condition: { StringEquals: { 'aws:RequestTag/slipway:connection': CONNECTION } },
    });
    expect(image).toMatchObject({ Resource: ['arn:aws:ec2:*::image/*'], Condition: { StringEquals: { 'ec2:Owner': PLATFORM } } });
    expect(used!.Condition).toBeUndefined();
  });

  it('starts, stops and ends only machines that carry the tag of this connection', () => {
    for (const action of ['StartInstances', 'StopInstances', 'TerminateInstances', 'GetConsoleOutput']) {
      const [kept, probe, ...more] = allowing(action);
      expect(more).toEqual([]);
      expect(kept).toMatchObject({
        Resource: [`arn:aws:ec2:*:${GLOBEX}:instance/*`],
        Condition: { StringEquals: { 'aws:ResourceTag/slipway:connection': CONNECTION } },
      });
      expect(probe!.Resource).toContain(`arn:aws:ec2:*:${GLOBEX}:instance/${PROBE.instance}`);
    }
  });

  it('tags in the call that makes, so that nothing of the buyer’s can be made ours', () => {
    const tagging = allowing('CreateTags');
    for (const { Sid, Condition } of tagging)
      // In the call that makes it, on what is ours already, or on what is not there.
      expect([Sid, ...Object.keys(Condition?.StringEquals ?? {})]).toSatisfy(
        (bounds: string[]) =>
          bounds.includes('ec2:CreateAction') ||
          bounds.includes('aws:ResourceTag/slipway:connection') ||
          bounds.includes('TestOnWhatIsNotThere'),
      );
    const making = tagging.find(({ Condition }) => Condition?.StringEquals?.['ec2:CreateAction']);
    expect(making!.Condition!.StringEquals!['ec2:CreateAction']).toEqual(expect.arrayContaining(['RunInstances']));
  });

  it('allows without condition only what nothing has', () => {
    const open = policy.Statement.find(({ Sid }) => Sid === 'TestOnWhatIsNotThere')!;
    for (const resource of listOf(open.Resource)) expect(resource).toMatch(/\/[a-z]+-0{17}$/);
  });

  it('has the form that IAM asks for, and fits into a managed policy', () => {
    for (const written of [policy, platformPolicy(PLATFORM)]) {
      const sids = written.Statement.map(({ Sid }) => Sid);
      expect(new Set(sids).size).toBe(sids.length);
      for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
      for (const resource of written.Statement.flatMap(({ Resource }) => listOf(Resource))) {
        expect(resource).toMatch(/^(\*|arn:aws:(ec2:\*:(\d{12})?:[a-z-]+\/[\w*-]+|iam::\*:role\/\*))$/);
      }
      // IAM counts without white space: 6,144 for a managed policy.
      expect(JSON.stringify(written).length).toBeLessThan(6_144);
    }
  });
});

describe("the policy of the marketplace's own account", () => {
  it('allows what is called there, and to be buyers’ roles', () => {
    const own = PERMISSIONS.map(({ action }) => `ec2:${action}`);
    expect(actionsOf(platformPolicy(PLATFORM))).toEqual([...own, 'sts:AssumeRole'].sort());
  });
});

it('trusts the marketplace’s account for those who name the external id', () => {
  expect(trustPolicy({ platformAccountId: PLATFORM, externalId: 'slipway-abc' })).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Slipway',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${PLATFORM}:root` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'slipway-abc' } },
      },
    ],
  });
});

it('lists actions once, in order, each with what it is for', () => {
  const actions = PERMISSIONS.map(({ action }) => action);
  expect(actions).toEqual([...new Set(actions)].sort());
  for (const { why } of PERMISSIONS) expect(why).toMatch(/^to [a-z]/);
});
