/** The refusals of EC2 and STS: an error code, the vendor's sentence and the HTTP status that goes with it. */

export class VendorError extends Error {
  readonly httpStatus: number;

  /** @param httpStatus what the vendor sends with this code, unless the caller knows better. */
  constructor(
    readonly code: string,
    message: string,
    httpStatus?: number,
  ) {
    super(message);
    this.httpStatus = httpStatus ?? statusOf(code);
  }
}

/** EC2 answers 400 to nearly everything it refuses; these are the exceptions (EC2 API reference, "Error codes"). */
const STATUS: Record<string, number> = {
  AuthFailure: 401,
  MissingAuthenticationToken: 403,
  SignatureDoesNotMatch: 403,
  InvalidClientTokenId: 403,
  ExpiredToken: 403,
  AccessDenied: 403,
  UnauthorizedOperation: 403,
  OptInRequired: 403,
  DryRunOperation: 412,
  InternalError: 500,
  InternalFailure: 500,
  InsufficientInstanceCapacity: 500,
  InsufficientAddressCapacity: 500,
  InsufficientCapacity: 500,
  InsufficientVolumeCapacity: 500,
  InsufficientReservedInstanceCapacity: 500,
  RequestLimitExceeded: 503,
  RequestResourceCountExceeded: 503,
  Throttling: 503,
  EC2ThrottledException: 503,
  ServiceUnavailable: 503,
  Unavailable: 503,
};

export const statusOf = (code: string): number => STATUS[code] ?? 400;

/** The sentence for a code that the control port asked for without one. */
export const messageOf = (code: string): string => MESSAGE[code] ?? `The sandbox was told to refuse this call with ${code}.`;

const MESSAGE: Record<string, string> = {
  InsufficientInstanceCapacity:
    'We currently do not have sufficient capacity in the Availability Zone you requested. Our system will be working on provisioning additional capacity.',
  RequestLimitExceeded: 'Request limit exceeded.',
  InternalError: 'An internal error has occurred',
  Unavailable: 'The server is overloaded and cannot handle the request.',
  UnauthorizedOperation: 'You are not authorized to perform this operation.',
  VcpuLimitExceeded:
    'You have requested more vCPU capacity than your current vCPU limit allows for the instance bucket that the specified instance type belongs to.',
  InstanceLimitExceeded: 'Your quota allows for 0 more running instance(s).',
};
