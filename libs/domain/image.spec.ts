/** The controls of an image, taken together, and what its copy shows. */
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import {
  checkUnchanged,
  CONTROLS,
  copyProgress,
  digestIn,
  fail,
  judgeCopy,
  noChecks,
  notExecuted,
  pass,
  rejectionOf,
  withResults,
  withSeen,
  type ImageView,
} from './image.ts';

const image: ImageView = {
  imageId: 'ami-0acce550000000001',
  name: 'acme-vault-1.0.0',
  description: '',
  state: 'available',
  stateReason: null,
  rootDeviceType: 'ebs',
  virtualizationType: 'hvm',
  architecture: 'x86_64',
  platformDetails: 'Linux/UNIX',
  encrypted: false,
  enaSupport: true,
  imdsSupport: 'v2.0',
  productCodes: [],
  rootGib: 8,
  snapshotIds: ['snap-0000000000000000a'],
};

describe('the controls of an image', () => {
  it('are all open before anybody looked, and say why where nobody can', () => {
    const open = noChecks();
    expect(open.map((check) => check.control)).toEqual([...CONTROLS]);
    expect(new Set(open.map((check) => check.result))).toEqual(new Set(['NOT_EXECUTED']));
    expect(open.find((check) => check.control === 'authorized_keys')?.reason).toContain('Not visible from outside');
    expect(open.find((check) => check.control === 'shell_history')?.reason).toContain('it would take a login');
  });

  it('keep their order whatever is found first, and gain those that were added since', () => {
    const old = [pass('ena', 'ENA.'), pass('exists', 'There.')];
    const checks = withResults(old, [fail('boots', 'It did not boot.')]);
    expect(checks.map((check) => check.control)).toEqual([...CONTROLS]);
    expect(checks.filter((check) => check.result !== 'NOT_EXECUTED').map((check) => check.control)).toEqual([
      'exists',
      'ena',
      'boots',
    ]);
  });

  it('keep what an earlier run found where a later one did not look', () => {
    const failed = withResults(noChecks(), [fail('open_ports', 'Port 6379 answers.')]);
    expect(rejectionOf(withSeen(failed, [notExecuted('open_ports', 'Not part of this run.')]))).toBe('Port 6379 answers.');
    expect(rejectionOf(withSeen(failed, [pass('open_ports', 'None answers.')]))).toBeNull();
  });

  it('tell every reason at once', () => {
    expect(rejectionOf([fail('unencrypted', 'Encrypted.'), pass('hvm', 'HVM.'), fail('ena', 'No ENA.')])).toBe(
      'Encrypted. No ENA.',
    );
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

  it('has come as far as its bytes, and to 100 when it can be launched', () => {
    const of = (sizeGib: number, percent: number | null) => ({ snapshotId: 'snap-1', sizeGib, percent });
    const pending: ImageView = { ...image, state: 'pending' };
    expect(copyProgress(pending, [])).toBeNull();
    expect(copyProgress('missing', [of(8, null)])).toBeNull();
    expect(copyProgress(pending, [of(30, 10), of(10, 90)])).toBe(30);
    expect(copyProgress(pending, [of(8, 100)])).toBe(99);
    expect(copyProgress(image, [])).toBe(100);
  });

  it('never shows less than 0 or more than 99 percent while it is pending', () => {
    const snapshots = fc.array(
      fc.record({
        snapshotId: fc.string(),
        sizeGib: fc.integer({ min: 1, max: 65_536 }),
        percent: fc.option(fc.integer({ min: 0, max: 100 })),
      }),
    );
    fc.assert(
      fc.property(snapshots, (all) => {
        const percent = copyProgress({ ...image, state: 'pending' }, all);
        return percent === null || (Number.isInteger(percent) && percent >= 0 && percent <= 99);
      }),
    );
  });

  it('is still what was tested, or it says what it is instead', () => {
    const tested = { imageId: image.imageId, snapshotIds: ['snap-2', 'snap-1'] };
    expect(checkUnchanged({ ...image, snapshotIds: ['snap-1', 'snap-2'] }, tested).result).toBe('PASS');
    expect(checkUnchanged({ ...image, snapshotIds: ['snap-3'] }, tested)).toMatchObject({
      result: 'FAIL',
      reason: expect.stringContaining('snap-3; tested was ami-0acce550000000001'),
    });
    expect(checkUnchanged('missing', tested)).toMatchObject({ result: 'FAIL', reason: expect.stringContaining('is gone') });
  });
});

it('reads the digest that a vendor wrote into the description', () => {
  const digest = `sha256:${'a1'.repeat(32)}`;
  expect(digestIn(`Acme Vault 1.0.0 ${digest.toUpperCase().replace('SHA256', 'sha256')}, signed`)).toBe(digest);
  expect(digestIn('Acme Vault 1.0.0 sha256:abc')).toBeNull();
});
