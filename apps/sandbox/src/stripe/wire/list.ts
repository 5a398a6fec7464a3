/** Lists as Stripe pages them: newest first, by cursor, ten at a time, at most a hundred. */
import { invalid } from './errors.ts';

export interface Paging {
  limit?: number;
  starting_after?: string;
  ending_before?: string;
  created?: number | Bounds;
}

interface Bounds {
  gt?: number;
  gte?: number;
  lt?: number;
  lte?: number;
}

export interface StripeList<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

/** @param newestFirst already filtered by what the list's own parameters say. */
export function page<T extends { id: string; created: number }>(url: string, newestFirst: T[], paging: Paging): StripeList<T> {
  const items = newestFirst.filter((item) => isWithin(paging.created, item.created));
  const limit = paging.limit ?? 10;
  if (paging.ending_before) {
    const before = items.slice(0, indexOf(items, paging.ending_before, 'ending_before'));
    return { object: 'list', data: before.slice(-limit), has_more: before.length > limit, url };
  }
  const rest = paging.starting_after ? items.slice(indexOf(items, paging.starting_after, 'starting_after') + 1) : items;
  return { object: 'list', data: rest.slice(0, limit), has_more: rest.length > limit, url };
}

function indexOf(items: { id: string }[], id: string, param: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw invalid(`No such object: '${id}'`, { code: 'resource_missing', param });
  return index;
}

function isWithin(created: number | Bounds | undefined, instant: number): boolean {
  if (created === undefined) return true;
  if (typeof created === 'number') return instant === created;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = created;
  return instant > gt && instant >= gte && instant < lt && instant <= lte;
}
