/** The API as a typed client. Paths and shapes come from the OpenAPI documents; every call goes to our own origin. */
import createClient from 'openapi-fetch';
import type { components, paths } from './api.gen.ts';
import { asProblem, Problem, problemOf } from './problem.ts';

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: 'same-origin',
});

/** Shapes by their names in the documents: `Schemas['Listing']`. */
export type Schemas = components['schemas'];

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What a call answered. @throws Problem */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    throw asProblem(error);
  }
  if (!answer.response.ok) throw problemOf(answer.response, answer.error);
  return answer.data as T;
}

/** As `ask`, but what does not exist is null. */
export async function askMaybe<T>(call: Promise<Answer<T>>): Promise<T | null> {
  try {
    return await ask(call);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}
