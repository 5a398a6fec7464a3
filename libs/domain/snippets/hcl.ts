/** Writes HCL, the language of Terraform (HCL native syntax specification), as `terraform fmt` would lay it out. */

export type HclValue = string | number | boolean | Expression | readonly HclValue[] | { readonly [key: string]: HclValue };

/** What is to be evaluated, such as `aws_instance.machine.id`: written as it is. Never of what somebody has typed. */
export class Expression {
  constructor(readonly source: string) {}
}

export interface Block {
  /** `resource`, and its labels: `aws_instance`, `machine`. */
  head: readonly [string, ...string[]];
  attributes: Readonly<Record<string, HclValue>>;
  blocks?: readonly Block[];
}

export const toHcl = (blocks: readonly Block[]): string => blocks.map((block) => `${written(block, '')}\n`).join('\n');

const INDENT = '  ';

function written({ head: [type, ...labels], attributes, blocks = [] }: Block, indent: string): string {
  const inner = indent + INDENT;
  const open = [type, ...labels.map(quoted)].join(' ');
  const parts = [assignments(attributes, inner), ...blocks.map((block) => written(block, inner))].filter((part) => part !== '');
  return parts.length === 0 ? `${indent}${open} {}` : `${indent}${open} {\n${parts.join('\n\n')}\n${indent}}`;
}

/** Equals signs stand below each other in lines that follow each other; what takes several lines ends such a group. */
function assignments(attributes: Readonly<Record<string, HclValue>>, indent: string): string {
  const entries = Object.entries(attributes).map(([name, value]) => ({ name: nameOf(name), text: valueOf(value, indent) }));
  const isLong = ({ text }: { text: string }): boolean => text.includes('\n');
  return entries
    .map((entry, at) => {
      let [first, last] = [at, at];
      if (!isLong(entry)) {
        while (first > 0 && !isLong(entries[first - 1]!)) first -= 1;
        while (last < entries.length - 1 && !isLong(entries[last + 1]!)) last += 1;
      }
      const width = Math.max(...entries.slice(first, last + 1).map(({ name }) => name.length));
      return `${indent}${entry.name.padEnd(width)} = ${entry.text}`;
    })
    .join('\n');
}

/** `{ for` would begin something else than an object. */
const nameOf = (name: string): string => (/^(?!for$)[a-z_][a-z0-9_]*$/i.test(name) ? name : quoted(name));

function valueOf(value: HclValue, indent: string): string {
  if (value instanceof Expression) return value.source;
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${(value as readonly HclValue[]).map((item) => valueOf(item, indent)).join(', ')}]`;
  const inner = assignments(value as Readonly<Record<string, HclValue>>, indent + INDENT);
  return inner === '' ? '{}' : `{\n${inner}\n${indent}}`;
}

const SHORT: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A literal: nothing in it is a template. `${` is written `$${`, and a dollar before that by its number, for `$$${` is read otherwise. */
export const quoted = (text: string): string =>
  `"${text
    .replaceAll(
      /["\\]|[^\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu,
      (char) => SHORT[char] ?? escaped(char),
    )
    .replaceAll(
      /([$%]*)([$%])\{/g,
      (_, before: string, last: string) => `${[...before].map(escaped).join('')}${last}${last}{`,
    )}"`;

function escaped(char: string): string {
  const code = char.codePointAt(0)!;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
