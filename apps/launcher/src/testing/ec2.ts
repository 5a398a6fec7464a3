/** The sandbox's EC2 by AWS's own SDK, as somebody beside the launcher would use it. */
import { EC2Client } from '@aws-sdk/client-ec2';
import type { World } from './world.ts';

export const ec2Of = ({ sandbox, settings }: World, region = 'us-east-1'): EC2Client =>
  new EC2Client({
    region,
    endpoint: sandbox.ec2,
    credentials: { accessKeyId: settings.AWS_ACCESS_KEY_ID!, secretAccessKey: settings.AWS_SECRET_ACCESS_KEY! },
  });
