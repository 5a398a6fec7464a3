/** Who one is here, and the keys that programs of the company use. */
import { DataList, Select } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { title } from '../../lib/format.ts';
import { actFor, companies, meQuery } from '../../lib/session.ts';
import { Asked } from '../../ui/asked.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { AccessKeys } from './access-keys.tsx';
import { ApiKeys } from './api-keys.tsx';

export function AccountPage() {
  const me = useQuery(meQuery);
  return (
    <Page
      title="Account"
      actions={
        <ButtonLink to="/company" variant="default">
          Add a company
        </ButtonLink>
      }
    >
      <Asked query={me}>
        {(who) =>
          who && (
            <>
              <Section title={who.organization.name} aside={<CompanySwitch current={who.organization.id} />}>
                <DataList labelWidth={140}>
                  <Fact label="Kind" value={title(who.organization.kind)} />
                  <Fact label="Signed in as" value={who.user ? `${who.user.name} (${who.user.email})` : 'an API key'} />
                  <Fact label="AWS account" value={who.organization.awsAccountId ?? 'none given'} />
                </DataList>
              </Section>
              <ApiKeys organizationId={who.organization.id} />
              {who.organization.kind === 'vendor' && <AccessKeys />}
            </>
          )
        }
      </Asked>
    </Page>
  );
}

const Fact = ({ label, value }: { label: string; value: string }) => (
  <DataList.Item>
    <DataList.ItemLabel>{label}</DataList.ItemLabel>
    <DataList.ItemValue>{value}</DataList.ItemValue>
  </DataList.Item>
);

/** Shown to people with more than one company. */
function CompanySwitch({ current }: { current: string }) {
  const router = useRouter();
  const own = useQuery({ queryKey: ['companies'], queryFn: companies });
  const switching = useMutation({ mutationFn: actFor, onSuccess: () => router.invalidate() });
  if (!own.data || own.data.length < 2) return null;
  return (
    <Select
      aria-label="Act for"
      data={own.data.map(({ id, name, kind }) => ({ value: id, label: `${name} (${kind})` }))}
      value={current}
      allowDeselect={false}
      disabled={switching.isPending}
      onChange={(id) => id && switching.mutate(id)}
    />
  );
}
