/** A fixed amount for each calendar month begun, however little of it there was. */
import type { Rate } from '../money.ts';
import type { Part } from './price.ts';

export const flat = (rate: Rate): Part[] => [{ label: '', quantity: 1n, unitSize: 1n, rate }];
