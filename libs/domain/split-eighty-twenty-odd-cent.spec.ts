/** Eighty to the vendor, twenty to the platform, and a cent that does not divide: it follows the rule, and is never lost. */
import { expect, it } from 'vitest';
import { splitLine } from './split.ts';

it('rounds the fee half away from zero and gives the vendor what is left', () => {
  expect(splitLine(3097n, 2000)).toEqual({ fee: 619n, vendor: 2478n }); // 619.4
  expect(splitLine(766n, 2000)).toEqual({ fee: 153n, vendor: 613n }); // 153.2
  expect(splitLine(1n, 2000)).toEqual({ fee: 0n, vendor: 1n }); // 0.2
  expect(splitLine(3n, 5000)).toEqual({ fee: 2n, vendor: 1n }); // 1.5
  expect(splitLine(-3n, 5000)).toEqual({ fee: -2n, vendor: -1n });
});

it('knows the ends: nothing for the platform, or all of it', () => {
  expect(splitLine(3097n, 0)).toEqual({ fee: 0n, vendor: 3097n });
  expect(splitLine(3097n, 10_000)).toEqual({ fee: 3097n, vendor: 0n });
  for (const wrong of [-1, 10_001, 0.5]) expect(() => splitLine(1n, wrong)).toThrow('basis points');
});
