/**
 * The machine of one test of a snapshot, alone in a security group of its own: only the launcher comes in, and nothing goes out, so that
 * a second copy of somebody's data does nothing to anybody. Its disks go with it. What it makes carries the test's id.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { applianceUrl, healthUrl, portOf } from '#domain/fleet.ts';
import { renderUserData } from '#domain/user-data.ts';
import { Launch } from '#tables/api/launch.ts';
import { Version } from '#tables/api/version.ts';
import { Image } from '#tables/launcher/image.ts';
import type { RestoreTest } from '#tables/launcher/restore-test.ts';
import { Snapshot } from '#tables/launcher/snapshot.ts';
import { Appliances, type Answer } from '../appliances.ts';
import { LauncherConfig } from '../config.ts';
import { Places } from '../connections/places.ts';
import type { Tags } from '../ec2/clients.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';
import { Ec2IsolatedGroups } from '../ec2/isolated-groups.ts';
import { Ec2Machines, type MachineDisk } from '../ec2/machines.ts';

@Injectable()
export class ScratchMachines {
  constructor(
    private readonly db: DataSource,
    private readonly places: Places,
    private readonly machines: Ec2Machines,
    private readonly groups: Ec2IsolatedGroups,
    private readonly appliances: Appliances,
    private readonly config: LauncherConfig,
  ) {}

  /** The token finds a machine whose making was never answered. */
  async machine(test: RestoreTest): Promise<Ec2Machine | 'missing'> {
    const place = await this.places.of(test);
    if (test.ec2InstanceId) return this.machines.machine(place, test.ec2InstanceId);
    return test.attemptedAt ? this.machines.machineByToken(place, test.id) : 'missing';
  }

  /** @returns the id of the group that is this test's alone. */
  async isolate(test: RestoreTest): Promise<string> {
    const { urlTemplate } = await this.versionOf(test);
    return this.groups.isolate(await this.places.of(test), {
      name: `slipway-restore-test-${test.id}`,
      description: 'One test of a snapshot by Slipway; goes with it',
      tags: tagsOf(test),
      from: this.config.BOOT_TEST_FROM,
      ports: [portOf(urlTemplate)],
    });
  }

  /** @throws Ec2Error; DomainError `invalid_user_data`. */
  async run(test: RestoreTest): Promise<Ec2Machine> {
    const { userDataTemplate } = await this.versionOf(test);
    const launch = await this.db.manager.findOneByOrFail(Launch, { id: test.launchId });
    const image = await this.db.manager.findOneByOrFail(Image, { versionId: test.versionId, region: test.region });
    return this.machines.run(await this.places.of(test), {
      token: test.id,
      imageId: image.amiId!,
      instanceType: test.instanceType,
      securityGroupId: test.groupId!,
      userData: renderUserData(userDataTemplate, launch.userData, { restoreTest: test.id }),
      disks: await this.disksOf(test),
      tags: tagsOf(test),
      onShutdown: 'terminate',
    });
  }

  /** What its health check says; null while there is nobody to ask. */
  async ask(test: RestoreTest, machine: Ec2Machine | 'missing'): Promise<Answer | null> {
    if (machine === 'missing' || machine.state !== 'running' || !machine.address) return null;
    const { urlTemplate, healthPath } = await this.versionOf(test);
    const url = applianceUrl(urlTemplate, machine.address);
    return url ? this.appliances.ask(healthUrl(url, healthPath)) : null;
  }

  async terminate(test: RestoreTest, instanceId: string): Promise<void> {
    await this.machines.terminate(await this.places.of(test), instanceId);
  }

  /** @returns whether the group is gone. */
  async removeGroup(test: RestoreTest): Promise<boolean> {
    return this.groups.remove(await this.places.of(test), test.groupId!);
  }

  private versionOf({ versionId }: RestoreTest): Promise<Version> {
    return this.db.manager.findOneByOrFail(Version, { id: versionId });
  }

  private async disksOf({ disks }: RestoreTest): Promise<MachineDisk[]> {
    const ids = disks.flatMap(({ snapshotId }) => snapshotId ?? []);
    const snapshots = new Map(
      (await this.db.manager.findBy(Snapshot, { id: In(ids) })).map((one) => [one.id, one.ec2SnapshotId]),
    );
    return disks.map(({ device, sizeGib, type, snapshotId }) => ({
      device,
      sizeGib,
      type,
      snapshotId: snapshotId && (snapshots.get(snapshotId) ?? null),
    }));
  }
}

const tagsOf = ({ id, launchId, subscriptionId }: RestoreTest): Tags => ({
  Name: 'slipway restore test',
  'slipway:restore-test': id,
  'slipway:tests-launch': launchId,
  'slipway:subscription': subscriptionId,
});
