/** Shapes of the question whether a machine runs a product. */
import { z } from 'zod';

export const InstanceToConfirm = z
  .object({
    productCode: z.string().min(1).max(255),
    instanceId: z.string().regex(/^i-[0-9a-f]{8,17}$/, 'must be an EC2 instance id such as i-0123456789abcdef0'),
    region: z.string().min(1).max(40).optional().describe('looked for in all regions when not given'),
  })
  .meta({ id: 'InstanceToConfirm' });
export type InstanceToConfirm = z.output<typeof InstanceToConfirm>;

const Yes = z.object({
  confirmed: z.literal(true),
  ownerId: z.string().nullable().describe('the AWS account that the machine runs in'),
  subscriptionId: z.uuid(),
  customerIdentifier: z.string(),
  state: z.enum(['planned', 'pending', 'running', 'healthy', 'stopping', 'stopped', 'terminating', 'terminated', 'failed']),
});
const No = z.object({ confirmed: z.literal(false) });

export const InstanceConfirmation = z.discriminatedUnion('confirmed', [Yes, No]).meta({ id: 'InstanceConfirmation' });
export type InstanceConfirmation = z.output<typeof InstanceConfirmation>;
