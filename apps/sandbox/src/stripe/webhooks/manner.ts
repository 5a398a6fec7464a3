/**
 * How orderly webhooks are: Stripe promises neither order nor "once", and a network loses some for days. Decides, from a seed,
 * what becomes of each message.
 */
import type { Faults } from '../../faults.ts';
import type { Store, Table } from '../../store.ts';

export interface Manner {
  /** Nothing is sent until it is released. */
  isHeld?: boolean;
  /** From 0 to 1: how many messages come twice, and how many never. */
  duplicates?: number;
  losses?: number;
  /** Messages come up to this many milliseconds late, each another number of them, and so in another order. */
  shufflesMs?: number;
  /** Each message comes this many seconds late by the sandbox's clock. */
  delaySeconds?: number;
  /** The same seed makes the same choices. */
  seed?: number;
}

export interface Fate {
  /** How many times it is sent; 0 when it is lost. */
  copies: number;
  isForged: boolean;
  /** By the sandbox's clock. */
  delaySeconds: number;
  /** By the real one. */
  pauseMs: () => number;
}

/** How late a message is that a fault makes late. */
const LATE_SECONDS = 3 * 24 * 60 * 60;

export class Manners {
  private readonly kept: Table<Manner>;
  private random = randomFrom(1);

  constructor(
    store: Store,
    private readonly faults: Faults,
  ) {
    this.kept = store.table('stripe.manner');
    this.random = randomFrom(this.get().seed ?? 1);
  }

  get(): Manner {
    return this.kept.get('manner') ?? {};
  }

  /** Sets it anew; what is not named is as Stripe usually is. */
  set(manner: Manner): void {
    this.kept.set('manner', manner);
    this.random = randomFrom(manner.seed ?? 1);
  }

  /** What becomes of the next message of this type. A fault for it comes first. */
  fateOf(type: string): Fate {
    const { duplicates = 0, losses = 0, shufflesMs = 0, delaySeconds = 0 } = this.get();
    const pauseMs = () => Math.floor(this.random() * shufflesMs);
    const code = (this.faults.take(`webhook ${type}`) ?? this.faults.take('webhook'))?.code;
    const isLost = code === 'lost' || this.random() < losses;
    const isTwice = code === 'duplicate' || this.random() < duplicates;
    return {
      copies: isLost ? 0 : isTwice ? 2 : 1,
      isForged: code === 'bad_signature',
      delaySeconds: code === 'late' ? LATE_SECONDS : delaySeconds,
      pauseMs,
    };
  }
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffled<T>(items: T[], random: () => number): T[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}
