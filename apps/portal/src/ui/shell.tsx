/** What stands around every page: name, menu by kind of account, and who is signed in. */
import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Container,
  Group,
  Menu,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconLogout, IconMoon, IconSun, IconUser } from '@tabler/icons-react';
import { Link, Outlet, useNavigate, useRouter } from '@tanstack/react-router';
import { signOut, useMe, type Me } from '../lib/session.ts';
import { Brand } from './brand.tsx';
import { ButtonLink, MenuLink } from './links.tsx';
import { placesFor } from './navigation.ts';

export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const me = useMe();
  const places = placesFor(me?.organization.kind);
  return (
    <AppShell header={{ height: 60 }} navbar={{ width: 240, breakpoint: 'sm', collapsed: { desktop: true, mobile: !isOpen } }}>
      <AppShell.Header>
        <Container h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group wrap="nowrap">
              <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
              <Brand />
              <Group component="nav" aria-label="Main" gap={2} ml="md" visibleFrom="sm" wrap="nowrap">
                {places.map(({ to, label }) => (
                  <ButtonLink
                    key={to}
                    to={to}
                    size="sm"
                    px="sm"
                    variant="subtle"
                    color="gray"
                    activeOptions={{ exact: to === '/' }}
                    activeProps={{ variant: 'light', color: 'harbour' }}
                  >
                    {label}
                  </ButtonLink>
                ))}
              </Group>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <ColorScheme />
              {me ? <Person me={me} /> : <Visitor />}
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Navbar p="md" onClick={close}>
        {/* Closed it is only moved out of sight, so it must not hold links that a keyboard would still find. */}
        {isOpen && (
          <nav aria-label="Main">
            {places.map(({ to, label, icon: Icon }) => (
              <MenuLink
                key={to}
                to={to}
                label={label}
                leftSection={<Icon size={18} />}
                activeOptions={{ exact: to === '/' }}
                activeProps={{ active: true }}
              />
            ))}
          </nav>
        )}
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function Visitor() {
  return (
    <>
      <ButtonLink to="/sign-in" variant="subtle">
        Sign in
      </ButtonLink>
      <ButtonLink to="/sign-up" visibleFrom="xs">
        Sign up
      </ButtonLink>
    </>
  );
}

function Person({ me }: { me: Me }) {
  const navigate = useNavigate();
  const router = useRouter();
  const leave = async (): Promise<void> => {
    await signOut();
    await navigate({ to: '/' });
    await router.invalidate();
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button
          variant="default"
          rightSection={<IconChevronDown size={14} />}
          maw={200}
          aria-label={`Account of ${me.organization.name}`}
        >
          {me.organization.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="xs" truncate>
            {me.user?.email}
          </Text>
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUser size={16} />}>
          Account
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ColorScheme() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={isDark ? 'Use light colours' : 'Use dark colours'}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      {isDark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  );
}
