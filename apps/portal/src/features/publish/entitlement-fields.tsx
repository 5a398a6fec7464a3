/** Rows of the offer form for what subscribers are entitled to: a name, the type of its value, and the value. */
import { ActionIcon, Group, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { Schemas } from '../../lib/api.ts';

type Entitlement = Schemas['Entitlement'];
export type ValueType = Exclude<keyof Entitlement, 'dimension'>;

/** As it is typed. */
export interface EntitlementRow {
  dimension: string;
  type: ValueType;
  value: string;
}

export const NEW_ENTITLEMENT: EntitlementRow = { dimension: '', type: 'integerValue', value: '' };

const TYPES: Array<{ value: ValueType; label: string }> = [
  { value: 'integerValue', label: 'Whole number' },
  { value: 'doubleValue', label: 'Number' },
  { value: 'booleanValue', label: 'Yes or no' },
  { value: 'stringValue', label: 'Text' },
];
const ANSWERS = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

export function asRow({ dimension, ...values }: Entitlement): EntitlementRow {
  const [type, value] = Object.entries(values)[0] as [ValueType, string | number | boolean];
  return { dimension, type, value: String(value) };
}

/** What is no number goes to the API as none, which then says what is wrong. */
export function asEntitlement({ dimension, type, value }: EntitlementRow): Entitlement {
  if (type === 'stringValue') return { dimension, stringValue: value };
  if (type === 'booleanValue') return { dimension, booleanValue: value === 'true' };
  return { dimension, [type]: value.trim() === '' ? undefined : Number(value) };
}

interface Props {
  row: EntitlementRow;
  /** What the API said of `entitlements.<index>`, by the rest of the path. */
  errorOf: (path: string) => string | undefined;
  change: (row: EntitlementRow) => void;
  remove: () => void;
}

export function EntitlementFields({ row, errorOf, change, remove }: Props) {
  const error = errorOf(`.${row.type}`) ?? errorOf('');
  return (
    <Group align="flex-start">
      <TextInput
        label="Entitled to"
        placeholder="seats"
        flex={1}
        required
        value={row.dimension}
        error={errorOf('.dimension')}
        onChange={({ currentTarget }) => change({ ...row, dimension: currentTarget.value })}
      />
      <Select
        label="Kind"
        data={TYPES}
        allowDeselect={false}
        w={150}
        value={row.type}
        onChange={(type) => change({ ...row, type: type as ValueType, value: type === 'booleanValue' ? 'true' : '' })}
      />
      {row.type === 'booleanValue' ? (
        <Select
          label="Value"
          data={ANSWERS}
          allowDeselect={false}
          w={150}
          value={row.value}
          error={error}
          onChange={(value) => change({ ...row, value: value ?? 'true' })}
        />
      ) : (
        <TextInput
          label="Value"
          inputMode={row.type === 'stringValue' ? 'text' : 'decimal'}
          w={150}
          required
          value={row.value}
          error={error}
          onChange={({ currentTarget }) => change({ ...row, value: currentTarget.value })}
        />
      )}
      <ActionIcon variant="subtle" color="red" mt={28} aria-label="Remove this entitlement" onClick={remove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}
