/** Every check of an image, region by region, for who wants to know exactly. */
import { Anchor, Collapse, List, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Asked } from '../../ui/asked.tsx';
import { imagesQuery, isMoving, type Version } from './queries.ts';

export function ImageChecks({ version }: { version: Version }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <div>
      <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={isOpen}>
        {isOpen ? 'Hide the checks' : 'Show every check'}
      </Anchor>
      <Collapse expanded={isOpen}>{isOpen && <Checks version={version} />}</Collapse>
    </div>
  );
}

const MARKS = { PASS: '✓', FAIL: '✗', NOT_EXECUTED: '…' } as const;
const COLORS = { PASS: 'green', FAIL: 'red', NOT_EXECUTED: 'dimmed' } as const;

function Checks({ version }: { version: Version }) {
  const images = useQuery(imagesQuery(version.id, isMoving(version)));
  return (
    <Asked query={images}>
      {({ items }) =>
        items.map(({ region, checks }) => (
          <div key={region}>
            <Text size="sm" fw={600} mt="sm">
              {region}
            </Text>
            <List size="sm" listStyleType="none">
              {checks.map(({ control, result, reason }) => (
                <List.Item key={control}>
                  <Text span size="sm" c={COLORS[result]} aria-label={result.toLowerCase().replace('_', ' ')}>
                    {MARKS[result]}
                  </Text>{' '}
                  {reason}
                </List.Item>
              ))}
            </List>
          </div>
        ))
      }
    </Asked>
  );
}
