/** What a company is asked when it joins. Used with and without the questions about the person. */
import { Radio, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { NewCompany } from '../../lib/session.ts';

export const noCompany: NewCompany = { company: '', kind: 'buyer', awsAccountId: '' };

export const companyRules = {
  company: (value: string) => (value.trim().length < 2 ? 'Give the name of your company' : null),
  awsAccountId: (value: string) => (value && !/^\d{12}$/.test(value) ? 'An AWS account id has 12 digits' : null),
};

export function CompanyFields<Values extends NewCompany>({ form }: { form: UseFormReturnType<Values, Values> }) {
  return (
    <Stack>
      <TextInput label="Company" autoComplete="organization" required {...form.getInputProps('company')} />
      <Radio.Group label="What brings you here?" {...form.getInputProps('kind')}>
        <Stack mt="xs" gap="xs">
          <Radio value="buyer" label="We want to run appliances" description="Subscribe to products and launch machines" />
          <Radio value="vendor" label="We want to sell appliances" description="Publish machine images and earn from their use" />
        </Stack>
      </Radio.Group>
      <TextInput
        label="AWS account id"
        description={
          form.values.kind === 'vendor'
            ? 'Optional. The account that owns your images; partners of yours find you by it.'
            : 'Optional. Tells vendors which account you are when you use their software.'
        }
        inputMode="numeric"
        placeholder="123456789012"
        {...form.getInputProps('awsAccountId')}
      />
    </Stack>
  );
}
