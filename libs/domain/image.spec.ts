/** What an image must be before it is sold, and what its copy and its boot test show. */
import { describe, expect, it } from 'vitest';
import type { Machine } from './fleet.ts';
import {
  checkSource,
  judgeBoot,
  judgeCopy,
  LEAST_TRIES,
  noChecks,
  rejectionOf,
  withResults,
  type BootTest,
  type ImageView,
} from './image.ts';

const image: ImageView = {
  imageId: 'ami-0acce550000000001',
  state: 'available',
  stateReason: null,
  rootDeviceType: 'ebs',
  virtualizationType: 'hvm',
  architecture: 'x86_64',
  encrypted: false,
  enaSupport: true,
};
const place = { imageId: image.imageId, region: 'us-east-1' };
const failures = (source: ImageView | 'missing'): string[] =>
  checkSource(source, place)
    .filter((check) => check.result === 'FAIL')
    .map((check) => check.control);

describe('the image of a vendor', () => {
  it('passes every control when it is as it should be', () => expect(failures(image)).toEqual([]));

  const table: Array<[Partial<ImageView>, string]> = [
    [{ state: 'pending' }, 'available'],
    [{ rootDeviceType: 'instance-store' }, 'ebs_root'],
    [{ virtualizationType: 'paravirtual' }, 'hvm'],
    [{ architecture: 'i386' }, 'architecture'],
    [{ encrypted: true }, 'unencrypted'],
    [{ enaSupport: false }, 'ena'],
  ];
  for (const [wrong, control] of table) {
    it(`fails "${control}" when it has ${JSON.stringify(wrong)}`, () =>
      expect(failures({ ...image, ...wrong })).toEqual([control]));
  }

  it('fails by not being there, and the other controls stay open', () => {
    const checks = withResults(noChecks(), checkSource('missing', place));
    expect(checks.map((check) => check.result).slice(0, 2)).toEqual(['FAIL', 'NOT_EXECUTED']);
    expect(rejectionOf(checks)).toContain('not shared');
  });

  it('is told every reason at once', () => {
    expect(rejectionOf(checkSource({ ...image, encrypted: true, enaSupport: false }, place))).toMatch(/encrypted.*ENA/);
  });
});

describe('a copy', () => {
  it('is waited for, taken, or rejected with EC2’s reason', () => {
    expect(judgeCopy({ ...image, state: 'pending' }, 5, 180)).toBe('wait');
    expect(judgeCopy(image, 5, 180)).toMatchObject({ control: 'copies', result: 'PASS' });
    expect(judgeCopy({ ...image, state: 'failed', stateReason: 'No snapshot.' }, 5, 180)).toMatchObject({
      result: 'FAIL',
      reason: 'The copy is failed: No snapshot.',
    });
  });

  it('is gone only when EC2 had the time to show it', () => {
    expect(judgeCopy('missing', 5, 180)).toBe('wait');
    expect(judgeCopy('missing', 181, 180)).toMatchObject({ result: 'FAIL' });
  });
});

describe('a boot test', () => {
  const running: Machine = { state: 'running', launchTime: new Date(0), endedAt: null, address: '198.51.100.7', reason: null, endedBy: null };
  const test = (given: Partial<BootTest>) =>
    judgeBoot({
      machine: running,
      answer: { well: false, said: 'ECONNREFUSED' },
      tries: LEAST_TRIES,
      secondsSinceStart: 301,
      limitSeconds: 300,
      settleSeconds: 180,
      ...given,
    });

  it('is passed by an answer, however late', () =>
    expect(test({ answer: { well: true, said: '200' } })).toMatchObject({ result: 'PASS' }));
  it('is given up when both its time and its tries are over', () => {
    expect(test({ secondsSinceStart: 299, tries: 99 })).toBe('wait');
    expect(test({ tries: LEAST_TRIES - 1 })).toBe('wait');
    expect(test({})).toMatchObject({
      result: 'FAIL',
      reason: 'It did not boot: after 300 seconds its health check said: ECONNREFUSED.',
    });
    expect(test({ machine: { ...running, state: 'pending' }, answer: null })).toMatchObject({
      reason: expect.stringContaining('still pending'),
    });
  });
  it('is failed by a machine that goes by itself', () => {
    const ended: Machine = { ...running, state: 'terminated', reason: 'Client.VolumeLimitExceeded' };
    expect(test({ machine: ended, answer: null, secondsSinceStart: 1 })).toMatchObject({
      reason: 'It did not boot: the machine is terminated (Client.VolumeLimitExceeded).',
    });
  });
  it('waits for a machine that EC2 does not show yet', () => {
    expect(test({ machine: 'missing', answer: null, secondsSinceStart: 1 })).toBe('wait');
    expect(test({ machine: 'missing', answer: null, secondsSinceStart: 181 })).toMatchObject({ result: 'FAIL' });
  });
});
