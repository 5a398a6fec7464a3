/** What the operations of the wire have in common. */
import { wrongAllocations, type Allocation, type WindowPolicy } from '#domain/usage.ts';
import type { MeteringConfig } from '../../config.ts';
import type { Signer } from '../signers.ts';
import { WireError } from '../wire.errors.ts';

export interface Operation {
  /** @param body the parsed request. @throws WireError as the service model names them. */
  answer(signer: Signer, body: unknown): Promise<object>;
}

/** @throws WireError InvalidTagException, InvalidUsageAllocationsException */
export function refuseWrongAllocations(quantity: number, allocations: Allocation[]): void {
  const wrong = wrongAllocations(quantity, allocations);
  if (wrong === 'tags') throw new WireError('InvalidTagException', 'A bucket of usage has more than five tags, or a key twice.');
  if (wrong === 'allocations')
    throw new WireError(
      'InvalidUsageAllocationsException',
      'The usage allocations must add up to the quantity, with a different set of tags each, and be at most 2,500.',
    );
}

/** What the operator allows those who may report so many hours back. */
export const policyOf = (config: MeteringConfig, hours: number): WindowPolicy => ({
  hours,
  futureSkewSeconds: config.FUTURE_SKEW_SECONDS,
  graceHours: config.CLOSE_GRACE_HOURS,
});

export const outOfBounds = (): WireError =>
  new WireError('TimestampOutOfBoundsException', 'The timestamp is outside of the hours for which usage is taken now.');

export const noSuchProduct = (): WireError =>
  new WireError('InvalidProductCodeException', 'The product code is not one for which you may report usage.');

export const noSuchDimension = (dimension: string): WireError =>
  new WireError(
    'InvalidUsageDimensionException',
    `The dimension "${dimension}" is not one that this subscription's prices meter.`,
  );
