/** What is written on volumes and kept in snapshots: the data of the appliances, by key, in base64. */
import type { World } from './world.ts';

export type Contents = Record<string, string>;

export const contentsOf = (world: World, id: string): Contents => world.contents.get(id) ?? {};

/** A snapshot takes what its volume holds at that instant; a volume made of it starts with that. */
export function copyContents(world: World, from: string, to: string): void {
  const contents = world.contents.get(from);
  if (contents) world.contents.set(to, contents);
}
