/** What went wrong, in words for people: problem+json of our apps, the sign-in library's errors, and a network that is away. */

export interface FieldError {
  path: string;
  message: string;
}

export class Problem extends Error {
  override readonly name = 'Problem';

  /** @param status of the answer; 0 when there was none. */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: readonly FieldError[] = [],
    readonly requestId: string | null = null,
  ) {
    super(detail);
  }
}

/** Reads an answer that is not 2xx. Problems carry `detail`, the sign-in library `message`. */
export function problemOf(response: Response, body: unknown): Problem {
  const said = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const detail = text(said.detail) ?? text(said.message) ?? wordsFor(response.status);
  const fields = Array.isArray(said.errors) ? (said.errors as FieldError[]) : [];
  return new Problem(response.status, text(said.code) ?? 'unknown', detail, fields, response.headers.get('x-request-id'));
}

/** Any thrown thing as a Problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError)
    return new Problem(0, 'unreachable', 'The marketplace cannot be reached. Check your connection and try again.');
  return new Problem(0, 'unknown', error instanceof Error ? error.message : String(error));
}

/**
 * Field errors as a form keeps them: `{ 'prices.0.rate': 'must be …' }`.
 * @param names the form's names for what the API calls otherwise.
 */
export const fieldErrors = (problem: Problem, names: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(problem.fields.map(({ path, message }) => [names[path] ?? path, capitalised(message)]));

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);
const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function wordsFor(status: number): string {
  if (status === 401) return 'Sign in first.';
  if (status === 403) return 'Your account may not do this.';
  if (status === 404) return 'There is no such thing here.';
  if (status === 429) return 'Too many requests; wait a moment and try again.';
  return 'Something went wrong on our side. Try again in a moment.';
}
