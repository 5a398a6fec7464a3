/** Numbers without gaps. */
import type { EntityManager } from 'typeorm';

/** The counter's row is locked until what took the number is committed with it. */
export async function nextCount(tx: EntityManager, series: string): Promise<bigint> {
  const [row] = await tx.query(
    `insert into billing.invoice_counter as counter (series, last) values ($1, 1)
     on conflict (series) do update set last = counter.last + 1 returning last::text`,
    [series],
  );
  return BigInt(row.last);
}
