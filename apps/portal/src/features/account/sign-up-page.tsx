/** Opens an account: the person and their company, in one go. */
import { Button, Card, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { openCompany, signUp, type NewCompany } from '../../lib/session.ts';
import { TextLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { CompanyFields, companyRules, noCompany } from './company-fields.tsx';
import { homeOf } from './home.ts';

interface Answers extends NewCompany {
  name: string;
  email: string;
  password: string;
}

export function SignUpPage() {
  const { next } = useSearch({ from: '/sign-up' });
  const router = useRouter();
  const form = useForm<Answers>({
    initialValues: { name: '', email: '', password: '', ...noCompany },
    validate: { ...companyRules, password: (value) => (value.length < 10 ? 'Use at least 10 characters' : null) },
  });
  const joining = useMutation({
    mutationFn: async ({ name, email, password, ...company }: Answers) => {
      await signUp({ name, email, password });
      // The person exists from here on; what goes wrong with the company is asked again on its own page.
      await openCompany(company).catch(async (error: unknown) => {
        await router.navigate({ to: '/company', search: { next } });
        throw error;
      });
    },
    onSuccess: (_, { kind }) => router.history.push(next ?? homeOf(kind)),
  });
  return (
    <Page title="Open an account" narrow>
      <Card>
        <form onSubmit={form.onSubmit((values) => joining.mutate(values))}>
          <Stack>
            <ProblemAlert error={joining.error} title="The account was not opened" />
            <TextInput label="Your name" autoComplete="name" required {...form.getInputProps('name')} />
            <TextInput label="E-mail" type="email" autoComplete="username" required {...form.getInputProps('email')} />
            <PasswordInput
              label="Password"
              description="At least 10 characters"
              autoComplete="new-password"
              required
              {...form.getInputProps('password')}
            />
            <Divider my="xs" />
            <CompanyFields form={form} />
            <Button type="submit" loading={joining.isPending} fullWidth>
              Open account
            </Button>
          </Stack>
        </form>
      </Card>
      <Text size="sm" ta="center">
        Here before?{' '}
        <TextLink to="/sign-in" search={{ next }}>
          Sign in
        </TextLink>
      </Text>
    </Page>
  );
}
