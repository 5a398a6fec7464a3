/**
 * Reads the Markdown that vendors describe their products with: headings, paragraphs, lists, code, emphasis, links. It gives
 * data, never HTML, so whatever a vendor writes is text on the page and cannot become markup or script.
 */

export type Inline = { kind: 'text' | 'strong' | 'em' | 'code'; text: string } | { kind: 'link'; text: string; href: string };

export type Block =
  | { kind: 'heading'; level: number; content: Inline[] }
  | { kind: 'paragraph'; content: Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string };

const HEADING = /^(#{1,6})\s+(.+?)\s*#*$/;
const BULLET = /^\s{0,3}[-*+]\s+(.*)$/;
const NUMBER = /^\s{0,3}\d{1,9}[.)]\s+(.*)$/;
const FENCE = /^\s{0,3}```/;

export function parseMarkdown(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  while (lines.length > 0) {
    const block = takeBlock(lines);
    if (block) blocks.push(block);
  }
  return blocks;
}

/** Takes the next block off the front of `lines`; at least one line. */
function takeBlock(lines: string[]): Block | null {
  const line = lines[0]!;
  if (line.trim() === '') {
    lines.shift();
    return null;
  }
  const heading = HEADING.exec(line);
  if (heading) {
    lines.shift();
    return { kind: 'heading', level: heading[1]!.length, content: parseInline(heading[2]!) };
  }
  if (FENCE.test(line)) return takeCode(lines);
  if (BULLET.test(line)) return takeList(lines, BULLET, false);
  if (NUMBER.test(line)) return takeList(lines, NUMBER, true);
  return takeParagraph(lines);
}

function takeCode(lines: string[]): Block {
  lines.shift();
  const end = lines.findIndex((line) => FENCE.test(line));
  const code = lines.splice(0, end === -1 ? lines.length : end);
  lines.shift();
  return { kind: 'code', text: code.join('\n') };
}

function takeList(lines: string[], marker: RegExp, isOrdered: boolean): Block {
  const items: string[] = [];
  for (let line = lines[0]; line !== undefined && line.trim() !== ''; line = lines[0]) {
    const item = marker.exec(line);
    // A line that is indented goes on with the item above it.
    if (item) items.push(item[1]!);
    else if (/^\s/.test(line)) items.push(`${items.pop()!} ${line.trim()}`);
    else break;
    lines.shift();
  }
  return { kind: 'list', isOrdered, items: items.map(parseInline) };
}

function takeParagraph(lines: string[]): Block {
  const words: string[] = [];
  do words.push(lines.shift()!.trim());
  while (lines.length > 0 && lines[0]!.trim() !== '' && ![HEADING, FENCE, BULLET, NUMBER].some((start) => start.test(lines[0]!)));
  return { kind: 'paragraph', content: parseInline(words.join(' ')) };
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let done = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > done) parts.push({ kind: 'text', text: text.slice(done, match.index) });
    parts.push(inlineOf(match));
    done = match.index + match[0].length;
  }
  if (done < text.length) parts.push({ kind: 'text', text: text.slice(done) });
  return parts;
}

function inlineOf([whole, code, strong, em, label, href]: RegExpExecArray): Inline {
  if (code) return { kind: 'code', text: code };
  if (strong) return { kind: 'strong', text: strong };
  if (em) return { kind: 'em', text: em };
  // Only links that leave for another site or a mailbox; `javascript:` and the like stay text.
  if (label && /^(https?:\/\/|mailto:)/i.test(href!)) return { kind: 'link', text: label, href: href! };
  return { kind: 'text', text: whole };
}
