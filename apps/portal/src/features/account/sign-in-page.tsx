/** Sign-in with e-mail and password. */
import { Button, Card, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { signIn } from '../../lib/session.ts';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { homeOf } from './home.ts';

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const form = useForm({ initialValues: { email: '', password: '' } });
  const entering = useMutation({
    mutationFn: ({ email, password }: { email: string; password: string }) => signIn(email, password),
    onSuccess: async (kind) => {
      if (kind) router.history.push(next ?? homeOf(kind));
      else await router.navigate({ to: '/company', search: { next } });
    },
  });
  return (
    <Page title="Sign in" narrow>
      <Card>
        <form onSubmit={form.onSubmit((values) => entering.mutate(values))}>
          <Stack>
            <ProblemAlert error={entering.error} title="You are not signed in" />
            <TextInput label="E-mail" type="email" autoComplete="username" required {...form.getInputProps('email')} />
            <PasswordInput label="Password" autoComplete="current-password" required {...form.getInputProps('password')} />
            <Button type="submit" loading={entering.isPending} fullWidth>
              Sign in
            </Button>
          </Stack>
        </form>
      </Card>
      <Text size="sm" ta="center">
        New here?{' '}
        <TextLink to="/sign-up" search={{ next }}>
          Open an account
        </TextLink>
      </Text>
    </Page>
  );
}
