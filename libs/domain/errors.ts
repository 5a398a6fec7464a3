/** Errors that name a situation. The domain throws them; platform turns the kind into an HTTP status, once, for every process. */

/** What sort of no it is. 400 is about shape, 409 about rules, 5xx means somebody should be woken. */
export type ErrorKind =
  | 'invalid' // 400: the request's shape or value
  | 'unauthenticated' // 401
  | 'forbidden' // 403: who you are, never which row: foreign rows are `missing`
  | 'missing' // 404: unknown, or not yours
  | 'conflict' // 409: a rule says no
  | 'too_large' // 413
  | 'throttled' // 429
  | 'unavailable'; // 503: try again later

export class DomainError extends Error {
  override readonly name = 'DomainError';

  /**
   * @param code stable and machine-readable, names the situation: `offer_withdrawn`, `standing_past_due`.
   * @param detail one sentence for a person, says what to do next where that is known.
   * @param fields for `invalid`: which fields were wrong and why.
   */
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    readonly detail: string,
    readonly fields: ReadonlyArray<{ path: string; message: string }> = [],
  ) {
    super(detail);
  }
}

export const missing = (what: string): DomainError =>
  new DomainError('missing', `${what}_not_found`, `There is no such ${what}.`);
