/**
 * Turns a version into images that can be sold: in each of its regions the vendor's image is checked, copied and boot-tested.
 * Reads api.version, writes launcher.image. Every key comes from the row, so that a step whose answer was lost
 * finds what it made.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { applianceUrl, healthUrl, portOf, SETTLE_SECONDS } from '#domain/fleet.ts';
import { checkSource, judgeBoot, judgeCopy, noChecks, rejectionOf, withResults, type Check } from '#domain/image.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { Version } from '#tables/api/version.ts';
import { Image } from '#tables/launcher/image.ts';
import { Appliances, type Answer } from '../appliances.ts';
import { LauncherConfig } from '../config.ts';
import { isRefused } from '../ec2/ec2.errors.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';
import { Ec2Groups } from '../ec2/groups.ts';
import { Ec2Images } from '../ec2/images.ts';
import { Ec2Machines } from '../ec2/machines.ts';
import { ownPlace } from '../ec2/place.ts';
import { LookAgain } from '../look-again.ts';

@Injectable()
export class PrepareImage extends Stage {
  readonly queue = 'launcher.prepare-image';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly ec2: Ec2Images,
    private readonly machines: Ec2Machines,
    private readonly groups: Ec2Groups,
    private readonly appliances: Appliances,
    private readonly lookAgain: LookAgain,
    private readonly config: LauncherConfig,
  ) {
    super();
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select version.id from api.version
       where (select count(*) from launcher.image where image.version_id = version.id) < cardinality(version.regions)
       union
       select image.version_id from launcher.image
       where image.state in ('copying', 'testing') or (image.boot_test_instance_id is not null and image.boot_test_ended_at is null)
       limit 300`,
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const version = await this.db.manager.findOneBy(Version, { id });
    if (!version) return;
    await this.plan(version);
    const images = (await this.db.manager.findBy(Image, { versionId: id })).filter(isUnfinished);
    // A region in trouble does not hold the others back.
    const outcomes = await Promise.allSettled(images.map((image) => this.step(version, image)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    const youngest = Math.min(...images.map((image) => this.secondsSince(image.createdAt)));
    if (images.length > 0) this.lookAgain.soon(this.queue, id, youngest);
  }

  private async plan(version: Version): Promise<void> {
    const rows = version.regions.map((region) => ({
      id: newId(),
      versionId: version.id,
      region,
      state: 'copying' as const,
      bootTestToken: newId(),
      bootTestTries: 0,
      checks: noChecks(),
      createdAt: this.clock.now(),
    }));
    await this.db.createQueryBuilder().insert().into(Image).values(rows).orIgnore().execute();
  }

  private async step(version: Version, image: Image): Promise<void> {
    if (image.state === 'ready' || image.state === 'rejected') return this.endBootTest(image);
    if (!image.amiId) return this.copy(version, image);
    if (image.state === 'copying') return this.watchCopy(image, image.amiId);
    if (!image.bootTestInstanceId) return this.boot(version, image, image.amiId);
    return this.watchBoot(version, image, image.bootTestInstanceId);
  }

  private async copy(version: Version, image: Image): Promise<void> {
    if (!this.config.LAUNCH_REGIONS.includes(image.region)) {
      return this.judge(image, [
        {
          control: 'copies',
          result: 'FAIL',
          reason: `Nothing is sold in ${image.region}; choose among ${this.config.LAUNCH_REGIONS.join(', ')}.`,
        },
      ]);
    }
    const made = await this.ec2.imageByTag(ownPlace(image.region), 'slipway:image', image.id);
    if (made !== 'missing') return this.copied(image, made.imageId);

    const { sourceImageId, sourceRegion } = version;
    const found = checkSource(await this.ec2.image(ownPlace(sourceRegion), sourceImageId), {
      imageId: sourceImageId,
      region: sourceRegion,
    });
    await this.judge(image, found);
    if (rejectionOf(found)) return;
    const tags = {
      Name: `slipway-${image.id}`,
      'slipway:image': image.id,
      'slipway:version': version.id,
      'slipway:product': version.productId,
    };
    try {
      const copy = { token: image.id, name: `slipway-${image.id}`, sourceRegion, sourceImageId, tags };
      await this.copied(image, await this.ec2.copyImage(ownPlace(image.region), copy));
    } catch (error) {
      if (!isRefused(error)) throw error;
      await this.judge(image, [{ control: 'copies', result: 'FAIL', reason: `It cannot be copied: ${error.message}` }]);
    }
  }

  private copied(image: Image, amiId: string): Promise<void> {
    return this.update(image, { amiId, copiedAt: this.clock.now() });
  }

  private async watchCopy(image: Image, amiId: string): Promise<void> {
    const copy = await this.ec2.image(ownPlace(image.region), amiId);
    const verdict = judgeCopy(copy, this.secondsSince(image.copiedAt ?? image.createdAt), SETTLE_SECONDS);
    if (verdict === 'wait') return;
    await this.judge(image, [verdict], verdict.result === 'PASS' ? { state: 'testing' } : {});
  }

  private async boot(version: Version, image: Image, amiId: string): Promise<void> {
    try {
      const made = await this.machines.machineByToken(ownPlace(image.region), image.bootTestToken);
      const machine = made === 'missing' ? await this.runBootTest(version, image, amiId) : made;
      await this.update(image, { bootTestInstanceId: machine.instanceId, bootTestStartedAt: this.clock.now() });
    } catch (error) {
      if (!isRefused(error)) throw error;
      await this.judge(image, [{ control: 'boots', result: 'FAIL', reason: `No machine can be made of it: ${error.message}` }]);
    }
  }

  private async runBootTest(version: Version, image: Image, amiId: string): Promise<Ec2Machine> {
    const copy = await this.ec2.image(ownPlace(image.region), amiId);
    const isArm = copy !== 'missing' && copy.architecture === 'arm64';
    return this.machines.run(ownPlace(image.region), {
      token: image.bootTestToken,
      imageId: amiId,
      instanceType: isArm ? this.config.BOOT_TEST_INSTANCE_TYPE_ARM64 : this.config.BOOT_TEST_INSTANCE_TYPE,
      securityGroupId: await this.groups.groupFor(ownPlace(image.region), portOf(version.urlTemplate)),
      tags: { Name: `slipway boot test ${version.title}`, 'slipway:boot-test': image.id, 'slipway:product': version.productId },
      onShutdown: 'terminate',
    });
  }

  private async watchBoot(version: Version, image: Image, instanceId: string): Promise<void> {
    const machine = await this.machines.machine(ownPlace(image.region), instanceId);
    const tries = image.bootTestTries + 1;
    const verdict = judgeBoot({
      machine,
      answer: machine === 'missing' ? null : await this.askAppliance(version, machine),
      tries,
      secondsSinceStart: this.secondsSince(image.bootTestStartedAt ?? image.createdAt),
      limitSeconds: this.config.BOOT_TEST_SECONDS,
      settleSeconds: SETTLE_SECONDS,
    });
    if (verdict === 'wait') return this.update(image, { bootTestTries: tries });
    // The verdict is written before the machine goes, since afterwards it could not be told from one that went by itself.
    await this.judge(image, [verdict], verdict.result === 'PASS' ? { state: 'ready', readyAt: this.clock.now() } : {});
    await this.endBootTest(image);
  }

  private async askAppliance(version: Version, { state, address }: Ec2Machine): Promise<Answer | null> {
    if (state !== 'running' || !address) return null;
    const url = applianceUrl(version.urlTemplate, address);
    return url
      ? this.appliances.ask(healthUrl(url, version.healthPath))
      : { well: false, said: 'its URL template does not lead to the machine' };
  }

  private async endBootTest(image: Image): Promise<void> {
    if (!image.bootTestInstanceId) return;
    await this.machines.terminate(ownPlace(image.region), image.bootTestInstanceId);
    await this.db.manager.update(Image, { id: image.id }, { bootTestEndedAt: this.clock.now() });
  }

  /** Writes results of controls; one that failed rejects the image. */
  private judge(image: Image, results: Check[], passed: Partial<Image> = {}): Promise<void> {
    const rejection = rejectionOf(results);
    const checks = withResults(image.checks, results);
    // `image` is used on by the step that called.
    image.checks = checks;
    return this.update(image, rejection ? { checks, state: 'rejected', rejection } : { checks, ...passed });
  }

  /** Only from the state that was decided on: another worker may have been faster. */
  private async update(image: Image, changes: Partial<Omit<Image, 'checks'>> & { checks?: Check[] }): Promise<void> {
    await this.db.manager.update(Image, { id: image.id, state: image.state }, changes);
  }

  private secondsSince(instant: Date): number {
    return (this.clock.now().getTime() - instant.getTime()) / 1000;
  }
}

const isUnfinished = (image: Image): boolean =>
  image.state === 'copying' || image.state === 'testing' || (image.bootTestInstanceId !== null && image.bootTestEndedAt === null);
