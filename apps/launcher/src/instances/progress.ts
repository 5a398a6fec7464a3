/** The progress log: what becomes of a launch or a fleet, in sentences. Written in the transaction of the step that a sentence tells of. */
import { Injectable } from '@nestjs/common';
import { MoreThanOrEqual, type EntityManager } from 'typeorm';
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

  /** The same, unless it is the last thing that was said of this machine: for what is tried again and again. */
  async noteOnce(tx: EntityManager, subject: Subject & { instanceId: string }, kind: string, message: string): Promise<void> {
    const last = await tx.findOne(LaunchEvent, { where: { instanceId: subject.instanceId }, order: { id: 'desc' } });
    if (last?.kind !== kind || last.message !== message) await this.note(tx, subject, kind, message);
  }

  /** Whether something of a kind was said of a machine since an instant. */
  wasSaid(tx: EntityManager, { instanceId }: { instanceId: string }, kind: string, since: Date): Promise<boolean> {
    return tx.existsBy(LaunchEvent, { instanceId, kind, at: MoreThanOrEqual(since) });
  }
}
