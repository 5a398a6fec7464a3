/**
 * A stretch of the units that were used in a period, in the order of their use: the units after `from` up to and with `to`. Where the
 * price changes in mid-period each version has a stretch of its own, and tiers, packages and included units go on where the one before
 * stopped: they are per agreement, dimension and period (docs/MONEY.md, "Rating").
 */
export interface Stretch {
  from: bigint;
  to: bigint;
}

export const lengthOf = ({ from, to }: Stretch): bigint => to - from;

/** What of `stretch` lies after the first `free` units, and where it then stands among what is charged. */
export const beyond = ({ from, to }: Stretch, free: bigint): Stretch => ({ from: past(from, free), to: past(to, free) });

const past = (position: bigint, free: bigint): bigint => (position > free ? position - free : 0n);
