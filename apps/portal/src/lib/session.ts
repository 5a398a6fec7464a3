/** Who is looking: the signed-in person and the company they act for. Signing in and companies go through /v1/auth. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, ask, type Schemas } from './api.ts';
import { asProblem, Problem, problemOf } from './problem.ts';
import { queryClient } from './query-client.ts';

export type Me = Schemas['Me'];
export type AccountKind = Me['organization']['kind'];

/** Null for a visitor, and for a person without a company. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: 60_000,
  queryFn: async (): Promise<Me | null> => {
    try {
      return await ask(api.GET('/v1/me'));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
});

export const useMe = (): Me | null => useQuery(meQuery).data ?? null;

export interface Company {
  id: string;
  name: string;
  slug: string;
  kind: AccountKind;
}

export interface NewCompany {
  company: string;
  kind: 'buyer' | 'vendor';
  awsAccountId: string;
}

/** Signs a person in and acts for their first company. @returns its kind; null when they have none yet. */
export async function signIn(email: string, password: string): Promise<AccountKind | null> {
  await call('POST', 'sign-in/email', { email, password });
  const [first] = await companies();
  if (first) await call('POST', 'organization/set-active', { organizationId: first.id });
  await forgetEverything();
  return first?.kind ?? null;
}

export async function signUp(person: { name: string; email: string; password: string }): Promise<void> {
  await call('POST', 'sign-up/email', person);
}

/** Opens a company for the signed-in person, who acts for it from now on. A taken short name gets a few digits. */
export async function openCompany({ company, kind, awsAccountId }: NewCompany): Promise<void> {
  const slug =
    company
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'company';
  const body = { name: company, kind, ...(awsAccountId ? { awsAccountId } : {}) };
  try {
    await call('POST', 'organization/create', { ...body, slug });
  } catch (error) {
    if (!(error instanceof Problem && error.code.startsWith('ORGANIZATION_'))) throw error;
    await call('POST', 'organization/create', {
      ...body,
      slug: `${slug}-${crypto.getRandomValues(new Uint32Array(1))[0]! % 10_000}`,
    });
  }
  await forgetEverything();
}

export const companies = async (): Promise<Company[]> => (await call<Company[] | null>('GET', 'organization/list')) ?? [];

export async function actFor(organizationId: string): Promise<void> {
  await call('POST', 'organization/set-active', { organizationId });
  await forgetEverything();
}

export async function signOut(): Promise<void> {
  await call('POST', 'sign-out', {});
  await forgetEverything();
}

export interface ApiKey {
  id: string;
  name: string | null;
  start: string | null;
  createdAt: string;
}

export async function apiKeys(organizationId: string): Promise<ApiKey[]> {
  const answer = await call<ApiKey[] | { apiKeys: ApiKey[] }>('GET', `api-key/list?organizationId=${organizationId}`);
  return Array.isArray(answer) ? answer : answer.apiKeys;
}

/** @returns the key itself, which is shown only now. */
export const createApiKey = async (organizationId: string, name: string): Promise<string> =>
  (await call<{ key: string }>('POST', 'api-key/create', { name, organizationId })).key;

export const deleteApiKey = (keyId: string): Promise<void> => call('POST', 'api-key/delete', { keyId });

/** What one company saw is not for the next to see. */
async function forgetEverything(): Promise<void> {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
  await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
}

async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/v1/auth/${path}`, {
      method,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw asProblem(error);
  }
  const text = await response.text();
  const answer: unknown = text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null;
  if (!response.ok) throw problemOf(response, answer);
  return answer as T;
}
