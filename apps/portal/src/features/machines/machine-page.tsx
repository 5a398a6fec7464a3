/** One machine on its way to a URL, at work, and on its way out. */
import { Alert, Anchor, Button, Card, DataList, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconExternalLink } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, ask } from '../../lib/api.ts';
import { instant } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { TextLink } from '../../ui/links.tsx';
import { NotFound } from '../../ui/not-found.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { SilentBadge } from '../usage/silences.tsx';
import { ConsoleOutput } from './console-output.tsx';
import { Progress } from './progress.tsx';
import { launchQuery, type Launch } from './queries.ts';

export function MachinePage() {
  const { id } = useParams({ from: '/buyer/machines/$id' });
  const launch = useQuery(launchQuery(id));
  return <Asked query={launch}>{(machine) => (machine ? <Machine launch={machine} /> : <NotFound what="machine" />)}</Asked>;
}

function Machine({ launch }: { launch: Launch }) {
  const isGone = launch.state === 'terminated' || launch.state === 'failed';
  return (
    <Page
      title={launch.product}
      above={
        <TextLink to="/machines" size="sm">
          Machines
        </TextLink>
      }
      lead={`Version ${launch.version} in ${launch.region}`}
      actions={launch.desired === 'running' && !isGone && <Terminate launch={launch} />}
    >
      <Card>
        <Stack gap="xl">
          <Progress launch={launch} />
          {launch.failure && (
            <Alert
              color={launch.state === 'failed' ? 'red' : 'orange'}
              icon={<IconAlertTriangle />}
              title={launch.state === 'failed' ? 'It did not come up' : 'Not yet'}
              role="alert"
            >
              {launch.failure}
            </Alert>
          )}
          {launch.url && (
            <Group>
              <Button
                component="a"
                href={launch.url}
                target="_blank"
                rel="noopener noreferrer"
                size="md"
                rightSection={<IconExternalLink size={18} />}
              >
                Open {launch.product}
              </Button>
              <Anchor href={launch.url} target="_blank" rel="noopener noreferrer">
                {launch.url}
              </Anchor>
            </Group>
          )}
        </Stack>
      </Card>
      <Section title="Details">
        <DataList labelWidth={160}>
          <Fact label="State">
            <Group gap="xs">
              <StateBadge state={launch.state} />
              <SilentBadge instanceId={launch.id} />
            </Group>
          </Fact>
          <Fact label="Instance type">{launch.instanceType}</Fact>
          <Fact label="EC2 instance">{launch.ec2InstanceId ?? 'none yet'}</Fact>
          <Fact label="Asked for">{instant(launch.createdAt)}</Fact>
          {launch.launchedAt && <Fact label="Started">{instant(launch.launchedAt)}</Fact>}
          {launch.healthyAt && <Fact label="Healthy since">{instant(launch.healthyAt)}</Fact>}
          {launch.terminatedAt && <Fact label="Terminated">{instant(launch.terminatedAt)}</Fact>}
          <Fact label="Subscription">
            <TextLink to="/subscriptions/$id" params={{ id: launch.subscriptionId }} size="sm">
              Price, usage and cancelling
            </TextLink>
          </Fact>
        </DataList>
      </Section>
      {launch.ec2InstanceId && <ConsoleOutput id={launch.id} />}
    </Page>
  );
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <DataList.Item>
    <DataList.ItemLabel>{label}</DataList.ItemLabel>
    <DataList.ItemValue>{typeof children === 'string' ? <Text size="sm">{children}</Text> : children}</DataList.ItemValue>
  </DataList.Item>
);

function Terminate({ launch: { id, product } }: { launch: Launch }) {
  const queryClient = useQueryClient();
  return (
    <ConfirmButton
      question={`Terminate this machine of ${product}?`}
      consequence="It stops, and what is on it is gone. It is charged until it has stopped."
      confirm="Terminate machine"
      act={async () => {
        await ask(api.DELETE('/v1/launches/{id}', { params: { path: { id } } }));
        await queryClient.invalidateQueries({ queryKey: ['launches'] });
      }}
    >
      Terminate
    </ConfirmButton>
  );
}
