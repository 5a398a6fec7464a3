/** The progress log: what becomes of a launch or a fleet, in sentences. Written in the transaction of the step that a sentence tells of. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { LaunchEvent } from '#tables/launcher/launch-event.ts';

/** Whose log it is written to, and of which machine it tells. */
export interface Subject {
  launchId?: string | null;
  fleetId?: string | null;
  instanceId?: string | null;
}

@Injectable()
export class Progress {
  constructor(private readonly clock: Clock) {}

  /**
   * @param kind one word for programs, such as `planned` or `healthy`.
   * @param message a sentence for the buyer.
   */
  async note(tx: EntityManager, { launchId, fleetId, instanceId }: Subject, kind: string, message: string): Promise<void> {
    await tx.insert(LaunchEvent, {
      launchId: launchId ?? null,
      fleetId: fleetId ?? null,
      instanceId: instanceId ?? null,
      at: this.clock.now(),
      kind,
      message,
    });
  }
}
