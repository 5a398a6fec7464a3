/** EC2's error codes as kinds that we act on (EC2 API reference, "Error codes"). */

/**
 * `gone`: no such thing, or not yet. `capacity`: EC2 or the account's quota has no room now. `throttled`: too many calls.
 * `refused`: the request is wrong and stays wrong. `denied`: we may not, which whoever looks after the account can change.
 * `unavailable`: EC2 or our access to it fails; the request may be right.
 */
export type Ec2ErrorKind = 'gone' | 'capacity' | 'throttled' | 'refused' | 'denied' | 'unavailable';

export class Ec2Error extends Error {
  override readonly name = 'Ec2Error';

  /** @param code EC2's own, or the transport's (`ECONNRESET`, `TimeoutError`). */
  constructor(
    readonly kind: Ec2ErrorKind,
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${message}`, options);
  }

  /** Throttling says something about the account and nothing about the row: it comes again in its turn, and has not failed. */
  get postpones(): boolean {
    return this.kind === 'throttled';
  }
}

const KINDS: ReadonlyArray<[RegExp, Ec2ErrorKind]> = [
  [/\.NotFound$|^InvalidAMIID\.Unavailable$/, 'gone'],
  [/^Insufficient|LimitExceeded$|^MaxSpotInstanceCountExceeded$|^ResourceCountExceeded$/, 'capacity'],
  // Access and account trouble is mended by whoever the account belongs to: what was asked is tried again until it is.
  [/^(AuthFailure|Unauthorized|UnauthorizedOperation|AccessDenied|OptInRequired|PendingVerification|Blocked)/, 'denied'],
  [
    /^(RequestExpired|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|MissingAuthenticationToken|CredentialsProviderError)/,
    'unavailable',
  ],
  [/^(VPCIdNotSpecified|DefaultVpcDoesNotExist|MissingInput|InvalidVpcID|InvalidSubnet)/, 'unavailable'],
  // Another worker was faster; the next look finds what it made.
  [/^InvalidGroup\.Duplicate$/, 'unavailable'],
  // An earlier call with this token went through while our settings were others: what it made will be seen by its token.
  [/^IdempotentParameterMismatch$|^IncorrectInstanceState$|^OperationNotPermitted$/, 'unavailable'],
];
const THROTTLED =
  /^(RequestLimitExceeded|RequestResourceCountExceeded|Throttling|ThrottlingException|EC2ThrottledException|SlowDown)$/;

/** Our own code, for what the SDK could make nothing of: a proxy's page, or that of an EC2 of another make which broke. */
const UNREADABLE = 'UnreadableAnswer';

/** Puts an error of the SDK into our terms. What EC2 refuses with 4xx and no entry above is `refused`. */
export function toEc2Error(error: unknown): Ec2Error {
  if (error instanceof Ec2Error) return error;
  const { $responseBodyText: text } = error as { $responseBodyText?: string };
  if (text !== undefined) {
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    const said = `The answer, status ${$metadata?.httpStatusCode ?? 'unknown'}, is not EC2's: ${text.slice(0, 200)}`;
    return new Ec2Error('unavailable', UNREADABLE, said, { cause: error });
  }
  const {
    name = 'Error',
    code,
    message = '',
    $metadata,
  } = error as { name?: string; code?: string; message?: string; $metadata?: { httpStatusCode?: number } };
  const said = code && name === 'Error' ? code : name;
  return new Ec2Error(kindOf(said, $metadata?.httpStatusCode), said, message || 'no answer', { cause: error });
}

export function kindOf(code: string, status: number | undefined): Ec2ErrorKind {
  if (THROTTLED.test(code)) return 'throttled';
  const known = KINDS.find(([pattern]) => pattern.test(code));
  if (known) return known[1];
  return status !== undefined && status >= 400 && status < 500 ? 'refused' : 'unavailable';
}

/** What an EC2 of another make does not have (`UnsupportedOperation`: nor EC2 itself, there). */
export const isUnsupported = (error: unknown): boolean =>
  error instanceof Ec2Error && /^(InvalidAction|UnsupportedOperation|NotImplemented|ActionNotImplemented)$/.test(error.code);

/** What an EC2 of another make says of a filter that it does not know: that it is wrong, that it has none, or nothing that can be read. */
export const isUnknownFilter = (error: unknown): boolean =>
  isUnsupported(error) || isRefused(error) || (error instanceof Ec2Error && error.code === UNREADABLE);

export const isGone = (error: unknown): boolean => error instanceof Ec2Error && error.kind === 'gone';
export const isDenied = (error: unknown): error is Ec2Error => error instanceof Ec2Error && error.kind === 'denied';
export const isRefused = (error: unknown): error is Ec2Error => error instanceof Ec2Error && error.kind === 'refused';
export const isThrottled = (error: unknown): boolean => error instanceof Ec2Error && error.kind === 'throttled';
