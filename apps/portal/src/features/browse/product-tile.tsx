/** A product's picture: its initials on a colour that stays the same for the same name. */
import { Avatar } from '@mantine/core';

export const ProductTile = ({ name, size = 48 }: { name: string; size?: number }) => (
  <Avatar name={name} color="initials" radius="md" size={size} variant="filled" aria-hidden />
);
