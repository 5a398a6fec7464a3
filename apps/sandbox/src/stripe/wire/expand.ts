/** Puts objects in the place of their ids where the caller asked for it: `latest_charge.balance_transaction`, `data.customer`. */
import type { StripeState } from '../state.ts';
import { invalid } from './errors.ts';
import { findById, included, present } from './present.ts';

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
  const tree = present(state, answer) as Tree;
  if (!Array.isArray(tree['data'])) return tree;
  return { ...tree, data: tree['data'].map((item: object) => present(state, item)) };
}

function expandStep(state: StripeState, tree: Tree, [step, ...rest]: string[], path: string): Tree {
  if (step === undefined) return tree;
  // Some members are there only when they are asked for.
  const value = Object.hasOwn(tree, step) ? tree[step] : included(state, tree, step);
  if (value === undefined) throw cannotExpand(path);
  return { ...tree, [step]: expandValue(state, value, rest, path) };
}

function expandValue(state: StripeState, value: unknown, rest: string[], path: string): unknown {
  if (value === null) return value;
  if (Array.isArray(value)) return value.map((item) => expandValue(state, item, rest, path));
  if (typeof value === 'object') return expandStep(state, value as Tree, rest, path);
  const found = typeof value === 'string' ? findById(state, value) : undefined;
  if (!found) throw cannotExpand(path);
  return expandStep(state, present(state, found) as Tree, rest, path);
}

const cannotExpand = (path: string) => invalid(`This property cannot be expanded (${path}).`, { param: 'expand[]' });
