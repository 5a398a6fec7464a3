/** Descriptions of vendors become text on a page and nothing else. */
import { describe, expect, it } from 'vitest';
import { parseMarkdown } from './markdown.ts';

describe('a description in Markdown', () => {
  it('has headings, paragraphs, lists and code', () => {
    expect(
      parseMarkdown(
        '# Vault\n\nKeeps **secrets**\nsafe.\n\n- one `machine`\n- ready in\n  minutes\n\n1. launch\n2. open\n\n```\ncurl http://vault/\n```',
      ),
    ).toEqual([
      { kind: 'heading', level: 1, content: [{ kind: 'text', text: 'Vault' }] },
      {
        kind: 'paragraph',
        content: [
          { kind: 'text', text: 'Keeps ' },
          { kind: 'strong', text: 'secrets' },
          { kind: 'text', text: ' safe.' },
        ],
      },
      {
        kind: 'list',
        isOrdered: false,
        items: [
          [
            { kind: 'text', text: 'one ' },
            { kind: 'code', text: 'machine' },
          ],
          [{ kind: 'text', text: 'ready in minutes' }],
        ],
      },
      { kind: 'list', isOrdered: true, items: [[{ kind: 'text', text: 'launch' }], [{ kind: 'text', text: 'open' }]] },
      { kind: 'code', text: 'curl http://vault/' },
    ]);
  });

  it('keeps markup and script as the words they are', () => {
    const html = '<img src=x onerror="alert(1)">';
    expect(parseMarkdown(html)).toEqual([{ kind: 'paragraph', content: [{ kind: 'text', text: html }] }]);
  });

  it('links to other sites and mailboxes, and to nothing else', () => {
    const [block] = parseMarkdown(
      '[docs](https://acme.example/docs) [mail](mailto:help@acme.example) [bad](javascript:alert(1)) [own](/account)',
    );
    const links = block?.kind === 'paragraph' ? block.content.filter(({ kind }) => kind === 'link') : [];
    expect(links).toEqual([
      { kind: 'link', text: 'docs', href: 'https://acme.example/docs' },
      { kind: 'link', text: 'mail', href: 'mailto:help@acme.example' },
    ]);
  });

  it('comes to an end on anything', () => {
    expect(parseMarkdown('```\nnever closed')).toEqual([{ kind: 'code', text: 'never closed' }]);
    expect(parseMarkdown('#\n-\n*\n   \n')).toHaveLength(1);
  });
});
