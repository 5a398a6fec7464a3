/** Metadata after an update. */
import { invalid } from './errors.ts';
import { MOST_KEYS } from './rules.ts';

/**
 * Given keys replace, an empty value removes its key, null removes all.
 * @throws StripeRefusal 400 when more than 50 keys would be left.
 */
export function mergeMetadata(
  before: Record<string, string>,
  change: Record<string, string> | null | undefined,
): Record<string, string> {
  if (change === undefined) return before;
  if (change === null) return {};
  const merged: Record<string, string> = { ...before };
  for (const [key, value] of Object.entries(change)) {
    if (value === '') delete merged[key];
    else merged[key] = value;
  }
  if (Object.keys(merged).length <= MOST_KEYS) return merged;
  throw invalid(`Metadata can have up to ${MOST_KEYS} keys.`, { param: 'metadata' });
}
