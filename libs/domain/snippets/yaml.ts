/**
 * Writes YAML 1.2 that YAML 1.1 reads the same: block style; texts plain where nothing could be meant by them, as a literal block where
 * they have lines, in double quotes otherwise. No comments, anchors or tags.
 */

/** What JSON can hold, without null. */
export type Data = string | number | boolean | readonly Data[] | { readonly [key: string]: Data };

export const toYaml = (data: Data): string => `${block(data, 0).trimStart()}\n`;

const INDENT = '  ';

/** The value after `key:` or `-`, with what goes before it: a space, or a line break and indentation. */
function block(data: Data, depth: number): string {
  if (typeof data === 'string') return ` ${text(data, depth)}`;
  if (typeof data !== 'object') return ` ${String(data)}`;
  const indent = `\n${INDENT.repeat(depth)}`;
  if (Array.isArray(data)) {
    const items = data as readonly Data[];
    if (items.length === 0) return ' []';
    // What is nested begins in the line of its dash.
    return items.map((item) => `${indent}-${nested(block(item, depth + 1), depth + 1)}`).join('');
  }
  const entries = Object.entries(data);
  if (entries.length === 0) return ' {}';
  return entries.map(([key, value]) => `${indent}${text(key, depth)}:${block(value, depth + 1)}`).join('');
}

const nested = (written: string, depth: number): string =>
  written.startsWith('\n') ? ` ${written.slice(1 + INDENT.length * depth)}` : written;

/** Words that begin with a letter and that no version of YAML takes for anything else than text. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_./-]*(::[A-Za-z0-9]+)*$/;
const MEANS_MORE = /^(true|false|yes|no|on|off|null|y|n)$/i;
/** Printable, without what YAML 1.1 breaks lines at, without carriage returns, and with something in the first line. */
const LITERAL =
  /^[\x21-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd][\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/;

function text(value: string, depth: number): string {
  if (PLAIN.test(value) && !MEANS_MORE.test(value)) return value;
  if (value.includes('\n') && LITERAL.test(value) && !value.endsWith('\n\n')) return literal(value, depth);
  return quoted(value);
}

/** A literal block; `-` where it does not end with a line break. Its indentation is said, so that spaces in its first line are its own. */
function literal(value: string, depth: number): string {
  const lines = value.replace(/\n$/, '').split('\n');
  const indented = lines.map((line) => (line === '' ? '' : `${INDENT.repeat(Math.max(depth, 1))}${line}`));
  return `|${INDENT.length}${value.endsWith('\n') ? '' : '-'}\n${indented.join('\n')}`;
}

const SHORT: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const quoted = (value: string): string =>
  `"${value.replaceAll(/["\\]|[^\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu, (char) => SHORT[char] ?? escaped(char))}"`;

function escaped(char: string): string {
  const code = char.codePointAt(0)!;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
