/**
 * Reads EC2's Query wire: `Filter.1.Name=tag:x&Filter.1.Value.1=y` becomes { Filter: [{ Name: 'tag:x', Value: ['y'] }] }.
 * Knows no action; every leaf stays the text that was sent.
 */
import { VendorError } from '../vendor-error.ts';

export type Parameter = string | Parameter[] | Parameters;
export interface Parameters {
  [name: string]: Parameter;
}

/**
 * @param body the form as it was sent.
 * @throws VendorError when a name is given twice, or as a value and as a structure.
 */
export function parseQuery(body: string): Parameters {
  const tree: Branch = new Map();
  for (const [name, value] of new URLSearchParams(body)) plant(tree, name, value);
  return Object.fromEntries([...tree].map(([name, node]) => [name, grown(node)]));
}

type Branch = Map<string, Node>;
type Node = string | Branch;

function plant(tree: Branch, name: string, value: string): void {
  const path = name.split('.');
  const leaf = path.pop() ?? '';
  let branch = tree;
  for (const part of path) {
    const next = branch.get(part) ?? new Map<string, Node>();
    if (typeof next === 'string') throw malformed(name);
    branch.set(part, next);
    branch = next;
  }
  if (branch.has(leaf)) throw malformed(name);
  branch.set(leaf, value);
}

/** A branch whose names are all numbers is a list, in the order of the numbers. */
function grown(node: Node): Parameter {
  if (typeof node === 'string') return node;
  const members = [...node];
  if (!members.every(([name]) => /^\d+$/.test(name))) {
    return Object.fromEntries(members.map(([name, member]) => [name, grown(member)]));
  }
  return members.sort(([a], [b]) => Number(a) - Number(b)).map(([, member]) => grown(member));
}

const malformed = (name: string): VendorError =>
  new VendorError('MalformedQueryString', `The parameter ${name} is given more than once, or as a value and as a structure`);
