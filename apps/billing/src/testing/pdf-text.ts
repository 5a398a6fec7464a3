/** The text of a PDF as a reader would copy it: content streams, through each font's map from glyphs to characters. */
import { inflateSync } from 'node:zlib';

export function textOf(pdf: Buffer): string {
  const source = pdf.toString('latin1');
  const objects = new Map(
    [...source.matchAll(/^(\d+) 0 obj\n([\s\S]*?)\nendobj/gm)].map(([, id, body]) => [id!, body!] as const),
  );
  const streamOf = (body: string): string => {
    const start = body.indexOf('stream\n') + 7;
    const raw = Buffer.from(body.slice(start, body.lastIndexOf('\nendstream')), 'latin1');
    return (body.includes('/FlateDecode') ? inflateSync(raw) : raw).toString('latin1');
  };
  const maps = new Map<string, Map<string, string>>();
  for (const body of objects.values()) {
    for (const [, name, id] of body.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const unicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id!) ?? '')?.[1];
      if (unicode) maps.set(name!, glyphsOf(streamOf(objects.get(unicode)!)));
    }
  }
  const pages = [...objects.values()].filter((body) => body.includes('stream\n') && /\bBT\b/.test(tryRead(() => streamOf(body))));
  return pages.map((body) => wordsOf(streamOf(body), maps)).join('\n');
}

const tryRead = (read: () => string): string => {
  try {
    return read();
  } catch {
    return '';
  }
};

function glyphsOf(cmap: string): Map<string, string> {
  const glyphs = new Map<string, string>();
  for (const [, block] of cmap.matchAll(/beginbfrange\n([\s\S]*?)endbfrange/g))
    for (const [, from, list] of block!.matchAll(/<(\w{4})> <\w{4}> \[([^\]]*)\]/g))
      for (const [index, [, hex]] of [...list!.matchAll(/<(\w+)>/g)].entries())
        glyphs.set((Number.parseInt(from!, 16) + index).toString(16).padStart(4, '0'), charactersOf(hex!));
  return glyphs;
}

const charactersOf = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');

function wordsOf(content: string, maps: Map<string, Map<string, string>>): string {
  let font = new Map<string, string>();
  let words = '';
  for (const [, name, shown = ''] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name) font = maps.get(name) ?? new Map<string, string>();
    for (const [, hex] of shown.matchAll(/<(\w+)>/g))
      for (const glyph of hex!.match(/.{4}/g) ?? []) words += font.get(glyph) ?? '\uFFFD';
  }
  return words;
}
