/** The documents against the repository: links lead somewhere, files that are named are there, commands can be run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].sort();
const folders = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.slipway')
  .map((entry) => entry.name);
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');

  it('links to files and headings that are there', () => {
    const broken = linksIn(text).filter((link) => {
      const [path, heading] = decodeURI(link).split('#') as [string, string?];
      const target = path ? join(ROOT, dirname(document), path) : join(ROOT, document);
      if (!existsSync(target)) return true;
      return heading !== undefined && !headingsOf(readFileSync(target, 'utf8')).includes(heading);
    });
    expect(broken).toEqual([]);
  });

  it('names files that are there', () => {
    expect(pathsIn(text).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names commands that there are', () => {
    const named = [...text.matchAll(/\bnpm run ([a-z][a-z:-]*)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

it('looks at every document', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'ARCHITECTURE.md', join('docs', 'GLOSSARY.md')]));
  expect(relative(ROOT, import.meta.dirname)).toBe('tools');
});

it('tells in ARCHITECTURE.md who may read whose tables, as the migrations grant it', () => {
  const migrations = readdirSync(join(ROOT, 'migrations')).filter((name) => /^\d{13}-/.test(name));
  const granted = migrations.flatMap((name) => {
    const text = readFileSync(join(ROOT, 'migrations', name), 'utf8');
    return [...text.matchAll(/grant select on ([a-z_]+\.[^;%]+?) to ([^;]+);/g)].flatMap(([, tables, roles]) =>
      tables!.split(', ').flatMap((table) => roles!.split(', ').map((role) => `${table} to ${role}`)),
    );
  });
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const told = [...text.matchAll(/^\| (api|launcher|metering|billing) +\| (`[^|]+) \| ([^|]+)\|$/gm)].flatMap(
    ([, owner, tables, roles]) =>
      [...tables!.matchAll(/`(\w+)`/g)].flatMap(([, table]) =>
        roles!.split(',').map((role) => `${owner}.${table} to ${role.trim()}`),
      ),
  );
  expect(told.sort()).toEqual(granted.sort());
});

/** Targets of Markdown links and of `src`, without those that lead to other sites. */
function linksIn(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const links = [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)|src(?:set)?="([^"]+)"/g)].map(([, link, source]) => link ?? source!);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

/** Code spans that are a path into one of our folders: no pattern, no placeholder, no command. */
function pathsIn(text: string): string[] {
  const spans = [...text.matchAll(/`([^`\s]+)`/g)].map(([, span]) => span!);
  const paths = spans.filter((span) => /^[\w./-]+$/.test(span) && folders.includes(span.split('/')[0]!) && span.includes('/'));
  return paths.filter((path) => !path.startsWith('.slipway') && !path.includes('…'));
}

/** GitHub's names of headings: lower case, no punctuation, hyphens for spaces. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}
