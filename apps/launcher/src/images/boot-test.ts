/**
 * One machine of our copy, alone in a security group of its own, looked at from outside. Everything it makes in EC2 carries the run's
 * id as token, name or tag, so that a step whose answer was lost finds it again.
 */
import { Injectable } from '@nestjs/common';
import type { Sights } from '#domain/boot-test.ts';
import { applianceUrl, healthUrl, portOf } from '#domain/fleet.ts';
import type { Version } from '#tables/api/version.ts';
import type { ImageScan } from '#tables/launcher/image-scan.ts';
import type { Image } from '#tables/launcher/image.ts';
import { Appliances, type Answer } from '../appliances.ts';
import { LauncherConfig } from '../config.ts';
import type { Ec2Machine } from '../ec2/ec2.read.ts';
import { Ec2Images } from '../ec2/images.ts';
import { Ec2IsolatedGroups } from '../ec2/isolated-groups.ts';
import { Ec2Machines } from '../ec2/machines.ts';
import { ownPlace } from '../ec2/place.ts';
import { lookAtSsh } from './probe/ssh.ts';
import { openPorts } from './probe/tcp.ts';

@Injectable()
export class BootTests {
  constructor(
    private readonly images: Ec2Images,
    private readonly machines: Ec2Machines,
    private readonly groups: Ec2IsolatedGroups,
    private readonly appliances: Appliances,
    private readonly config: LauncherConfig,
  ) {}

  /** The token finds a machine whose making was never answered. */
  async machine(image: Image, { id, attemptedAt, ec2InstanceId }: ImageScan): Promise<Ec2Machine | 'missing'> {
    const place = ownPlace(image.region);
    if (ec2InstanceId) return this.machines.machine(place, ec2InstanceId);
    return attemptedAt ? this.machines.machineByToken(place, id) : 'missing';
  }

  /** @returns the id of the group that is this run's alone. */
  isolate(version: Version, image: Image, scan: ImageScan): Promise<string> {
    const { BOOT_TEST_FROM: from, BOOT_TEST_SSH_PORT: sshPort, BOOT_TEST_PORTS: risky } = this.config;
    return this.groups.isolate(ownPlace(image.region), {
      name: `slipway-boot-test-${scan.id}`,
      description: 'One boot test of Slipway; goes with it',
      tags: tagsOf(version, image, scan),
      from,
      // The ports that nobody may open have to be let through, too, or the group would hide that somebody did.
      ports: [...declaredPorts(version), sshPort, ...risky],
    });
  }

  async run(version: Version, image: Image, scan: ImageScan): Promise<Ec2Machine> {
    const place = ownPlace(image.region);
    const copy = await this.images.image(place, image.amiId!);
    const isArm = copy !== 'missing' && copy.architecture === 'arm64';
    return this.machines.run(place, {
      token: scan.id,
      imageId: image.amiId!,
      instanceType: isArm ? this.config.BOOT_TEST_INSTANCE_TYPE_ARM64 : this.config.BOOT_TEST_INSTANCE_TYPE,
      securityGroupId: scan.groupId!,
      tags: tagsOf(version, image, scan),
      onShutdown: 'terminate',
    });
  }

  /** What its health check says; null while there is nobody to ask. */
  async ask(version: Version, machine: Ec2Machine | 'missing'): Promise<Answer | null> {
    if (machine === 'missing' || machine.state !== 'running' || !machine.address) return null;
    const url = applianceUrl(version.urlTemplate, machine.address);
    return url
      ? this.appliances.ask(healthUrl(url, version.healthPath))
      : { well: false, said: 'its URL template does not lead to the machine' };
  }

  /** What else it shows to everybody who comes from the launcher's address. */
  async look(version: Version, { address, httpTokens }: Ec2Machine): Promise<Sights> {
    const { BOOT_TEST_SSH_PORT: sshPort, BOOT_TEST_PORTS: triedPorts, HEALTH_TIMEOUT_MS: patienceMs } = this.config;
    const [ssh, open] = await Promise.all([
      lookAtSsh({ address: address!, port: sshPort, patienceMs }),
      openPorts(address!, triedPorts, patienceMs),
    ]);
    return { httpTokens, sshPort, ssh, triedPorts, openPorts: open, declaredPorts: declaredPorts(version) };
  }

  async terminate(image: Image, instanceId: string): Promise<void> {
    await this.machines.terminate(ownPlace(image.region), instanceId);
  }

  /** @returns whether the group is gone. */
  removeGroup(image: Image, groupId: string): Promise<boolean> {
    return this.groups.remove(ownPlace(image.region), groupId);
  }
}

/** The TCP ports that a version says it has: that of its URL, and those it lists. */
const declaredPorts = ({ urlTemplate, ports }: Version): number[] => [
  portOf(urlTemplate),
  ...ports.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port),
];

const tagsOf = (version: Version, image: Image, scan: ImageScan): Record<string, string> => ({
  Name: `slipway boot test ${version.title}`,
  'slipway:boot-test': image.id,
  'slipway:scan': scan.id,
  'slipway:product': version.productId,
});
