/** Shapes of launches: what was asked for, and what EC2 shows of it. */
import { z } from 'zod';

export const NewLaunch = z
  .object({
    subscriptionId: z.uuid(),
    region: z.string().min(1).max(40),
    instanceType: z.string().min(1).max(40),
    awsConnectionId: z
      .uuid()
      .optional()
      .describe("run it in your own AWS account, by this connection; without it in the marketplace's"),
  })
  .meta({ id: 'NewLaunch' });
export type NewLaunch = z.output<typeof NewLaunch>;

export const LaunchView = z
  .object({
    id: z.uuid(),
    subscriptionId: z.uuid(),
    product: z.string(),
    version: z.string(),
    region: z.string(),
    instanceType: z.string(),
    awsConnectionId: z.uuid().nullable().describe("the connection that it runs through; null: the marketplace's own account"),
    connectionProblem: z.string().nullable().describe('why that connection does not work at the moment'),
    desired: z.enum(['running', 'stopped', 'terminated']),
    state: z.enum([
      'accepted',
      'planned',
      'pending',
      'running',
      'healthy',
      'stopping',
      'stopped',
      'terminating',
      'terminated',
      'failed',
    ]),
    url: z.string().nullable().describe('where the appliance answers, once it is healthy'),
    ec2InstanceId: z.string().nullable(),
    failure: z.string().nullable(),
    createdAt: z.iso.datetime(),
    launchedAt: z.iso.datetime().nullable(),
    healthyAt: z.iso.datetime().nullable(),
    terminatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Launch' });
export type LaunchView = z.output<typeof LaunchView>;

export const LaunchList = z.object({ items: z.array(LaunchView) }).meta({ id: 'LaunchList' });
