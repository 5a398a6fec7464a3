/**
 * Public addresses. On this machine they are loopback addresses, one for each instance, so that a launched appliance can
 * really be called there.
 */
import type { World } from './world.ts';

/** 127.16.0.1, 127.16.0.2 … 127.31.255.254, and round again; or the one address that all must share. */
export function nextPublicAddress(world: World): string {
  if (world.sharedAddress) return world.sharedAddress;
  const number = (world.store.next('public-address') - 1) % (2 ** 20 - 2);
  const bits = number + 1;
  return `127.${16 + (bits >> 16)}.${(bits >> 8) & 255}.${bits & 255}`;
}
