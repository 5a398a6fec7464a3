/** A PostgreSQL with its default durability, and databases in which many buyers have used Acme's Vault for a month that is to be closed. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Pool } from 'pg';
import { build } from '#platform/app.ts';
import { TestClock } from '#testing/clock.ts';
import { subscribedMarketplace } from '#testing/fixtures.ts';
import { freePort } from '#testing/ports.ts';
import { billing } from '../../apps/billing/src/billing.app.ts';
import { migrate } from '../../tools/migrations.ts';
import { ensureDatabase, startPostgres } from '../../tools/postgres.ts';
import { temporaryFolder } from '../../tools/temporary.ts';

const PASSWORD = 'bench-only';
/** The month that is closed, and when. */
const MONTH = '2026-01-01';
const CLOSED_AT = '2026-02-01T06:00:00Z';

export interface Place {
  /** As the owner of the database. */
  owner: Pool;
  /** As the role billing. */
  url: string;
}

/** Databases in one PostgreSQL, gone afterwards. */
export async function inNewPlaces<T>(names: string[], work: (places: Place[]) => Promise<T>): Promise<T> {
  const folder = temporaryFolder('slipway-bench-');
  const port = await freePort();
  const postgres = await startPostgres({ dataDir: join(folder, 'data'), port, password: PASSWORD });
  const places: Place[] = [];
  try {
    for (const name of names) {
      await ensureDatabase(postgres, name);
      await migrate(postgres.url(name), { billing: PASSWORD });
      const owner = new Pool({ connectionString: postgres.url(name), max: 2 });
      owner.on('error', () => {}); // The database is stopped when something fails; what failed is to be seen then.
      places.push({ owner, url: `postgres://billing:${PASSWORD}@127.0.0.1:${port}/${name}` });
    }
    return await work(places);
  } finally {
    await Promise.all(places.map(({ owner }) => owner.end()));
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Billing {
  app: NestFastifyApplication;
  clock: TestClock;
  close(): Promise<void>;
}

/** The app itself, on the day that the month is closed; its stages are worked by whoever measures. */
export async function startBilling({ url }: Place, stripeApi = 'http://127.0.0.1:9'): Promise<Billing> {
  const clock = new TestClock(CLOSED_AT);
  const config = billing.config({
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    PORT: '0',
    DATABASE_URL: url,
    SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
    CALLER_SECRET: 'a secret that only the benchmark uses',
    STRIPE_API_KEY: 'sk_test_slipway_sandbox',
    STRIPE_API_BASE: stripeApi,
    STRIPE_WEBHOOK_SECRET: 'whsec_of_the_benchmark',
    // Every total is as usual: what is held is not measured here.
    CLOSE_REVIEW_PERCENT: '100000',
  });
  const app = await build(billing, config, { clock, stages: 'by-hand' });
  await app.init();
  return { app, clock, close: () => app.close() };
}

/**
 * So many buyers with an agreement each, four daily sums in the month, and months before it that are invoiced and paid.
 * @param months how many of those
 */
export async function fill({ owner }: Place, { agreements, months }: { agreements: number; months: number }): Promise<void> {
  const sql = async <T>(text: string, values: unknown[] = []): Promise<T[]> => (await owner.query(text, values)).rows as T[];
  const market = await subscribedMarketplace({ sql }, { at: '2020-01-01T00:00:00Z', hourly: '0.0837', perUser: '0.333' });
  await sql('delete from api.subscription');
  await sql(
    `insert into api.organization (id, name, slug, "createdAt", kind, "awsAccountId")
     select md5('b' || n)::uuid, 'Buyer ' || n, 'buyer-' || n, $2::timestamptz, 'buyer', lpad(n::text, 12, '0') from generate_series(1, $1::int) n`,
    [agreements, MONTH],
  );
  await sql(
    `insert into api.subscription (id, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, customer_identifier, license_arn, started_at)
     select md5('s' || n)::uuid, md5('b' || n)::uuid, $2, $3, $4, $5, 'usd', offer.terms_sha256, 'cust' || n, 'license-' || n, $6::timestamptz - make_interval(months => $7)
       from api.offer, generate_series(1, $1::int) n where offer.id = $4`,
    [agreements, market.vendorId, market.productId, market.offerId, market.priceVersionId, MONTH, months],
  );
  // Month 0 is the one to be closed.
  await sql(
    `insert into billing.period (id, subscription_id, buyer_id, currency, starts_at, ends_at, state, input_sha, rated_at)
     select md5('p' || n || ' ' || m)::uuid, md5('s' || n)::uuid, md5('b' || n)::uuid, 'usd', $2::timestamptz - make_interval(months => m),
            $2::timestamptz - make_interval(months => m - 1), case m when 0 then 'open' else 'invoiced' end, case m when 0 then null else sha256('x') end,
            case m when 0 then null else $2::timestamptz - make_interval(months => m - 1) + interval '6 hours' end
       from generate_series(1, $1::int) n, generate_series(0, $3::int) m`,
    [agreements, MONTH, months],
  );
  await sql(
    `insert into metering.usage_rollup (subscription_id, day, dimension, quantity, records, rows_sha, computed_at)
     select md5('s' || n)::uuid, ($2::timestamptz - make_interval(months => m))::date + d, dimension, 10 + (n * 7 + d) % 50, 24, sha256(int4send(n)),
            $2::timestamptz - make_interval(months => m) + interval '20 days'
       from generate_series(1, $1::int) n, generate_series(0, $3::int) m, generate_series(4, 5) d, unnest(array['hours', 'users']) dimension`,
    [agreements, MONTH, months],
  );
  await sql(`insert into metering.metered_until select md5('s' || n)::uuid, $2::timestamptz from generate_series(1, $1::int) n`, [
    agreements,
    CLOSED_AT,
  ]);
  if (months > 0) await fillHistory(sql, { agreements, months, ...market });
  await sql('vacuum analyze');
  await sql('checkpoint');
}

interface History {
  agreements: number;
  months: number;
  vendorId: string;
  productId: string;
  priceVersionId: string;
}

type Sql = <T>(text: string, values?: unknown[]) => Promise<T[]>;

/** Earlier months as closing them would have left them: charges with their sources, invoices, lines and journals. */
async function fillHistory(sql: Sql, { agreements, months, vendorId, productId, priceVersionId }: History): Promise<void> {
  await sql(
    `insert into billing.charge (id, period_id, subscription_id, buyer_id, vendor_id, product_id, dimension, price_version_id, description, unit, quantity,
            unit_size, rate, currency, rows_sha, model, ordinal)
     select md5('c' || n || ' ' || m || ' ' || d)::uuid, md5('p' || n || ' ' || m)::uuid, md5('s' || n)::uuid, md5('b' || n)::uuid, $3, $4,
            (array['hours', 'users'])[d], $5, 'Use', 'unit', 2 * (10 + (n * 7 + 4) % 50) + 1, 1, 0.25, 'usd', sha256('x'), 'metered', d
       from generate_series(1, $1::int) n, generate_series(1, $2::int) m, generate_series(1, 2) d`,
    [agreements, months, vendorId, productId, priceVersionId],
  );
  await sql(
    `insert into billing.charge_source (charge_id, day, quantity, rows_sha)
     select md5('c' || n || ' ' || m || ' ' || d)::uuid, ($3::timestamptz - make_interval(months => m))::date + day, 10 + (n * 7 + day) % 50, sha256('x')
       from generate_series(1, $1::int) n, generate_series(1, $2::int) m, generate_series(1, 2) d, generate_series(4, 5) day`,
    [agreements, months, MONTH],
  );
  await sql(
    `insert into billing.invoice (id, buyer_id, currency, period_start, period_end, series, number, state, total_minor, created_at, finalised_at, due_at, paid_at, input_sha)
     select md5('i' || n || ' ' || m)::uuid, md5('b' || n)::uuid, 'usd', starts_at, ends_at, 'usage', 'H-' || n || '-' || m, 'paid', 1000, ends_at, ends_at, ends_at, ends_at, sha256('x')
       from generate_series(1, $1::int) n, generate_series(1, $2::int) m,
            lateral (select $3::timestamptz - make_interval(months => m) as starts_at, $3::timestamptz - make_interval(months => m - 1) as ends_at) span`,
    [agreements, months, MONTH],
  );
  await sql(
    `insert into billing.invoice_line (id, invoice_id, ordinal, charge_id, vendor_id, product_id, description, unit, quantity, unit_size, rate, amount_minor,
            fee_basis_points, fee_minor, vendor_minor, released_at)
     select gen_random_uuid(), md5('i' || n || ' ' || m)::uuid, d, md5('c' || n || ' ' || m || ' ' || d)::uuid, $3, $4, 'Use', 'unit', 71, 1, 0.25, 500, 2000, 100, 400, now()
       from generate_series(1, $1::int) n, generate_series(1, $2::int) m, generate_series(1, 2) d`,
    [agreements, months, vendorId, productId],
  );
  await sql(
    `insert into billing.journal (id, idem_key, body_sha, kind, effective_at, created_at)
     select md5('j' || n || ' ' || m)::uuid, 'invoice:h' || n || '-' || m || ':finalise', sha256('x'), 'invoice_finalised', now(), now()
       from generate_series(1, $1::int) n, generate_series(1, $2::int) m`,
    [agreements, months],
  );
  await sql(
    `insert into billing.posting (journal_id, ordinal, account, currency, amount_minor)
     select md5('j' || n || ' ' || m)::uuid, leg.ordinal, leg.account || case leg.ordinal when 1 then md5('b' || n)::uuid::text when 2 then $3 else '' end, 'usd', leg.amount
       from generate_series(1, $1::int) n, generate_series(1, $2::int) m,
            (values (1, 'buyer_receivable/', 1000), (2, 'vendor_unsettled/', -800), (3, 'platform_revenue', -200)) leg (ordinal, account, amount)`,
    [agreements, months, vendorId],
  );
}
