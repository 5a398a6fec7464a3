/** The public keys with which a vendor's software verifies what RegisterUsage signs. */
import { Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../../lib/api.ts';
import { day } from '../../lib/format.ts';
import { Asked } from '../../ui/asked.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { CopyLine } from '../../ui/copy-line.tsx';
import { Section } from '../../ui/section.tsx';
import { productKeysQuery } from './queries.ts';

export function ProductKeys({ productId }: { productId: string }) {
  const queryClient = useQueryClient();
  const keys = useQuery(productKeysQuery(productId));
  const rotate = async (): Promise<void> => {
    await ask(api.POST('/v1/products/{id}/keys', { params: { path: { id: productId } } }));
    await queryClient.invalidateQueries({ queryKey: productKeysQuery(productId).queryKey });
  };
  return (
    <Section
      title="Public keys"
      hint="Software that calls RegisterUsage verifies the answer with one of these (PS256) and asks for its version."
      aside={
        <ConfirmButton
          question="Make a new key?"
          consequence="Software with an older key keeps working, and is told that there is a newer one."
          confirm="Make new key"
          act={rotate}
        >
          Rotate
        </ConfirmButton>
      }
    >
      <Asked query={keys} lines={2}>
        {({ items }) => (
          <Stack gap="sm">
            {items.toReversed().map((key) => (
              <Key key={key.version} productKey={key} />
            ))}
          </Stack>
        )}
      </Asked>
    </Section>
  );
}

const Key = ({ productKey: { version, publicKeyPem, createdAt, rotatedAt } }: { productKey: Schemas['ProductKey'] }) => (
  <div>
    <CopyLine label={`Public key, version ${version}`} value={publicKeyPem} />
    <Text size="xs" c="dimmed">
      Made {day(createdAt)}
      {rotatedAt && `, replaced ${day(rotatedAt)}`}
    </Text>
  </div>
);
