/** Where a list goes on, sealed: a caller can neither read nor change it, nor use it for another list than it was given for. */
import { open, seal } from '#platform/seal.ts';
import type { Place } from '../../entitlements.ts';
import { invalidParameter } from './entitlements.schema.ts';

/** @param list everything that makes the list this one: whose, of what, filtered how. */
export const nextToken = (key: string, list: string, { subscriptionId, dimension }: Place): string =>
  seal(key, contextOf(list), JSON.stringify([subscriptionId, dimension])).toString('base64url');

/** @throws WireError InvalidParameterException when the token was not given for this list. */
export function placeOf(key: string, list: string, token: string): Place {
  try {
    const [subscriptionId, dimension] = JSON.parse(open(key, contextOf(list), Buffer.from(token, 'base64url'))) as [
      string,
      string,
    ];
    return { subscriptionId, dimension };
  } catch {
    throw invalidParameter('NextToken is not one that this request was answered with before; begin again without it.');
  }
}

const contextOf = (list: string): string => `next_token:${list}`;
