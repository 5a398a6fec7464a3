/** EC2's filters and pages: values of one filter are alternatives, several filters must all hold, `*` and `?` are wildcards. */
import { VendorError } from '../vendor-error.ts';
import { invalidValue, type FilterInput } from './input.ts';

/** What a filter by this name compares with; a resource may have several values, or none. */
export type FilterFields<T> = Record<string, (item: T) => Array<string | undefined>>;

/**
 * @param tagsOf where `tag:KEY`, `tag-key` and `tag-value` look.
 * @throws VendorError InvalidParameterValue for a filter that the action does not have.
 */
export function filtered<T>(
  items: T[],
  filters: FilterInput,
  fields: FilterFields<T>,
  tagsOf?: (item: T) => Record<string, string>,
): T[] {
  const tests = filters.map(({ Name, Value }) => {
    const valuesOf = Object.hasOwn(fields, Name) ? fields[Name] : tagsOf && tagField(Name, tagsOf);
    if (!valuesOf) throw new VendorError('InvalidParameterValue', `The filter '${Name}' is invalid`);
    const patterns = Value.map(pattern);
    return (item: T) => valuesOf(item).some((value) => value !== undefined && patterns.some((wanted) => wanted.test(value)));
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

export interface Page<T> {
  items: T[];
  nextToken: string | undefined;
}

/**
 * One page of `items`, which are in the order of their numbers. The token carries the last number seen, so that what is
 * created or vanishes between two pages moves nothing else from one page to the other.
 * @throws VendorError InvalidNextToken for a token that was not handed out here.
 */
export function paged<T>(
  items: T[],
  numberOf: (item: T) => number,
  page: PageInput,
  limits = { smallest: 5, largest: 1000 },
): Page<T> {
  const { MaxResults: max, NextToken: token } = page;
  if (max !== undefined && (max < limits.smallest || max > limits.largest)) {
    throw invalidValue('maxResults', max, `Expecting a value between ${limits.smallest} and ${limits.largest}.`);
  }
  const rest = token === undefined ? items : items.filter((item) => numberOf(item) > lastSeen(token));
  const size = max ?? limits.largest;
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  return {
    items: shown,
    nextToken: rest.length > size && last ? Buffer.from(`after ${numberOf(last)}`).toString('base64url') : undefined,
  };
}

export interface PageInput {
  MaxResults?: number | undefined;
  NextToken?: string | undefined;
}

function lastSeen(token: string): number {
  const number = /^after (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (number === undefined) throw new VendorError('InvalidNextToken', 'The specified token is invalid or has expired.');
  return Number(number);
}

function tagField<T>(
  name: string,
  tagsOf: (item: T) => Record<string, string>,
): ((item: T) => Array<string | undefined>) | undefined {
  if (name === 'tag-key') return (item) => Object.keys(tagsOf(item));
  if (name === 'tag-value') return (item) => Object.values(tagsOf(item));
  if (name.startsWith('tag:')) return (item) => [tagsOf(item)[name.slice('tag:'.length)]];
  return undefined;
}

/** A backslash takes the wildcard's meaning away. */
function pattern(value: string): RegExp {
  const source = value.replaceAll(/\\?[\s\S]/g, (part) => {
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    return part.slice(-1).replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source}$`, 'u');
}
