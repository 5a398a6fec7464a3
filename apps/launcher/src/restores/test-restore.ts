/**
 * Tries whether a snapshot would do: a scratch machine is made of it, asked whether it is well, and ended. One step at a time: look,
 * decide (domain/image-scan, domain/boot-test), act, write. A test stays open until nothing of it is left in EC2.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { judgeBoot } from '#domain/boot-test.ts';
import { DomainError } from '#domain/errors.ts';
import { SETTLE_SECONDS } from '#domain/fleet.ts';
import { nextScanStep, type ScanStep } from '#domain/image-scan.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { RestoreTest } from '#tables/launcher/restore-test.ts';
import { LauncherConfig } from '../config.ts';
import { isRefused } from '../ec2/ec2.errors.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';
import { Progress } from '../instances/progress.ts';
import { LookAgain } from '../look-again.ts';
import { ScratchMachines } from './scratch-machine.ts';

@Injectable()
export class TestRestore extends Stage {
  readonly queue = 'launcher.test-restore';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly scratch: ScratchMachines,
    private readonly progress: Progress,
    private readonly lookAgain: LookAgain,
    private readonly config: LauncherConfig,
  ) {
    super();
  }

  async due(): Promise<string[]> {
    const tests = await this.db.manager.find(RestoreTest, {
      select: { id: true },
      where: { cleanedAt: IsNull() },
      order: { askedAt: 'asc' },
      take: 300,
    });
    return tests.map(({ id }) => id);
  }

  async work(id: string): Promise<void> {
    const test = await this.db.manager.findOneBy(RestoreTest, { id });
    if (!test || test.cleanedAt) return;
    const machine = await this.scratch.machine(test);
    const step = nextScanStep({
      looked: true,
      judged: test.endedAt !== null,
      bootTest: true,
      hasGroup: test.groupId !== null,
      secondsSinceAttempt: test.attemptedAt && this.secondsSince(test.attemptedAt),
      isIdentified: test.ec2InstanceId !== null,
      machine,
    });
    await this.take(step, test, machine);
    this.lookAgain.soon(this.queue, id, this.secondsSince(test.attemptedAt ?? test.askedAt));
  }

  private async take(step: ScanStep, test: RestoreTest, machine: Ec2Machine | 'missing'): Promise<void> {
    switch (step) {
      case 'isolate':
        return this.update(test, { groupId: await this.scratch.isolate(test) });
      case 'run':
        return this.run(test);
      case 'probe':
        return this.probe(test, machine);
      case 'terminate':
        if (machine !== 'missing') await this.scratch.terminate(test, machine.instanceId);
        return undefined;
      case 'remove_group':
        return (await this.scratch.removeGroup(test)) ? this.update(test, { cleanedAt: this.clock.now() }) : undefined;
      case 'close':
        return this.update(test, { cleanedAt: this.clock.now() });
      case 'look':
      case 'wait':
        return undefined;
    }
  }

  private async run(test: RestoreTest): Promise<void> {
    // The intent commits before EC2 is called: after a crash the row says that there may be a machine.
    const attemptedAt = test.attemptedAt ?? this.clock.now();
    await this.update(test, { attemptedAt });
    try {
      const { instanceId } = await this.scratch.run(test);
      await this.update(test, { ec2InstanceId: instanceId });
    } catch (error) {
      if (!isRefused(error) && !(error instanceof DomainError)) throw error;
      await this.judge(test, 'failed', `No machine can be made of it: ${error.message}`);
    }
  }

  private async probe(test: RestoreTest, machine: Ec2Machine | 'missing'): Promise<void> {
    if (machine !== 'missing' && !test.ec2InstanceId) await this.update(test, { ec2InstanceId: machine.instanceId });
    const tries = test.tries + 1;
    const verdict = judgeBoot({
      machine,
      answer: await this.scratch.ask(test, machine),
      tries,
      secondsSinceStart: this.secondsSince(test.attemptedAt!),
      limitSeconds: this.config.BOOT_TEST_SECONDS,
      settleSeconds: SETTLE_SECONDS,
    });
    if (verdict === 'wait') return this.update(test, { tries });
    await this.judge(test, verdict.result === 'PASS' ? 'passed' : 'failed', verdict.reason);
  }

  /** The verdict is written before the machine goes, since afterwards it could not be told from one that went by itself. */
  private async judge(test: RestoreTest, state: 'passed' | 'failed', finding: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const ended = { state, finding, endedAt: this.clock.now() };
      const { affected } = await tx.update(RestoreTest, { id: test.id, state: 'running' }, ended);
      if (!affected) return;
      const message = `A machine was tried on the snapshot of ${test.disks.map(({ name }) => name).join(', ')}, apart from everything else. ${finding}`;
      await this.progress.note(tx, { launchId: test.launchId }, `restore-test-${state}`, message);
    });
  }

  private async update({ id }: RestoreTest, changes: Partial<RestoreTest>): Promise<void> {
    await this.db.manager.update(RestoreTest, { id }, changes);
  }

  private secondsSince(instant: Date): number {
    return (this.clock.now().getTime() - instant.getTime()) / 1000;
  }
}
