/** Numbers without gaps. */
import type { EntityManager } from 'typeorm';

/**
 * The counter's row is locked until what took the numbers is committed with it.
 * @returns the first of them
 */
export async function nextCount(tx: EntityManager, series: string, howMany = 1): Promise<bigint> {
  const [row] = await tx.query(
    `insert into billing.invoice_counter as counter (series, last) values ($1, $2)
     on conflict (series) do update set last = counter.last + excluded.last returning last::text`,
    [series, howMany],
  );
  return BigInt(row.last) - BigInt(howMany) + 1n;
}
