/** How much of a bare server's speed is left when the storefront is read through the whole of `api`: same SQL, same rows. */
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Agent, request } from 'node:http';
import { Pool } from 'pg';
import { build } from '#platform/app.ts';
import { freePort } from '#testing/ports.ts';
import { api } from '../apps/api/src/api.app.ts';
import { migrate } from '../tools/migrations.ts';
import { ensureDatabase, startPostgres } from '../tools/postgres.ts';
import { perSecond, report } from './harness.ts';
import { temporaryFolder } from '../tools/temporary.ts';

const PASSWORD = 'bench-only';
const LISTINGS = 50;
const SQL = `select listing.*, product.name, organization.name as vendor from api.listing
  join api.product on product.id = listing.product_id join api.organization on organization.id = product.vendor_id
  where listing.state = 'public' order by listing.listed_at desc, listing.product_id limit 50`;

export async function catalogue(): Promise<void> {
  const folder = temporaryFolder('slipway-bench-');
  const port = await freePort();
  const postgres = await startPostgres({ dataDir: join(folder, 'data'), port, password: PASSWORD });
  try {
    await ensureDatabase(postgres, 'slipway');
    await migrate(postgres.url(), { api: PASSWORD });
    await fill(postgres.url());
    const databaseUrl = `postgres://api:${PASSWORD}@127.0.0.1:${port}/slipway`;
    const limit = await bareServer(databaseUrl);
    const measured = await realApi(databaseUrl);
    report('catalogue', [
      { name: 'catalogue.browse.vs-bare', limit, measured, goal: 0.4, goalIs: 'at least', unit: 'requests/s' },
    ]);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(url: string): Promise<void> {
  const owner = new Pool({ connectionString: url, max: 1 });
  await owner.query(
    `insert into api.organization (id, name, slug, "createdAt", kind) values (gen_random_uuid(), 'Acme', 'acme', '2026-01-01', 'vendor')`,
  );
  await owner.query(
    `with made as (insert into api.product (id, vendor_id, product_code, name, created_at)
       select gen_random_uuid(), organization.id, lpad(n::text, 25, '0'), 'Appliance ' || n, '2026-01-01' from api.organization, generate_series(1, $1) n returning *),
     versions as (insert into api.version (id, product_id, title, notes, source_image_id, source_region, regions, instance_types, url_template, health_path, created_at)
       select gen_random_uuid(), made.id, '1', '', 'ami-0acce550000000001', 'us-east-1', '{us-east-1}', '{t3.micro}', 'http://{address}/', '/', '2026-01-01' from made returning *)
     insert into api.listing (product_id, slug, summary, description, category, state, version_id, listed_at)
       select versions.product_id, 'appliance-' || row_number() over (), 'Does one thing well.', 'Long text.', 'other', 'public', versions.id, '2026-01-01' from versions`,
    [LISTINGS],
  );
  await owner.end();
}

async function bareServer(databaseUrl: string): Promise<number> {
  const pool = new Pool({ connectionString: databaseUrl, max: 10 });
  const server = createServer((_, response) => {
    pool.query(SQL).then(
      ({ rows }) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ items: rows })),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const rate = await load(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/listings`);
  server.close();
  await pool.end();
  return rate;
}

async function realApi(databaseUrl: string): Promise<number> {
  const secret = 'a secret that only the benchmark uses';
  const config = api.config({
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: secret,
    CALLER_SECRET: secret,
    SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
    LOG_LEVEL: 'silent',
    PORT: '0',
  });
  const app = await build(api, config, { stages: 'by-hand' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const rate = await load(`${await app.getUrl()}/v1/listings`);
  await app.close();
  return rate;
}

async function load(url: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const rate = await perSecond(() => read(url, agent));
  agent.destroy();
  return rate;
}

const read = (url: string, agent: Agent): Promise<void> =>
  new Promise((done, fail) => {
    request(url, { agent }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? done() : fail(new Error(`${url} answered ${response.statusCode}`)),
      );
    })
      .on('error', fail)
      .end();
  });
