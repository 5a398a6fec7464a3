/** What a buyer pays at least for a month: what is short of it is a line of its own, after rounding and after discounts (R5). */
import type { Minor, Rate } from '../money.ts';
import type { Span } from '../period.ts';
import { monthly } from './monthly.ts';
import type { Part } from './price.ts';

/** The minimum of a part of a month is its part, by the second. */
export const minimumOf = (rate: Rate, span: Span): Part[] => monthly(rate, span);

/** @param spent the net usage lines of the agreement and period, which discounts were taken off. */
export const trueUp = (minimum: Minor, spent: Minor): Minor => (spent < minimum ? minimum - spent : 0n);
