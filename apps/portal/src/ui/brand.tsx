/** The name of the marketplace, as a way home. */
import { Group, Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import icon from './icon.svg';

export const Brand = () => (
  <UnstyledButton component={Link} to="/" aria-label="Slipway, to the storefront">
    <Group gap="xs" wrap="nowrap">
      <img src={icon} width={30} height={30} alt="" />
      <Text fw={700} size="lg">
        Slipway
      </Text>
    </Group>
  </UnstyledButton>
);
