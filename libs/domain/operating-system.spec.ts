/** Which operating system a text names, and whether anybody mends it still. */
import { describe, expect, it } from 'vitest';
import { hasEnded, operatingSystemsIn } from './operating-system.ts';

const named = (text: string): string[] => operatingSystemsIn(text).map((system) => system.name);

describe('the operating system of an image', () => {
  const table: Array<[string, string]> = [
    ['ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20230516', 'Ubuntu 22.04'],
    ['Canonical, Ubuntu, 20.04 LTS, amd64 focal image build', 'Ubuntu 20.04'],
    ['al2023-ami-2023.5.20240805.0-kernel-6.1-x86_64', 'Amazon Linux 2023'],
    ['amzn2-ami-hvm-2.0.20230504.1-x86_64-gp2', 'Amazon Linux 2'],
    ['Amazon Linux 2', 'Amazon Linux 2'],
    ['amzn-ami-hvm-2018.03.0.20230404.0-x86_64-gp2', 'Amazon Linux AMI 2018'],
    ['debian-12-amd64-20240717-1811', 'Debian 12'],
    ['Debian GNU/Linux 11', 'Debian 11'],
    ['CentOS 7.9.2009 x86_64', 'CentOS 7'],
    ['CentOS Stream 9 x86_64 20240715', 'CentOS Stream 9'],
    ['RHEL-9.3.0_HVM-20240117-x86_64-49-Hourly2-GP3', 'Red Hat Enterprise Linux 9'],
    ['Rocky-9-EC2-Base-9.3-20231113.0.x86_64', 'Rocky Linux 9'],
    ['Windows_Server-2012-R2_RTM-English-64Bit-Base-2023.09.13', 'Windows Server 2012 R2'],
    ['Windows_Server-2022-English-Full-Base-2024.07.10', 'Windows Server 2022'],
    ['SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.10', 'Ubuntu 22.04'],
    ['SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3', 'Debian 12'],
  ];
  for (const [text, system] of table) it(`is ${system} where it says "${text}"`, () => expect(named(text)).toEqual([system]));

  for (const text of ['acme-vault-1.0.0', 'Linux/UNIX', 'Ubuntu 99.04', 'SSH-2.0-OpenSSH_9.9', 'Windows', 'constructor']) {
    it(`is unknown where it says "${text}"`, () => expect(named(text)).toEqual([]));
  }

  it('is mended until the end of its last day', () => {
    const [focal] = operatingSystemsIn('Ubuntu 20.04');
    expect(focal).toMatchObject({ endsOn: '2025-05-31', source: expect.stringMatching(/^https:/) });
    expect(hasEnded(focal!, new Date('2025-05-31T23:59:59Z'))).toBe(false);
    expect(hasEnded(focal!, new Date('2025-06-01T00:00:00Z'))).toBe(true);
  });
});
