/** The CloudFormation template that makes a connection's role: its policies are those of `libs/domain/aws-access.ts`. */
import { stringify } from 'yaml';
import { buyerPolicy, OWNER_TAG, trustPolicy } from '#domain/aws-access.ts';

export interface RoleOf {
  connectionId: string;
  accountId: string;
  platformAccountId: string;
  externalId: string;
}

/**
 * YAML. The role has no name of its own, so that the stack needs no more than CAPABILITY_IAM and one account can have several.
 */
export function connectionTemplate(role: RoleOf): string {
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'The role by which Slipway runs the machines that you launch on it in this account.',
    Resources: {
      SlipwayRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Path: '/slipway/',
          Description: 'Slipway runs machines by it.',
          MaxSessionDuration: 3600,
          AssumeRolePolicyDocument: trustPolicy(role),
          Policies: [{ PolicyName: 'slipway', PolicyDocument: buyerPolicy(role) }],
          Tags: [{ Key: OWNER_TAG, Value: role.connectionId }],
        },
      },
    },
    Outputs: {
      RoleArn: { Description: 'Name this role to Slipway.', Value: { 'Fn::GetAtt': ['SlipwayRole', 'Arn'] } },
    },
  };
  // Account ids are digits and the versions look like dates: they have to stay text, also to readers of YAML 1.1.
  return stringify(template, { version: '1.1', lineWidth: 0 });
}
