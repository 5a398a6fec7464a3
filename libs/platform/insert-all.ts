/** Writes many rows of an entity in one statement with one parameter, where a statement with a parameter for each value would be slow. */
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

/**
 * @param rows whole: each says every column, with null where there is nothing.
 * @throws TypeError when one does not: the table's default would not be taken
 */
export async function insertAll<T extends ObjectLiteral>(
  tx: EntityManager,
  entity: EntityTarget<T>,
  rows: readonly T[],
): Promise<void> {
  if (rows.length === 0) return;
  const { tablePath, columns } = tx.connection.getMetadata(entity);
  const names = columns.map((column) => `"${column.databaseName}"`).join(', ');
  const json = rows.map((row) =>
    Object.fromEntries(
      columns.map((column) => {
        const value: unknown = column.getEntityValue(row);
        if (value === undefined) throw new TypeError(`A row for ${tablePath} says nothing of ${column.propertyName}.`);
        const stored: unknown = [column.transformer ?? []].flat().reduce((kept, transformer) => transformer.to(kept), value);
        return [column.databaseName, plain(stored)];
      }),
    ),
  );
  await tx.query(
    `insert into ${tablePath} (${names}) select ${names} from jsonb_populate_recordset(null::${tablePath}, $1::jsonb)`,
    [JSON.stringify(json)],
  );
}

const plain = (value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value;
