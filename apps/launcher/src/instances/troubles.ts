/** Tells a buyer what is the matter with a machine, in the progress log: what it waits for, that it does not answer, its last words. */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { LOG } from '#platform/tokens.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';
import { Ec2Machines } from '../ec2/machines.ts';
import type { Place } from '../ec2/place.ts';
import { Progress } from './progress.ts';
import type { Order } from './order.ts';

/** An appliance that has not answered for so long is worth a word; it may still come. */
const SILENT_SECONDS = 300;
/** Of the console's end. */
const CONSOLE_CHARACTERS = 4_000;

@Injectable()
export class Troubles {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly machines: Ec2Machines,
    private readonly progress: Progress,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async note(instance: Instance, kind: string, message: string): Promise<void> {
    await this.progress.noteOnce(this.db.manager, subjectOf(instance), kind, message);
  }

  /** @param reason why it cannot go on now, and what its buyer can do. */
  waiting(instance: Instance, reason: string): Promise<void> {
    return this.note(instance, 'waiting', reason);
  }

  /** Said before it is stopped, as often as that happens. */
  async suspended(instance: Instance): Promise<void> {
    const message =
      'The machine is being stopped: the account is suspended until its invoices are paid. Then it starts again, with its disks.';
    await this.progress.note(this.db.manager, subjectOf(instance), 'suspended', message);
  }

  /** @param said what came of asking the appliance: a status, an error. */
  async silent(instance: Instance, order: Order, machine: Ec2Machine, said: string): Promise<void> {
    const seconds = (this.clock.now().getTime() - machine.launchTime.getTime()) / 1000;
    if (seconds < SILENT_SECONDS) return;
    const since = machine.launchTime.toISOString();
    const { manager } = this.db;
    const told = await this.progress.wasSaid(manager, subjectOf(instance), 'silent', machine.launchTime);
    if (told) return;
    await this.console(instance, order.place);
    const message = `The machine runs since ${since}, but its appliance does not answer (${said}). It is asked on; its console may say why.`;
    await this.progress.note(manager, subjectOf(instance), 'silent', message);
  }

  /** The end of what it wrote on its console, if EC2 still has it: nothing depends on that. */
  async console(instance: Instance, place: Place): Promise<void> {
    try {
      const output = await this.machines.consoleOutput(place, instance.ec2InstanceId!);
      if (output?.trim()) await this.note(instance, 'console', output.slice(-CONSOLE_CHARACTERS));
    } catch (error) {
      this.log.info({ instanceId: instance.id, error: String(error) }, 'no console output');
    }
  }
}

const subjectOf = ({
  id,
  launchId,
  fleetId,
}: Instance): { launchId: string | null; fleetId: string | null; instanceId: string } => ({
  launchId,
  fleetId,
  instanceId: id,
});
