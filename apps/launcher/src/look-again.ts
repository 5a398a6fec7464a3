/**
 * Rings a stage again after a moment, for what is under way at EC2. The moment is kept in this process only: when it is lost
 * with the process, the sweep finds the row.
 */
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { lookAgainMs } from '#domain/fleet.ts';
import { Doorbell } from '#platform/doorbell.ts';
import type { QueueName } from '#platform/queues.ts';
import { LOG } from '#platform/tokens.ts';

@Injectable()
export class LookAgain implements BeforeApplicationShutdown {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private stopping = false;

  constructor(
    private readonly doorbell: Doorbell,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** @param ageSeconds how long it has been under way: the longer, the later. */
  soon(queue: QueueName, id: string, ageSeconds: number): void {
    const key = `${queue}:${id}`;
    if (this.stopping || this.timers.has(key)) return;
    const ring = (): void => {
      this.timers.delete(key);
      this.doorbell
        .ringNow(queue, id)
        .catch((error: unknown) => this.log.debug({ error: String(error) }, 'not rung; the sweep will'));
    };
    this.timers.set(key, setTimeout(ring, lookAgainMs(ageSeconds)));
  }

  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }
}
