/** EC2's filters and pages: values of one filter are alternatives, several filters must all hold, `*` and `?` are wildcards. */
import { VendorError } from '../vendor-error.ts';
import { invalidValue, type FilterInput } from './input.ts';

/** What a filter by this name compares with; a resource may have several values, or none. */
export type FilterFields<T> = Record<string, (item: T) => Array<string | undefined>>;

/**
 * Whether an item passes all the filters.
 * @param tagsOf where `tag:KEY`, `tag-key` and `tag-value` look.
 * @throws VendorError InvalidParameterValue for a filter that the action does not have.
 */
export function testOf<T>(
  filters: FilterInput,
  fields: FilterFields<T>,
  tagsOf?: (item: T) => Record<string, string>,
): (item: T) => boolean {
  const tests = filters.map(({ Name, Value }) => {
    const valuesOf = Object.hasOwn(fields, Name) ? fields[Name] : tagsOf && tagField(Name, tagsOf);
    if (!valuesOf) throw new VendorError('InvalidParameterValue', `The filter '${Name}' is invalid`);
    const patterns = Value.map(pattern);
    return (item: T) => valuesOf(item).some((value) => value !== undefined && patterns.some((wanted) => wanted.test(value)));
  });
  return (item) => tests.every((test) => test(item));
}

/** The items that pass all the filters; see `testOf`. */
export const filtered = <T>(
  items: readonly T[],
  filters: FilterInput,
  fields: FilterFields<T>,
  tagsOf?: (item: T) => Record<string, string>,
): T[] => items.filter(testOf(filters, fields, tagsOf));

/** The values that a filter names outright, without a wildcard; undefined when it does not, or is not there. */
export function namedBy(filters: FilterInput, name: (name: string) => boolean): { Name: string; Value: string[] } | undefined {
  return filters.find((filter) => name(filter.Name) && filter.Value.every((value) => !/[*?\\]/.test(value)));
}

/** Each once and in the order of the numbers, as pages need it. */
export const byNumber = <T extends { number: number }>(items: Array<T | undefined>): T[] =>
  [...new Set(items.filter((item) => item !== undefined))].sort((a, b) => a.number - b.number);

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
  items: readonly T[],
  numberOf: (item: T) => number,
  page: PageInput,
  { smallest = 5, largest = 1000, test }: PageRules<T> = {},
): Page<T> {
  const { MaxResults: max, NextToken: token } = page;
  if (max !== undefined && (max < smallest || max > largest)) {
    throw invalidValue('maxResults', max, `Expecting a value between ${smallest} and ${largest}.`);
  }
  const after = token === undefined ? -1 : lastSeen(token);
  const size = max ?? largest;
  const shown: T[] = [];
  for (const item of items) {
    if (numberOf(item) <= after || test?.(item) === false) continue;
    const last = shown.at(-1);
    if (shown.length === size && last !== undefined) {
      return { items: shown, nextToken: Buffer.from(`after ${numberOf(last)}`).toString('base64url') };
    }
    shown.push(item);
  }
  return { items: shown, nextToken: undefined };
}

export interface PageRules<T> {
  smallest?: number;
  largest?: number;
  /** What is shown at all; asked only until the page is full. */
  test?: (item: T) => boolean;
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
