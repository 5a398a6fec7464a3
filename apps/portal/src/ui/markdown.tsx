/** Shows the blocks that lib/markdown reads. */
import { Anchor, Code, List, Text, Title, type TitleOrder } from '@mantine/core';
import { Fragment, useMemo } from 'react';
import { parseMarkdown, type Block, type Inline } from '../lib/markdown.ts';

export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return blocks.map((block, index) => <Fragment key={index}>{shown(block)}</Fragment>);
}

function shown(block: Block) {
  switch (block.kind) {
    case 'heading':
      // The page's own headings are the first two.
      return <Title order={Math.min(block.level + 2, 6) as TitleOrder}>{block.content.map(words)}</Title>;
    case 'paragraph':
      return <Text style={{ lineHeight: 1.65 }}>{block.content.map(words)}</Text>;
    case 'code':
      return <Code block>{block.text}</Code>;
    case 'list':
      return (
        <List type={block.isOrdered ? 'ordered' : 'unordered'} withPadding={false}>
          {block.items.map((item, index) => (
            <List.Item key={index}>{item.map(words)}</List.Item>
          ))}
        </List>
      );
  }
}

function words(part: Inline, index: number) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'strong':
      return <strong key={index}>{part.text}</strong>;
    case 'em':
      return <em key={index}>{part.text}</em>;
    case 'code':
      return <Code key={index}>{part.text}</Code>;
    case 'link':
      return (
        <Anchor key={index} href={part.href} rel="noopener noreferrer nofollow" target="_blank">
          {part.text}
        </Anchor>
      );
  }
}
