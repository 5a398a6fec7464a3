/** Writes an object as EC2 and STS write theirs: lists as <item> elements, times as UTC ISO 8601, absent members left out. */

export type Xml = string | number | boolean | Date | undefined | Xml[] | XmlObject;
export interface XmlObject {
  [name: string]: Xml;
}

/** @param attributes literal text for the opening tag, for the namespace of a document's root. */
export function element(name: string, value: Xml, attributes = ''): string {
  if (value === undefined) return '';
  const content = contentOf(value);
  const opening = attributes ? `${name} ${attributes}` : name;
  return content === '' ? `<${opening}/>` : `<${opening}>${content}</${name}>`;
}

function contentOf(value: Exclude<Xml, undefined>): string {
  if (Array.isArray(value)) return value.map((item) => element('item', item)).join('');
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, member]) => element(name, member))
      .join('');
  }
  return escape(String(value));
}

const ENTITY: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no way to write the other control characters, so they are dropped; a bare CR would be read back as LF. */
const escape = (text: string): string =>
  text
    .replaceAll(/[&<>"]/g, (character) => ENTITY[character] ?? character)
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('\r', '&#xD;');
