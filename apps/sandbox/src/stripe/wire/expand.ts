/** Puts objects in the place of their ids where the caller asked for it: `latest_charge.balance_transaction`, `data.customer`. */
import { invalid } from './errors.ts';
import type { StripeState } from '../state.ts';

type Tree = Record<string, unknown>;

const DEEPEST = 4;

/** @throws StripeRefusal 400 when a path leads to nothing that can be expanded. */
export function expand(state: StripeState, answer: object, paths: string[]): object {
  const presented = presentAll(state, answer);
  return paths.reduce<Tree>((so, path) => {
    const steps = path.split('.');
    if (steps.length > DEEPEST) throw invalid(`You cannot expand more than ${DEEPEST} levels of a property. Property: ${path}`);
    return expandStep(state, so, steps, path);
  }, presented);
}

function presentAll(state: StripeState, answer: object): Tree {
  const tree = state.present(answer) as Tree;
  if (!Array.isArray(tree['data'])) return tree;
  return { ...tree, data: tree['data'].map((item: object) => state.present(item)) };
}

function expandStep(state: StripeState, tree: Tree, [step, ...rest]: string[], path: string): Tree {
  if (step === undefined) return tree;
  if (!Object.hasOwn(tree, step)) throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand[]' });
  return { ...tree, [step]: expandValue(state, tree[step], rest, path) };
}

function expandValue(state: StripeState, value: unknown, rest: string[], path: string): unknown {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => expandValue(state, item, rest, path));
  if (typeof value === 'object') return expandStep(state, value as Tree, rest, path);
  const found = typeof value === 'string' ? state.find(value) : undefined;
  if (!found) throw invalid(`This property cannot be expanded (${path}).`, { param: 'expand[]' });
  return expandStep(state, state.present(found) as Tree, rest, path);
}
