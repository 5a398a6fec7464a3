/** The sandbox's own time: the wall clock plus an offset that the control port moves. Knows nothing of the apps. */
import type { Store, Table } from './store.ts';

export class SandboxClock {
  private readonly saved: Table<{ offsetMs: number }>;

  constructor(store: Store) {
    this.saved = store.table('clock');
  }

  /** The sandbox's present, UTC. */
  now(): Date {
    return new Date(Date.now() + this.offsetMs());
  }

  /** Moves the present to `instant`; time goes on from there at its usual pace. Survives a restart. */
  set(instant: Date): void {
    this.saved.set('offset', { offsetMs: instant.getTime() - Date.now() });
  }

  advance(milliseconds: number): void {
    this.saved.set('offset', { offsetMs: this.offsetMs() + milliseconds });
  }

  reset(): void {
    this.saved.set('offset', { offsetMs: 0 });
  }

  private offsetMs(): number {
    return this.saved.get('offset')?.offsetMs ?? 0;
  }
}
