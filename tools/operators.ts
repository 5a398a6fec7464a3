/** Gives somebody who has signed up a seat of the marketplace's own: done by whoever owns the database, never through the API. */
import { Client } from 'pg';
import { newId } from '#platform/ids.ts';

/** An operator runs the marketplace; an auditor reads its book, invoices and reports, and changes nothing. */
const SEATS = {
  operator: { name: 'Marketplace operator', slug: 'marketplace-operator' },
  auditor: { name: 'Marketplace auditor', slug: 'marketplace-auditor' },
} as const;

/** As `seat`, for an operator's. */
export const makeOperator = (url: string, email: string, now = new Date()): Promise<string> => seat(url, 'operator', email, now);

/**
 * @param url the database, as its owner.
 * @returns the id of the operators' or auditors' organisation; seating the same person twice changes nothing.
 * @throws Error when nobody signed up with this address.
 */
export async function seat(url: string, kind: keyof typeof SEATS, email: string, now = new Date()): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    const { rows: users } = await client.query('select "user".id from api."user" where "user".email = $1', [email.toLowerCase()]);
    if (!users[0]) throw new Error(`Nobody has signed up as ${email}. Sign up in the portal first.`);
    const { rows: existing } = await client.query(
      'select organization.id from api.organization where organization.kind = $1 order by organization.id limit 1',
      [kind],
    );
    const id: string = existing[0]?.id ?? newId();
    if (!existing[0]) {
      await client.query(`insert into api.organization (id, name, slug, "createdAt", kind) values ($1, $2, $3, $4, $5)`, [
        id,
        SEATS[kind].name,
        SEATS[kind].slug,
        now,
        kind,
      ]);
    }
    await client.query(
      `insert into api.member (id, "organizationId", "userId", role, "createdAt") select $1, $2, $3, 'owner', $4
       where not exists (select from api.member where member."organizationId" = $2 and member."userId" = $3)`,
      [newId(), id, users[0].id, now],
    );
    await client.query('commit');
    return id;
  } finally {
    await client.end();
  }
}
