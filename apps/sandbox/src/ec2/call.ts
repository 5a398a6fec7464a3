/** One call of one action: who calls, in which region, and the answer's shape. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { clientToken, flag, readInput, refusedByEc2 } from './input.ts';
import type { Parameters } from './query.ts';
import type { TokenUse, World } from './world.ts';
import type { XmlObject } from './xml.ts';

export interface Call {
  world: World;
  accountId: string;
  region: string;
  /** The sandbox's present, the same throughout the call. */
  now: Date;
}

export type Action = (call: Call, parameters: Parameters) => XmlObject;
export type Actions = Record<string, Action>;

/**
 * An action that accepts `members` and nothing else. A dry run is answered when the input has the right shape and before
 * anything is looked up or done.
 */
export function action<T extends z.core.$ZodLooseShape>(
  members: T,
  run: (call: Call, input: z.output<z.ZodObject<T, z.core.$strict>>, parameters: Parameters) => XmlObject,
): Action {
  const dryRun = z.looseObject({ DryRun: flag.optional() });
  const schema = z.strictObject(members);
  return (call, parameters) => {
    const { DryRun: only, ...given } = readInput(dryRun, parameters, refusedByEc2);
    const input = readInput(schema, given as Parameters, refusedByEc2);
    if (only) throw new VendorError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.');
    return run(call, input, given as Parameters);
  };
}

/**
 * Runs `first` once for each ClientToken and gives the ids it made again to every repeat.
 * @throws VendorError IdempotentParameterMismatch when the token comes back with other parameters.
 */
export function once(call: Call, operation: string, parameters: Parameters, first: () => string[]): string[] {
  const { ClientToken: token, ...others } = parameters;
  if (typeof token !== 'string') return first();
  const key = [call.accountId, call.region, operation, token].join('/');
  const fingerprint = createHash('sha256').update(canonical(others)).digest('hex');
  const used: TokenUse | undefined = call.world.tokens.get(key);
  if (used && used.fingerprint !== fingerprint) {
    throw new VendorError(
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    );
  }
  const made = used?.made ?? first();
  if (!used) call.world.tokens.set(key, { fingerprint, made });
  return made;
}

export { clientToken };

/** JSON whose members are in the order of their names. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    member && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
