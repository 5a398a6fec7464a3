/** Shapes of machines as EC2 shows them. */
import { z } from 'zod';

export const Id = z.uuid();

const instant = z.iso.datetime().nullable();

export const InstanceView = z
  .object({
    id: z.uuid(),
    origin: z
      .enum(['launched', 'outside'])
      .describe(
        'outside: started by its buyer with other tools from a shared image; metered as any other, and otherwise left alone',
      ),
    launchId: z.uuid().nullable().describe('the launch it serves; null for a machine of a fleet, and for one from outside'),
    fleetId: z.uuid().nullable().describe('the fleet it is a member of; null for the machine of a launch'),
    subscriptionId: z.uuid(),
    productId: z.uuid(),
    product: z.string(),
    region: z.string(),
    zone: z.string().nullable().describe('where EC2 put it'),
    instanceType: z.string(),
    state: z.enum(['planned', 'pending', 'running', 'healthy', 'stopping', 'stopped', 'terminating', 'terminated', 'failed']),
    ec2InstanceId: z.string().nullable(),
    amiId: z.string().nullable().describe("what it was launched from: the version's image that was tested in its region"),
    runsTestedImage: z.boolean().nullable().describe('whether EC2 says that it runs that image; null until it was seen'),
    publicAddress: z.string().nullable().describe('shown to the buyer only'),
    url: z.string().nullable().describe('where the appliance answers, once it is healthy; shown to the buyer only'),
    failure: z.string().nullable(),
    createdAt: z.iso.datetime(),
    launchedAt: instant,
    healthyAt: instant,
    terminatedAt: instant,
    observedAt: instant.describe('when EC2 was last asked about it'),
  })
  .meta({ id: 'Instance' });
export type InstanceView = z.output<typeof InstanceView>;

export const InstanceList = z.object({ items: z.array(InstanceView) }).meta({ id: 'InstanceList' });

export const ConsoleView = z
  .object({ output: z.string().nullable().describe('null while the machine has written nothing') })
  .meta({ id: 'ConsoleOutput' });
export type ConsoleView = z.output<typeof ConsoleView>;
