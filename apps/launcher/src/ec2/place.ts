/** Where EC2 is asked: a region, in an account. */

/** A buyer's AWS account, as the buyer connected it. */
export interface AwsConnection {
  id: string;
  accountId: string;
  /** The role that we assume there. */
  roleArn: string;
  /** What the role asks for, so that nobody else can have us assume it. */
  externalId: string;
}

export interface Place {
  region: string;
  /** Null: the platform's own account. */
  connection: AwsConnection | null;
}

/** The platform's own account in a region. */
export const ownPlace = (region: string): Place => ({ region, connection: null });
