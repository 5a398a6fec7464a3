/**
 * How far back describe calls look. EC2 is eventually consistent: what a call has written shows a little later. Tables that are
 * given one of these keep what their values were for that long, and answer with it while somebody looks back.
 */
export class Past {
  /** How late writes show, in milliseconds of the sandbox's time; 0: at once. */
  lagMs = 0;
  private view: { after: number; now: number } | undefined;

  constructor(readonly now: () => number) {}

  get isLookedAt(): boolean {
    return this.view !== undefined;
  }

  /** Whether a write at that time is hidden from who looks now. One in the future was made before the clock was turned back. */
  hides(at: number): boolean {
    return this.view !== undefined && at > this.view.after && at <= this.view.now;
  }

  /** Runs `work` on what was there `lagMs` ago. */
  lookBack<T>(work: () => T): T {
    if (this.lagMs === 0) return work();
    const now = this.now();
    this.view = { after: now - this.lagMs, now };
    try {
      return work();
    } finally {
      this.view = undefined;
    }
  }
}

/** What the values of one table were before they were written again, oldest first. */
export class History<T> {
  private readonly changes = new Map<string, Array<{ at: number; before: T | undefined }>>();

  constructor(private readonly past: Past) {}

  remember(id: string, before: T | undefined): void {
    const { lagMs } = this.past;
    const at = this.past.now();
    this.forget(at - lagMs);
    if (lagMs === 0) return;
    const changes = [...(this.changes.get(id) ?? []), { at, before }];
    // Anew at the end, so that the map stays in the order of the last changes.
    this.changes.delete(id);
    this.changes.set(id, changes);
  }

  /** What the value is to who looks back: the oldest that a hidden change has replaced, or the present one. */
  seen(id: string, present: T | undefined): T | undefined {
    const hidden = this.changes.get(id)?.find(({ at }) => this.past.hides(at));
    return hidden ? hidden.before : present;
  }

  /** The ids of values that look different to who looks back; none when nobody does. */
  get hidden(): string[] {
    if (!this.past.isLookedAt) return [];
    return [...this.changes].flatMap(([id, changes]) => (changes.some(({ at }) => this.past.hides(at)) ? [id] : []));
  }

  private forget(until: number): void {
    for (const [id, changes] of this.changes) {
      if ((changes.at(-1)?.at ?? 0) > until) return;
      this.changes.delete(id);
    }
  }
}
