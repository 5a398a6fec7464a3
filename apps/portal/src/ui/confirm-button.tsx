/** A button for what cannot be undone: asks first, and stays open with the reason when it did not work. */
import { Button, Group, Modal, Stack, Text, type ButtonProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from './problem-alert.tsx';

interface Props extends ButtonProps {
  children: ReactNode;
  question: string;
  consequence: ReactNode;
  /** What the button in the question says; the verb, not "OK". */
  confirm: string;
  act: () => Promise<unknown>;
}

export function ConfirmButton({ question, consequence, confirm, act, children, ...button }: Props) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const action = useMutation({ mutationFn: act, onSuccess: close });
  return (
    <>
      <Button color="red" variant="light" {...button} onClick={open}>
        {children}
      </Button>
      <Modal opened={isOpen} onClose={close} title={<Text fw={600}>{question}</Text>} centered>
        <Stack>
          <Text size="sm">{consequence}</Text>
          <ProblemAlert error={action.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button color="red" loading={action.isPending} onClick={() => action.mutate()}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
