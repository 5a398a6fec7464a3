/** The instance types that the sandbox knows: enough of each family to launch on x86_64 and on arm64. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, type Actions } from './call.ts';
import { filtered, paged } from './filters.ts';
import { filters, flag, paging, text } from './input.ts';
import { zonesOf } from './regions.ts';

export interface InstanceType {
  name: string;
  architecture: 'x86_64' | 'arm64';
  vcpus: number;
  memoryMiB: number;
  burstable: boolean;
}

const type = (name: string, vcpus: number, memoryGiB: number): InstanceType => ({
  name,
  architecture: /^[a-z]+\dg/.test(name) ? 'arm64' : 'x86_64',
  vcpus,
  memoryMiB: memoryGiB * 1024,
  burstable: name.startsWith('t'),
});

const TYPES: InstanceType[] = [
  type('t3.nano', 2, 0.5),
  type('t3.micro', 2, 1),
  type('t3.small', 2, 2),
  type('t3.medium', 2, 4),
  type('t3.large', 2, 8),
  type('t3.xlarge', 4, 16),
  type('t4g.micro', 2, 1),
  type('t4g.small', 2, 2),
  type('t4g.medium', 2, 4),
  type('m6i.large', 2, 8),
  type('m6i.xlarge', 4, 16),
  type('m7i.large', 2, 8),
  type('m7i.xlarge', 4, 16),
  type('m7i.2xlarge', 8, 32),
  type('m7g.medium', 1, 4),
  type('m7g.large', 2, 8),
  type('m7g.xlarge', 4, 16),
  type('c7i.large', 2, 4),
  type('c7i.xlarge', 4, 8),
  type('c7g.large', 2, 4),
  type('r7i.large', 2, 16),
  type('r7g.large', 2, 16),
];

/** @throws VendorError InvalidParameterValue, as EC2 answers to a type that it does not have. */
export function instanceTypeNamed(name: string): InstanceType {
  const found = TYPES.find((candidate) => candidate.name === name);
  if (!found) throw new VendorError('InvalidParameterValue', `Invalid value '${name}' for InstanceType.`);
  return found;
}

export const instanceTypeActions: Actions = {
  DescribeInstanceTypes: action(
    { InstanceType: z.array(text).optional(), Filter: filters, IncludeUnsupportedInRegion: flag.optional(), ...paging },
    (_, input) => {
      const unknown = (input.InstanceType ?? []).filter((name) => !TYPES.some((known) => known.name === name));
      if (unknown.length > 0) {
        throw new VendorError(
          'InvalidInstanceType',
          `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
        );
      }
      const named = TYPES.filter((known) => !input.InstanceType || input.InstanceType.includes(known.name));
      const shown = filtered(named, input.Filter, {
        'instance-type': (known) => [known.name],
        'processor-info.supported-architecture': (known) => [known.architecture],
        'vcpu-info.default-vcpus': (known) => [String(known.vcpus)],
        'memory-info.size-in-mib': (known) => [String(known.memoryMiB)],
        'burstable-performance-supported': (known) => [String(known.burstable)],
        'current-generation': () => ['true'],
        'bare-metal': () => ['false'],
        hypervisor: () => ['nitro'],
      });
      const page = paged(shown, (known) => TYPES.indexOf(known), input, { smallest: 5, largest: 100 });
      return { instanceTypeSet: page.items.map(written), nextToken: page.nextToken };
    },
  ),

  DescribeInstanceTypeOfferings: action(
    {
      LocationType: z.enum(['region', 'availability-zone', 'availability-zone-id']).default('region'),
      Filter: filters,
      ...paging,
    },
    ({ region }, input) => {
      const all = TYPES.flatMap(({ name }) => WHERE[input.LocationType](region).map((location) => ({ name, location })));
      const shown = filtered(all, input.Filter, {
        'instance-type': ({ name }) => [name],
        location: ({ location }) => [location],
      });
      const page = paged(shown, (offering) => all.indexOf(offering), input);
      return {
        instanceTypeOfferingSet: page.items.map(({ name, location }) => ({
          instanceType: name,
          locationType: input.LocationType,
          location,
        })),
        nextToken: page.nextToken,
      };
    },
  ),
};

/** The sandbox has every type in every zone. */
const WHERE = {
  region: (region: string) => [region],
  'availability-zone': (region: string) => zonesOf(region).map((zone) => zone.name),
  'availability-zone-id': (region: string) => zonesOf(region).map((zone) => zone.id),
};

const written = (known: InstanceType) => ({
  instanceType: known.name,
  currentGeneration: true,
  freeTierEligible: known.name === 't3.micro',
  supportedUsageClasses: ['on-demand', 'spot'],
  supportedRootDeviceTypes: ['ebs'],
  supportedVirtualizationTypes: ['hvm'],
  bareMetal: false,
  hypervisor: 'nitro',
  processorInfo: { supportedArchitectures: [known.architecture] },
  vCpuInfo: { defaultVCpus: known.vcpus },
  memoryInfo: { sizeInMiB: known.memoryMiB },
  instanceStorageSupported: false,
  ebsInfo: { ebsOptimizedSupport: 'default', encryptionSupport: 'supported' },
  networkInfo: { enaSupport: 'required' },
  placementGroupInfo: { supportedStrategies: ['cluster', 'partition', 'spread'] },
  hibernationSupported: false,
  burstablePerformanceSupported: known.burstable,
  dedicatedHostsSupported: false,
  autoRecoverySupported: true,
  supportedBootModes: ['legacy-bios', 'uefi'],
});
