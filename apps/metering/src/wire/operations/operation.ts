/** What the operations of the wire have in common. */
import { wrongAllocations, type Allocation } from '#domain/usage.ts';
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

export const outOfBounds = (): WireError =>
  new WireError('TimestampOutOfBoundsException', 'The timestamp is outside of the hours for which usage is taken now.');

export const noSuchProduct = (): WireError =>
  new WireError('InvalidProductCodeException', 'The product code is not one for which you may report usage.');

export const noSuchDimension = (dimension: string): WireError =>
  new WireError(
    'InvalidUsageDimensionException',
    `The dimension "${dimension}" is not one that this subscription's prices meter.`,
  );
