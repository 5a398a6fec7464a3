/** Releases of a product, and how far the image of each is in every region. */
import { Button, Modal, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { day } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { Section } from '../../ui/section.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { ImageChecks } from './image-checks.tsx';
import { versionsQuery, type ImageState, type Version } from './queries.ts';
import { VersionForm } from './version-form.tsx';

export function VersionsSection({ productId }: { productId: string }) {
  const versions = useQuery(versionsQuery(productId));
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Section
      title="Versions"
      hint="A version is one image of yours. It never changes; a better one is a new version."
      aside={
        <Button variant="light" leftSection={<IconUpload size={16} />} onClick={open}>
          Submit a version
        </Button>
      }
    >
      <Modal opened={isOpen} onClose={close} title="Submit a version" size="lg">
        <VersionForm productId={productId} previous={versions.data?.items[0]} done={close} />
      </Modal>
      <Asked query={versions}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              No versions yet. Share your image with the marketplace's AWS account, then submit it here.
            </Text>
          ) : (
            items.map((version) => <OneVersion key={version.id} version={version} />)
          )
        }
      </Asked>
    </Section>
  );
}

const WORDS: Record<ImageState, string> = {
  waiting: 'Waits for its turn',
  copying: 'Is being looked at and copied here',
  testing: 'Boots on a machine here, to see whether it answers',
  ready: 'Can be launched here',
  rejected: 'Rejected',
};

function OneVersion({ version }: { version: Version }) {
  return (
    <Stack gap="xs" component="article">
      <div>
        <Title order={3} size="h5">
          {version.title}
        </Title>
        <Text size="xs" c="dimmed">
          {version.imageId} in {version.imageRegion} · submitted {day(version.createdAt)} · {version.instanceTypes.join(', ')}
        </Text>
      </div>
      {version.notes && (
        <Text size="sm" style={{ whiteSpace: 'pre-wrap' }}>
          {version.notes}
        </Text>
      )}
      <Table.ScrollContainer minWidth={420}>
        <Table aria-label={`Images of version ${version.title}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={160}>Region</Table.Th>
              <Table.Th w={120}>State</Table.Th>
              <Table.Th>Meaning</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {version.images.map(({ region, state, rejection }) => (
              <Table.Tr key={region}>
                <Table.Td>{region}</Table.Td>
                <Table.Td>
                  <StateBadge state={state} />
                </Table.Td>
                <Table.Td>
                  <Text size="sm" c={rejection ? 'red' : 'dimmed'}>
                    {rejection ?? WORDS[state]}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ImageChecks version={version} />
    </Stack>
  );
}
