/** When a change that takes time is through. Computed from its start, so that it comes true when the clock is moved, too. */

/**
 * A start in the future means that the clock was turned back since: whatever was under way is long over.
 * @param startedAt and `now` in the sandbox's own time.
 */
export const isThrough = (startedAt: number, takesMs: number, now: number): boolean =>
  startedAt > now || now - startedAt >= takesMs;

/** Something that takes a while: epoch milliseconds, the sandbox's time. */
export interface Lapse {
  at: number;
  takesMs: number;
}

export const isOver = ({ at, takesMs }: Lapse, now: Date): boolean => isThrough(at, takesMs, now.getTime());
