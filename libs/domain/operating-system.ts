/**
 * Until when an operating system is mended without a contract of its own, and which one an image says it has. A dated table of
 * facts: what is not in it is unknown, never fine. Knows neither SQL nor EC2.
 */

/** When the table below was last compared with its sources. */
export const KNOWN_AS_OF = '2026-11-24';

export interface OperatingSystem {
  /** As a person would say it: `Ubuntu 22.04`. */
  name: string;
  /** The last day on which its maker mends it for everybody, YYYY-MM-DD, UTC. Paid extensions (Ubuntu Pro, ELS, ESU) do not count. */
  endsOn: string;
  source: string;
}

interface Family {
  name: string;
  /** Finds the release in an image's name, a description, EC2's platform details or a vendor's own words. */
  said: RegExp;
  source: string;
  /** Release, as `said` captures it, to its last day. */
  endsOn: Record<string, string>;
}

/** Ordered: a CentOS Stream is not CentOS, and Windows 2012 R2 is not Windows 2012. */
const FAMILIES: readonly Family[] = [
  {
    name: 'Amazon Linux',
    said: /\b(?:amazon[ -]?linux[ -]?(2023|2)\b|al(2023)-ami|amzn(2)-ami)/i,
    source: 'https://aws.amazon.com/amazon-linux-2/faqs/',
    endsOn: { '2': '2026-06-30', '2023': '2029-06-30' },
  },
  {
    name: 'Amazon Linux AMI',
    said: /\b(?:amzn-ami|amazon linux ami)[^0-9]{0,20}(201\d)/i,
    source: 'https://aws.amazon.com/blogs/aws/update-on-amazon-linux-ami-end-of-life/',
    endsOn: Object.fromEntries([2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018].map((year) => [year, '2023-12-31'])),
  },
  {
    name: 'Ubuntu',
    said: /\bubuntu[^0-9]{0,40}(\d\d\.(?:04|10))\b/i,
    source: 'https://ubuntu.com/about/release-cycle',
    endsOn: {
      '14.04': '2019-04-02',
      '16.04': '2021-04-02',
      '18.04': '2023-05-31',
      '20.04': '2025-05-31',
      '22.04': '2027-04-01',
      '23.04': '2024-01-20',
      '23.10': '2024-07-12',
      '24.04': '2029-05-31',
      '24.10': '2025-07-10',
      '25.04': '2026-01-17',
      '25.10': '2026-07-01',
      '26.04': '2031-04-30',
    },
  },
  {
    // Debian LTS is free and for everybody, so its end counts.
    name: 'Debian',
    said: /\bdebian(?:[ -]gnu\/linux)?[ -]v?(\d{1,2})\b/i,
    source: 'https://wiki.debian.org/LTS',
    endsOn: {
      '8': '2020-06-30',
      '9': '2022-06-30',
      '10': '2024-06-30',
      '11': '2026-08-31',
      '12': '2028-06-30',
      '13': '2030-06-30',
    },
  },
  {
    name: 'CentOS Stream',
    said: /\bcentos[ -]stream[ -]v?(\d{1,2})\b/i,
    source: 'https://www.centos.org/cl-vs-cs/',
    endsOn: { '8': '2024-05-31', '9': '2027-05-31' },
  },
  {
    name: 'CentOS',
    said: /\bcentos(?:[ -]linux)?[ -]v?(\d{1,2})\b/i,
    source: 'https://www.centos.org/centos-linux-eol/',
    endsOn: { '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31' },
  },
  {
    name: 'Red Hat Enterprise Linux',
    said: /\b(?:rhel|red hat enterprise linux)[ -]v?(\d{1,2})\b/i,
    source: 'https://access.redhat.com/support/policy/updates/errata',
    endsOn: { '6': '2020-11-30', '7': '2024-06-30', '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  },
  {
    name: 'Rocky Linux',
    said: /\brocky(?:[ -]linux)?[ -]v?(\d{1,2})\b/i,
    source: 'https://wiki.rockylinux.org/rocky/version/',
    endsOn: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
  },
  {
    name: 'Windows Server',
    said: /\bwindows[ _-]server[ _-](20\d\d(?:[ _-]r2)?)/i,
    source: 'https://learn.microsoft.com/lifecycle/products/?terms=Windows%20Server',
    endsOn: {
      '2008': '2020-01-14',
      '2008 r2': '2020-01-14',
      '2012': '2023-10-10',
      '2012 r2': '2023-10-10',
      '2016': '2027-01-12',
      '2019': '2029-01-09',
      '2022': '2031-10-14',
      '2025': '2034-10-10',
    },
  },
];

/** The operating systems that a text names and this table knows; Debian's and Ubuntu's SSH greetings are such texts too. */
export function operatingSystemsIn(text: string): OperatingSystem[] {
  // First, for `Debian-2+deb12u3` is no Debian 2.
  const words = `${systemOfGreeting(text)} ${text}`;
  return FAMILIES.flatMap(({ name, said, source, endsOn }) => {
    const release = said
      .exec(words)
      ?.slice(1)
      .find((part) => part !== undefined)
      ?.toLowerCase()
      .replaceAll(/[_-]/g, ' ');
    const last = release === undefined || !Object.hasOwn(endsOn, release) ? undefined : endsOn[release];
    return last ? [{ name: `${name} ${release!.replace('r2', 'R2')}`, endsOn: last, source }] : [];
  });
}

/** Whether nobody mends it any more at `now`: its last day is over, UTC. */
export const hasEnded = ({ endsOn }: OperatingSystem, now: Date): boolean => now.toISOString().slice(0, 10) > endsOn;

/** OpenSSH as Ubuntu packages it never leaves its release: `OpenSSH_8.9p1 Ubuntu-3ubuntu0.10` is 22.04. */
const UBUNTU_BY_OPENSSH: Record<string, string> = {
  '6.6': '14.04',
  '7.2': '16.04',
  '7.6': '18.04',
  '8.2': '20.04',
  '8.9': '22.04',
  '9.6': '24.04',
};

/** `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3` → `Debian 12`; an empty text for what tells nothing. */
function systemOfGreeting(greeting: string): string {
  const debian = /OpenSSH_\S+ Debian-\S*\+deb(\d{1,2})u/.exec(greeting)?.[1];
  if (debian) return `Debian ${debian}`;
  const openSsh = /OpenSSH_(\d+\.\d+)p\d+ Ubuntu-/.exec(greeting)?.[1];
  const ubuntu = openSsh && UBUNTU_BY_OPENSSH[openSsh];
  return ubuntu ? `Ubuntu ${ubuntu}` : '';
}
