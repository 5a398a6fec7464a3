/** Whom an image of ours is shared with, compared to whom it should be. */

/** `refused`: EC2 does not take the account; tried again once in a while. */
export type ShareState = 'sharing' | 'shared' | 'unsharing' | 'unshared' | 'refused';

/**
 * What to set out to do about one account and image, or null when nothing changes. An intent that is under way and still right is
 * carried on by whoever works on open intents.
 * @param now what is written down; null when nothing is.
 */
export function nextShare(now: ShareState | null, isWanted: boolean): ShareState | null {
  if (isWanted) return now === null || now === 'unsharing' || now === 'unshared' ? 'sharing' : null;
  if (now === 'refused') return 'unshared';
  // An image that was about to be shared may be shared already: the answer may have been lost.
  return now === 'sharing' || now === 'shared' ? 'unsharing' : null;
}

/**
 * What EC2 shows against what is written down as done.
 * @returns `lost`: accounts that somebody took the image from. `strange`: those that somebody gave it to, `all` among them.
 */
export function drift(
  shown: readonly string[],
  shared: readonly string[],
  open: readonly string[],
): { lost: string[]; strange: string[] } {
  return {
    lost: shared.filter((accountId) => !shown.includes(accountId)),
    strange: shown.filter((accountId) => !shared.includes(accountId) && !open.includes(accountId)),
  };
}
