/** EC2's error codes as sentences for a buyer: what is the matter, and what to do next (EC2 API reference, "Error codes"). */
import type { Ec2Error } from './ec2.errors.ts';

/** What was asked for, as far as a sentence needs it. */
export interface Asked {
  region: string;
  zone?: string | null;
  instanceType?: string;
  keyName?: string | null;
  subnetId?: string | null;
}

type Sentence = (asked: Asked, error: Ec2Error) => string;

const where = ({ zone, region }: Asked): string => zone ?? region;
const QUOTA: Sentence = (asked, { message }) =>
  /placement group/i.test(message)
    ? `The placement group has no room for another machine in ${where(asked)}: EC2 spreads at most seven in a zone. It is tried again; to wait no longer, launch ${asked.zone ? 'in another zone' : 'in another region'}, or without spread placement.`
    : 'The AWS account may have no more of this: its quota is used up. End something, or ask AWS for more under Service Quotas. It is tried again.';
const ACCESS: Sentence = (_, { code }) =>
  `AWS does not let Slipway do this in the account (${code}). Test the connection to the account and give the role what it lacks. It is tried again.`;

const SENTENCES: ReadonlyArray<[RegExp, Sentence]> = [
  [
    /^Insufficient(Instance|Host|ReservedInstance|Address)Capacity|^InsufficientCapacity/,
    (asked) =>
      `AWS has no ${asked.instanceType ?? 'machine'} free in ${where(asked)} at the moment. It is tried again; to wait no longer, launch another type, or ${asked.zone ? 'without a zone' : 'in another region'}.`,
  ],
  [/^InsufficientVolumeCapacity/, (asked) => `AWS has no room for a disk in ${where(asked)} at the moment. It is tried again.`],
  [/LimitExceeded$|^MaxSpotInstanceCountExceeded$|^ResourceCountExceeded$/, QUOTA],
  [
    /^(Paced|RequestLimitExceeded|Throttling|EC2Throttled|SlowDown)/,
    () => 'AWS asks for patience; it is tried again in a moment.',
  ],
  [
    /^InvalidKeyPair\.NotFound$/,
    ({ keyName, region }) =>
      `There is no key pair "${keyName ?? ''}" in ${region}. Make it in that AWS account and region, then start the launch again; or launch without a key.`,
  ],
  [
    /^InvalidSubnet(ID)?\.NotFound$/,
    ({ subnetId, region }) =>
      `There is no subnet ${subnetId ?? ''} in ${region} of that AWS account. Launch with one that is there, or without.`,
  ],
  [
    /^Unsupported$|^InvalidInstanceType/,
    (asked) =>
      `${asked.instanceType ?? 'This type'} is not to be had in ${where(asked)}; launch another type, or in another zone.`,
  ],
  [
    /^InsufficientFreeAddressesInSubnet$/,
    ({ subnetId }) => `The subnet ${subnetId ?? ''} has no free addresses; launch into another.`,
  ],
  [/^(UnauthorizedOperation|AccessDenied|AuthFailure|OptInRequired|InvalidClientTokenId)/, ACCESS],
  [/^PendingVerification/, () => 'AWS is still verifying the account; that takes up to some hours. It is tried again.'],
  [/^Blocked/, () => 'AWS has blocked the account; its owner has to talk to AWS support. It is tried again.'],
];

/** @returns null for what only Slipway's operator could do something about. */
export function reasonOf(error: Ec2Error, asked: Asked): string | null {
  const [, sentence] = SENTENCES.find(([code]) => code.test(error.code)) ?? [];
  if (sentence) return sentence(asked, error);
  return error.kind === 'refused' ? `EC2 refused the launch: ${error.message}` : null;
}

/** What the buyer named is not there: as final as a refusal, while other things may only not be there yet. */
const NAMED_BY_BUYER = /^Invalid(KeyPair|SubnetID|Subnet)\.NotFound$|^InsufficientFreeAddressesInSubnet$/;

export const isFinalRefusal = ({ kind, code }: Ec2Error): boolean => kind === 'refused' || NAMED_BY_BUYER.test(code);
