/** A company for a person who is signed in: their first, or one more. */
import { Button, Card, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { openCompany, type NewCompany } from '../../lib/session.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { CompanyFields, companyRules, noCompany } from './company-fields.tsx';
import { homeOf } from './home.ts';

export function CompanyPage() {
  const { next } = useSearch({ from: '/company' });
  const router = useRouter();
  const form = useForm<NewCompany>({ initialValues: noCompany, validate: companyRules });
  const opening = useMutation({
    mutationFn: openCompany,
    onSuccess: (_, { kind }) => router.history.push(next ?? homeOf(kind)),
  });
  return (
    <Page title="Your company" lead="Everything here belongs to a company: what it buys, or what it sells." narrow>
      <Card>
        <form onSubmit={form.onSubmit((values) => opening.mutate(values))}>
          <Stack>
            <ProblemAlert error={opening.error} />
            <CompanyFields form={form} />
            <Button type="submit" loading={opening.isPending} fullWidth>
              Continue
            </Button>
          </Stack>
        </form>
      </Card>
    </Page>
  );
}
