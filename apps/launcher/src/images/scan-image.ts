/**
 * Holds an image against the controls: once before it is sold, and again every so many days while it is. One step at a time: look,
 * decide (domain/image-scan), act, write. The machine of a boot test and its security group go afterwards whatever happens, for a
 * run stays open until nothing of it is left in EC2. Reads api.version and api.listing, writes launcher's image_scan.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { isInconclusive, judgeBoot, judgeSights, unseen } from '#domain/boot-test.ts';
import { SETTLE_SECONDS } from '#domain/fleet.ts';
import { bootsAfter, nextScanStep, rescanDue, type ScanStep } from '#domain/image-scan.ts';
import { checkOperatingSystem, checkSource } from '#domain/image-source.ts';
import { checkUnchanged, fail, noChecks, notExecuted, type Check } from '#domain/image.ts';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { Version } from '#tables/api/version.ts';
import { ImageScan } from '#tables/launcher/image-scan.ts';
import { Image } from '#tables/launcher/image.ts';
import { LauncherConfig } from '../config.ts';
import { isRefused } from '../ec2/ec2.errors.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';
import { Ec2Images } from '../ec2/images.ts';
import { ownPlace } from '../ec2/place.ts';
import { LookAgain } from '../look-again.ts';
import { BootTests } from './boot-test.ts';
import { ImageRecords, type Findings } from './image-records.ts';

interface Loaded {
  version: Version;
  image: Image;
  scan: ImageScan;
}

@Injectable()
export class ScanImage extends Stage {
  readonly queue = 'launcher.scan-image';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
    private readonly images: Ec2Images,
    private readonly boots: BootTests,
    private readonly records: ImageRecords,
    private readonly lookAgain: LookAgain,
    private readonly config: LauncherConfig,
  ) {
    super();
  }

  /** Runs under way; and images that buyers launch or still run, and that nobody looked at for RESCAN_DAYS. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select image.id from launcher.image join launcher.image_scan on image_scan.image_id = image.id
       where image_scan.cleaned_at is null and image.state <> 'copying'
       union
       select image.id from launcher.image
       where image.state = 'ready'
         and not exists (select from launcher.image_scan
                         where image_scan.image_id = image.id and (image_scan.cleaned_at is null or image_scan.started_at > $1))
         and (exists (select from api.listing join api.version on version.id = listing.version_id
                      where listing.state = 'public' and version.id = image.version_id and image.region = any(version.regions))
              or exists (select from launcher.instance
                         where instance.ami_id = image.ami_id and instance.state not in ('terminated', 'failed')))
       limit 300`,
      [new Date(this.clock.now().getTime() - this.config.RESCAN_DAYS * 86_400_000)],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const image = await this.db.manager.findOneBy(Image, { id });
    if (!image || image.state === 'copying') return;
    const scan = await this.db.manager.findOneBy(ImageScan, { imageId: id, cleanedAt: IsNull() });
    if (!scan) return this.planAnother(image);
    const version = await this.db.manager.findOneByOrFail(Version, { id: image.versionId });
    const machine = await this.boots.machine(image, scan);
    const step = nextScanStep({
      looked: scan.lookedAt !== null,
      judged: scan.endedAt !== null,
      bootTest: scan.bootTest,
      hasGroup: scan.groupId !== null,
      secondsSinceAttempt: scan.attemptedAt && this.secondsSince(scan.attemptedAt),
      isIdentified: scan.ec2InstanceId !== null,
      machine,
    });
    await this.take(step, { version, image, scan }, machine);
    this.lookAgain.soon(this.queue, id, this.secondsSince(scan.lookedAt ?? scan.startedAt));
  }

  private async planAnother(image: Image): Promise<void> {
    if (image.state !== 'ready') return;
    const last = await this.last({ imageId: image.id });
    const lastBoot = await this.last({ imageId: image.id, bootTest: true });
    const due = rescanDue({
      now: this.clock.now(),
      lastAt: last?.startedAt ?? image.createdAt,
      lastBootAt: lastBoot?.startedAt ?? null,
      everyDays: this.config.RESCAN_DAYS,
      bootEveryDays: this.config.BOOT_RESCAN_DAYS,
    });
    if (due === 'none') return;
    const scan: Partial<ImageScan> = {
      id: newId(),
      imageId: image.id,
      reason: 'again',
      bootTest: due === 'boot',
      checks: noChecks(),
      startedAt: this.clock.now(),
    };
    await this.db.transaction(async (tx) => {
      await tx.createQueryBuilder().insert().into(ImageScan).values(scan).orIgnore().execute();
      await this.doorbell.ring(tx, this.queue, image.id);
    });
  }

  private last(where: { imageId: string; bootTest?: boolean }): Promise<ImageScan | null> {
    return this.db.manager.findOne(ImageScan, { where, order: { startedAt: 'desc' } });
  }

  private async take(step: ScanStep, loaded: Loaded, machine: Ec2Machine | 'missing'): Promise<void> {
    const { scan } = loaded;
    switch (step) {
      case 'look':
        return this.look(loaded);
      case 'isolate':
        return this.isolate(loaded);
      case 'run':
        return this.run(loaded);
      case 'probe':
        return this.probe(loaded, machine);
      case 'terminate':
        return this.terminate(loaded, machine);
      case 'remove_group':
        return this.removeGroup(loaded);
      case 'close':
        return this.records.clean(scan, { cleanedAt: this.clock.now() });
      case 'wait':
        return undefined;
    }
  }

  private async look({ version, image, scan }: Loaded): Promise<void> {
    const { region, amiId, readyAt, snapshotIds } = image;
    const now = this.clock.now();
    const copy = await this.images.image(ownPlace(region), amiId!);
    // EC2 may have shown it and not show it now: its answers come from more than one place.
    if (copy === 'missing' && image.copiedAt && this.secondsSince(image.copiedAt) <= SETTLE_SECONDS) return;
    const asked = { imageId: amiId!, region, whose: 'ours' as const, operatingSystem: version.operatingSystem };
    const results = checkSource(copy, asked, now);
    if (readyAt && snapshotIds.length > 0) results.push(checkUnchanged(copy, { imageId: amiId!, snapshotIds }));
    const failed = results.filter((check) => check.result === 'FAIL').map((check) => check.control);
    if (bootsAfter({ reason: scan.reason, wantsBoot: scan.bootTest, failed })) {
      await this.records.note(scan, results, { scan: { lookedAt: now } });
      return;
    }
    const why = scan.bootTest ? 'No machine was made of it, for it cannot be sold anyhow.' : await this.lastBootOf(image);
    const unbooted = [notExecuted('boots', why), ...unseen(why)];
    await this.records.judge(scan, [...results, ...unbooted], { scan: { lookedAt: now, bootTest: false } });
  }

  private async lastBootOf(image: Image): Promise<string> {
    const last = await this.last({ imageId: image.id, bootTest: true });
    return `Not part of this run; the last boot test was on ${last?.startedAt.toISOString().slice(0, 10) ?? 'no day that is known'}.`;
  }

  private async isolate({ version, image, scan }: Loaded): Promise<void> {
    const groupId = await this.boots.isolate(version, image, scan);
    const noted = await this.records.note(scan, [], { scan: { groupId } });
    // Somebody else has ended the run meanwhile, and may have looked for a group before there was one.
    if (!noted) await this.boots.removeGroup(image, groupId);
  }

  private async run({ version, image, scan }: Loaded): Promise<void> {
    // The intent commits before EC2 is called: after a crash the row says that there may be a machine.
    if (!(await this.records.note(scan, [], { scan: { attemptedAt: this.clock.now() } }))) return;
    try {
      const machine = await this.boots.run(version, image, scan);
      await this.note(scan, { ec2InstanceId: machine.instanceId });
    } catch (error) {
      if (!isRefused(error)) throw error;
      const why = `No machine can be made of it: ${error.message}`;
      // A first call that EC2 refused has made nothing. After an unanswered one there may be a machine all the same.
      const attempted = scan.attemptedAt ? {} : { attemptedAt: null };
      await this.records.judge(scan, [fail('boots', why), ...unseen(why)], { scan: attempted });
    }
  }

  private async probe({ version, image, scan }: Loaded, machine: Ec2Machine | 'missing'): Promise<void> {
    const found = machine === 'missing' ? {} : { ec2InstanceId: machine.instanceId };
    const tries = scan.tries + 1;
    const boots = judgeBoot({
      machine,
      answer: await this.boots.ask(version, machine),
      tries,
      secondsSinceStart: this.secondsSince(scan.attemptedAt ?? scan.startedAt),
      limitSeconds: this.config.BOOT_TEST_SECONDS,
      settleSeconds: SETTLE_SECONDS,
    });
    if (boots === 'wait') return this.note(scan, { ...found, tries });
    if (boots.result === 'FAIL' || machine === 'missing') {
      return this.records.judge(scan, [boots, ...unseen('Not looked at: its machine never answered.')], { scan: found });
    }
    const sights = await this.boots.look(version, machine);
    const answeredAt = scan.answeredAt ?? this.clock.now();
    if (isInconclusive(sights, this.secondsSince(answeredAt), this.config.BOOT_TEST_SSH_SECONDS)) {
      return this.note(scan, { ...found, tries, answeredAt });
    }
    const results = [boots, ...judgeSights(sights)];
    if (sights.ssh.server === 'answers') results.push(...this.systemOf(version, scan, sights.ssh.greeting));
    const { amiId, snapshotIds } = image;
    results.push(checkUnchanged({ imageId: machine.imageId ?? amiId!, snapshotIds }, { imageId: amiId!, snapshotIds }));
    // The verdict is written before the machine goes, since afterwards it could not be told from one that went by itself.
    await this.records.judge(scan, results, { scan: found });
  }

  /** A server's greeting may name a system that nothing else did, or one that has ended whatever else was said. */
  private systemOf(version: Version, scan: ImageScan, greeting: string): Check[] {
    const found = checkOperatingSystem([greeting, version.operatingSystem ?? ''], this.clock.now());
    const before = scan.checks.find((check) => check.control === 'supported_os')?.result;
    return found.result === 'FAIL' || (found.result === 'PASS' && before === 'NOT_EXECUTED') ? [found] : [];
  }

  private async terminate({ image, scan }: Loaded, machine: Ec2Machine | 'missing'): Promise<void> {
    if (machine === 'missing') return;
    await this.boots.terminate(image, machine.instanceId);
    await this.records.clean(scan, { ec2InstanceId: machine.instanceId });
  }

  private async removeGroup({ image, scan }: Loaded): Promise<void> {
    if (await this.boots.removeGroup(image, scan.groupId!)) await this.records.clean(scan, { cleanedAt: this.clock.now() });
  }

  private async note(scan: ImageScan, changes: Findings['scan']): Promise<void> {
    await this.records.note(scan, [], { scan: changes });
  }

  private secondsSince(instant: Date): number {
    return (this.clock.now().getTime() - instant.getTime()) / 1000;
  }
}
