/** How far a machine is, as steps up to healthy; on the way out, as one line. */
import { Group, Loader, Stepper, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Launch } from './queries.ts';

const STEPS = [
  { state: 'accepted', label: 'Accepted', description: 'We have your order' },
  { state: 'planned', label: 'Planned', description: 'Image is chosen' },
  { state: 'pending', label: 'Starting', description: 'EC2 boots it' },
  { state: 'running', label: 'Running', description: 'The software comes up' },
  { state: 'healthy', label: 'Healthy', description: 'It answers' },
] as const;

export function Progress({ launch }: { launch: Launch }) {
  const isNarrow = useMediaQuery('(max-width: 62em)');
  const step = STEPS.findIndex(({ state }) => state === launch.state);
  if (launch.desired === 'terminated' || step === -1) return <Outcome launch={launch} />;
  // All steps are behind a healthy machine.
  const active = launch.state === 'healthy' ? STEPS.length : step + 1;
  return (
    <Stepper
      active={active}
      orientation={isNarrow ? 'vertical' : 'horizontal'}
      size="sm"
      labelPosition="bottom"
      allowNextStepsSelect={false}
      aria-label="Progress"
    >
      {STEPS.map(({ state, label, description }, index) => (
        <Stepper.Step key={state} label={label} description={description} loading={index === active} />
      ))}
    </Stepper>
  );
}

const OUTCOMES: Partial<Record<Launch['state'], string>> = {
  failed: 'This machine did not come up. Nothing is charged for it from here on.',
  terminated: 'This machine is gone.',
  stopped: 'This machine has stopped.',
  stopping: 'This machine is stopping.',
};

function Outcome({ launch: { state } }: { launch: Launch }) {
  const isOver = state === 'terminated' || state === 'failed' || state === 'stopped';
  return (
    <Group>
      {!isOver && <Loader size="sm" />}
      <Text>{OUTCOMES[state] ?? 'This machine is being terminated.'}</Text>
    </Group>
  );
}
