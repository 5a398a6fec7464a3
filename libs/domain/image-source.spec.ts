/** What a vendor's image must be before it is sold, as far as EC2's description of it tells. */
import { describe, expect, it } from 'vitest';
import { checkSource, ROOT_GIB, type SourcePlace } from './image-source.ts';
import { noChecks, rejectionOf, SOURCE_CONTROLS, withResults, type Check, type ImageView } from './image.ts';

const NOW = new Date('2026-01-05T09:00:00Z');
const image: ImageView = {
  imageId: 'ami-0acce550000000001',
  name: 'acme-vault-on-debian-12',
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
const place: SourcePlace = { imageId: image.imageId, region: 'us-east-1', whose: 'vendor', operatingSystem: null };
const failures = (source: ImageView | 'missing'): string[] =>
  checkSource(source, place, NOW)
    .filter((check) => check.result === 'FAIL')
    .map((check) => check.control);
const system = (given: Partial<SourcePlace>, source: Partial<ImageView> = {}): Check | undefined =>
  checkSource({ ...image, name: 'acme-vault', ...source }, { ...place, ...given }, NOW).find(
    (check) => check.control === 'supported_os',
  );

describe('the image of a vendor', () => {
  it('passes every control when it is as it should be', () => {
    const checks = checkSource(image, place, NOW);
    expect(checks.map((check) => check.control)).toEqual([...SOURCE_CONTROLS]);
    expect(new Set(checks.map((check) => check.result))).toEqual(new Set(['PASS']));
  });

  const table: Array<[Partial<ImageView>, string]> = [
    [{ state: 'pending' }, 'available'],
    [{ rootDeviceType: 'instance-store' }, 'ebs_root'],
    [{ virtualizationType: 'paravirtual' }, 'hvm'],
    [{ architecture: 'i386' }, 'architecture'],
    [{ encrypted: true }, 'unencrypted'],
    [{ enaSupport: false }, 'ena'],
    [{ productCodes: ['abc123'] }, 'product_codes'],
    [{ rootGib: 0 }, 'root_size'],
    [{ rootGib: ROOT_GIB.most + 1 }, 'root_size'],
    [{ name: 'acme-vault-on-debian-9' }, 'supported_os'],
  ];
  for (const [wrong, control] of table) {
    it(`fails "${control}" when it has ${JSON.stringify(wrong)}`, () =>
      expect(failures({ ...image, ...wrong })).toEqual([control]));
  }

  it('is not blamed for what EC2 does not say, nor for a missing mark', () => {
    const checks = checkSource({ ...image, rootGib: null, imdsSupport: null }, place, NOW);
    const open = checks.filter((check) => check.result === 'NOT_EXECUTED');
    expect(open.map((check) => check.control)).toEqual(['imds_v2', 'root_size']);
    expect(open[0]?.reason).toContain('the boot test shows whether it works so');
  });

  it('fails by not being there, and the other controls stay open', () => {
    const checks = withResults(noChecks(), checkSource('missing', place, NOW));
    expect(checks.map((check) => check.result).slice(0, 2)).toEqual(['FAIL', 'NOT_EXECUTED']);
    expect(rejectionOf(checks)).toContain('not shared');
    expect(rejectionOf(checkSource('missing', { ...place, whose: 'ours' }, NOW))).toContain('our copy in us-east-1, is gone');
  });

  it('is told every reason at once', () => {
    expect(rejectionOf(checkSource({ ...image, encrypted: true, enaSupport: false }, place, NOW))).toMatch(/encrypted.*ENA/);
  });

  it('has an operating system that is mended, that no longer is, or that nobody knows', () => {
    expect(system({ operatingSystem: 'Ubuntu 24.04' })).toMatchObject({
      result: 'PASS',
      reason: expect.stringContaining('2029-05-31'),
    });
    expect(system({ operatingSystem: 'Ubuntu 20.04 LTS' })).toMatchObject({
      result: 'FAIL',
      reason: expect.stringMatching(/^Ubuntu 20\.04 has not been mended since 2025-05-31 \(https:/),
    });
    expect(system({})).toMatchObject({ result: 'NOT_EXECUTED' });
    expect(system({}, { platformDetails: 'Windows' })?.result).toBe('NOT_EXECUTED');
  });

  it('is not believed when it says one system and its name another that has ended', () => {
    expect(system({ operatingSystem: 'Debian 12' }, { name: 'debian-9-amd64' })).toMatchObject({
      result: 'FAIL',
      reason: expect.stringContaining('Debian 9'),
    });
  });
});
