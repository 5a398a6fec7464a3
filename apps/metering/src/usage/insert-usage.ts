/**
 * The one statement that writes usage: client tokens, records, their allocations and the marks of dirty days, all or none, in one
 * round trip. It is a transaction of its own, so that its answer means COMMIT.
 */
import { hourOf, type Allocation } from '#domain/usage.ts';

export interface UsageRow {
  subscriptionId: string;
  /** Start of the hour of use. */
  hour: Date;
  sourceId: string;
  dimension: string;
  quantity: number;
  allocations: readonly Allocation[];
  recordId: string;
  requestSha: Buffer;
  signedBy: string;
  /** The caller's name for its request, and SHA-256 of all that it asked for. */
  clientToken: { token: string; sha: Buffer } | undefined;
}

/**
 * Everybody inserts in the order of the key (the caller sorts), so that two groups hardly ever wait for each other in a ring. Rows
 * whose client token is known already are left out and looked up afterwards. Returns the ids of the records that are new.
 */
export const INSERT_USAGE = `
with given as materialized (
  select * from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::bigint[], $6::uuid[], $7::bytea[], $8::text[], $11::text[], $12::bytea[])
    with ordinality as given (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, client_token, token_sha, place)
), token as (
  insert into metering.usage_client_token (subscription_id, source_id, client_token, request_sha, received_at)
  select given.subscription_id, given.source_id, given.client_token, given.token_sha, $9
    from given where given.client_token is not null
   order by given.subscription_id, given.source_id, given.client_token
  on conflict (subscription_id, source_id, client_token) do nothing
  returning subscription_id, source_id, client_token
), record as (
  insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
  select given.subscription_id, given.hour, given.source_id, given.dimension, given.quantity, given.record_id, given.request_sha, given.signed_by, $9
    from given
   where given.client_token is null
      or (given.subscription_id, given.source_id, given.client_token) in (select token.subscription_id, token.source_id, token.client_token from token)
   order by given.place
  on conflict (subscription_id, hour, source_id, dimension) do nothing
  returning subscription_id, hour, source_id, dimension, record_id
), mark as (
  insert into metering.usage_dirty (subscription_id, day, mark)
  select distinct record.subscription_id, (record.hour at time zone 'UTC')::date, $10::uuid from record
)
select record.record_id from record`;

/** The same without client tokens, which the batches of vendors do not have. */
export const INSERT_USAGE_WITHOUT_TOKENS = `
with record as (
  insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
  select given.subscription_id, given.hour, given.source_id, given.dimension, given.quantity, given.record_id, given.request_sha, given.signed_by, $9
    from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::bigint[], $6::uuid[], $7::bytea[], $8::text[])
      with ordinality as given (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, place)
   order by given.place
  on conflict (subscription_id, hour, source_id, dimension) do nothing
  returning subscription_id, hour, record_id
), mark as (
  insert into metering.usage_dirty (subscription_id, day, mark)
  select distinct record.subscription_id, (record.hour at time zone 'UTC')::date, $10::uuid from record
)
select record.record_id from record`;

/** The same with allocations, in one JSON array; few reports have any. */
export const INSERT_USAGE_WITH_ALLOCATIONS = INSERT_USAGE.replace(
  ', mark as (',
  `, allocation as (
  insert into metering.usage_allocation (subscription_id, hour, source_id, dimension, place, quantity, tags)
  select record.subscription_id, record.hour, record.source_id, record.dimension, part.place, part.quantity, part.tags
    from jsonb_to_recordset($13::jsonb) as part (record_id uuid, place integer, quantity bigint, tags jsonb) join record using (record_id)
), mark as (`,
);

/** The statement for these rows, and its parameters. @param rows sorted by key, no client token twice. */
export function insertStatement(
  rows: readonly UsageRow[],
  { receivedAt, mark }: { receivedAt: Date; mark: string },
): { name: string; text: string; values: unknown[] } {
  const records = [
    literal(rows, (row) => row.subscriptionId),
    literal(rows, (row) => isoHour(row.hour)),
    literal(rows, (row) => row.sourceId),
    literal(rows, (row) => quoted(row.dimension)),
    literal(rows, (row) => row.quantity),
    literal(rows, (row) => row.recordId),
    literal(rows, (row) => bytes(row.requestSha)),
    literal(rows, (row) => quoted(row.signedBy)),
    receivedAt.toISOString(),
    mark,
  ];
  const hasAllocations = rows.some((row) => row.allocations.length > 0);
  if (!hasAllocations && rows.every((row) => row.clientToken === undefined))
    return { name: 'insert usage without tokens', text: INSERT_USAGE_WITHOUT_TOKENS, values: records };
  const tokens = [
    literal(rows, ({ clientToken }) => (clientToken ? quoted(clientToken.token) : 'null')),
    literal(rows, ({ clientToken }) => (clientToken ? bytes(clientToken.sha) : 'null')),
  ];
  if (!hasAllocations) return { name: 'insert usage', text: INSERT_USAGE, values: [...records, ...tokens] };
  const parts = rows.flatMap((row) =>
    row.allocations.map(({ quantity, tags }, place) => ({ record_id: row.recordId, place, quantity, tags })),
  );
  return {
    name: 'insert usage with allocations',
    text: INSERT_USAGE_WITH_ALLOCATIONS,
    values: [...records, ...tokens, JSON.stringify(parts)],
  };
}

/** An array as PostgreSQL reads it. The driver would make the same of it, looking at each element in turn for what it may be. */
function literal<T>(rows: readonly T[], element: (row: T) => string | number): string {
  let text = '{';
  for (let index = 0; index < rows.length; index += 1) text += (index > 0 ? ',' : '') + element(rows[index]!);
  return `${text}}`;
}

const bytes = (value: Buffer): string => `"\\\\x${value.toString('hex')}"`;

const quoted = (text: string): string =>
  PLAIN.test(text) ? `"${text}"` : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const PLAIN = /^[\w.:/-]*$/;

let lastHour = { time: Number.NaN, text: '' };

/** Nearly all rows are of one hour. */
function isoHour(hour: Date): string {
  const time = hour.getTime();
  if (lastHour.time !== time) lastHour = { time, text: hourOf(hour).toISOString() };
  return lastHour.text;
}

/** What stands in the way of rows that were not inserted: the record that holds the key, and what the client token was used for. */
export const FIND_STANDING = `
select given.place::int - 1 as index, record.record_id, record.request_sha, used.request_sha as token_sha
  from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[])
    with ordinality as given (subscription_id, hour, source_id, dimension, client_token, place)
  left join metering.usage_record record using (subscription_id, hour, source_id, dimension)
  left join metering.usage_client_token used
    on used.subscription_id = given.subscription_id and used.source_id = given.source_id and used.client_token = given.client_token`;

export interface StandingRow {
  index: number;
  record_id: string | null;
  request_sha: Buffer | null;
  token_sha: Buffer | null;
}

export const standingStatement = (rows: readonly UsageRow[]): { name: string; text: string; values: unknown[] } => ({
  name: 'find standing usage',
  text: FIND_STANDING,
  values: [
    literal(rows, (row) => row.subscriptionId),
    literal(rows, (row) => isoHour(row.hour)),
    literal(rows, (row) => row.sourceId),
    literal(rows, (row) => quoted(row.dimension)),
    literal(rows, ({ clientToken }) => (clientToken ? quoted(clientToken.token) : 'null')),
  ],
});
