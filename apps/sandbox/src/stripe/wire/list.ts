/** Lists as Stripe pages them: newest first, by cursor, ten at a time, at most a hundred. The paging itself is the shelf's. */
import { invalid, type StripeRefusal } from './errors.ts';

export interface Paging {
  limit?: number;
  starting_after?: string;
  ending_before?: string;
  created?: Instants;
}

/** Unix seconds, or a range of them. */
export type Instants = number | { gt?: number; gte?: number; lt?: number; lte?: number };

export interface StripeList<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

export const wrongCursor = (param: string, noun = '', id = ''): StripeRefusal =>
  param === 'both'
    ? invalid('You can give one of starting_after and ending_before, not both.')
    : invalid(`No such ${noun}: '${id}'`, { code: 'resource_missing', param });

/** @param asked undefined asks for nothing. */
export const isWithin = (asked: Instants | undefined, object: object): boolean =>
  asked === undefined || contains(asked, (object as { created: number }).created);

export function contains(asked: Instants, instant: number): boolean {
  if (typeof asked === 'number') return instant === asked;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = asked;
  return instant > gt && instant >= gte && instant < lt && instant <= lte;
}

/** A list inside an object, or one that is always short. */
export const wholeList = <T>(url: string, data: T[]): StripeList<T> => ({ object: 'list', data, has_more: false, url });
