/** Mantine's clickable things as links of the router. */
import { Anchor, Button, NavLink, type AnchorProps, type ButtonProps, type NavLinkProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type Native<Own> = Own & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Own> & { ref?: Ref<HTMLAnchorElement> };

/** As large as the words around it, unless told otherwise. */
export const TextLink = createLink((props: Native<AnchorProps>) => <Anchor inherit={!props.size} {...props} />);
export const ButtonLink = createLink((props: Native<ButtonProps>) => <Button component="a" {...props} />);
export const MenuLink = createLink((props: Native<NavLinkProps>) => <NavLink component="a" {...props} />);
