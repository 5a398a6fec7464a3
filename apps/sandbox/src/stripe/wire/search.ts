/** Stripe's search: `metadata['op_id']:'…' AND status:'succeeded'` over intents, charges and customers. */
import type { Shelf } from '../kept/shelf.ts';
import type { StripeState } from '../state.ts';
import { invalid } from './errors.ts';
import { type Route, route } from './route.ts';
import { pages, text } from './rules.ts';

const query = { limit: pages.limit, page: text.optional(), query: text };

export function searchRoutes(state: StripeState): Route[] {
  return [
    searchRoute('GET /v1/payment_intents/search', state.paymentIntents),
    searchRoute('GET /v1/charges/search', state.charges),
    searchRoute('GET /v1/customers/search', state.customers),
  ];
}

function searchRoute<T extends { id: string }>(address: `GET /v1/${string}`, shelf: Shelf<T>): Route {
  return route(address, query, (params, { owner }) => {
    const clauses = parseQuery(params.query);
    // Metadata is what a lost object is looked for by; it has lists of its own.
    const tag = clauses.find((clause) => clause.key !== undefined);
    const candidates = tag ? shelf.tagged(owner, tag.key!, tag.value) : shelf.of(owner);
    const start = Number(params.page ?? 0);
    const end = start + (params.limit ?? 10);
    const found: T[] = [];
    for (const object of candidates) {
      if (!clauses.every((clause) => holds(clause, object))) continue;
      found.push(object);
      if (found.length > end) break;
    }
    const hasMore = found.length > end;
    const next = hasMore ? String(end) : null;
    return { object: 'search_result', data: found.slice(start, end), has_more: hasMore, next_page: next, url: address.slice(4) };
  });
}

interface Clause {
  field: string;
  /** The key, when the field is metadata. */
  key?: string;
  value: string;
}

const CLAUSE =
  /^\s*(?<field>\w+)(?:\[(?<q>["'])(?<key>.+?)\k<q>\])?:(?:(?<p>["'])(?<text>.*?)\k<p>|(?<number>\d+))\s*(?:AND\b|$)/i;

/** @throws StripeRefusal 400 for what this sandbox cannot search: OR, negation, comparison, substrings. */
function parseQuery(source: string): Clause[] {
  const clauses: Clause[] = [];
  let rest = source;
  while (rest.trim() !== '') {
    const match = CLAUSE.exec(rest);
    if (!match?.groups) throw invalid(`The sandbox cannot read this search query at: ${rest}`, { param: 'query' });
    const { field, key, text, number } = match.groups;
    clauses.push({ field: field!, key, value: text ?? number! });
    rest = rest.slice(match[0].length);
  }
  return clauses;
}

function holds({ field, key, value }: Clause, object: object): boolean {
  const found = (object as Record<string, unknown>)[field];
  return String(key ? (found as Record<string, string> | undefined)?.[key] : found) === value;
}
