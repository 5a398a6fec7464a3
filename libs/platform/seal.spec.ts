/** Sealed secrets open with the right key for the right row, and not otherwise. */
import { describe, expect, it } from 'vitest';
import { open, seal } from './seal.ts';

const KEY = Buffer.alloc(32, 3).toString('base64');

describe('seal', () => {
  it('gives back what was sealed, and never the same bytes twice', () => {
    const [first, second] = [seal(KEY, 'vendor_key:A', 'hush'), seal(KEY, 'vendor_key:A', 'hush')];
    expect(open(KEY, 'vendor_key:A', first)).toBe('hush');
    expect(first.equals(second)).toBe(false);
    expect(first.includes('hush')).toBe(false);
  });

  it('does not open for another row, with another key, or when a bit has changed', () => {
    const sealed = seal(KEY, 'vendor_key:A', 'hush');
    expect(() => open(KEY, 'vendor_key:B', sealed)).toThrow();
    expect(() => open(Buffer.alloc(32, 4).toString('base64'), 'vendor_key:A', sealed)).toThrow();
    const changed = Buffer.from(sealed);
    changed[changed.length - 1]! ^= 1;
    expect(() => open(KEY, 'vendor_key:A', changed)).toThrow();
  });
});
