/** What launching and looking after machines takes, beside what EC2 allows: each figure with its limit, on a database and a sandbox of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '#platform/app.ts';
import { Ec2Machines } from '../../apps/launcher/src/ec2/machines.ts';
import { ownPlace } from '../../apps/launcher/src/ec2/place.ts';
import { launcher as definition } from '../../apps/launcher/src/launcher.app.ts';
import { report, type Row } from '../harness.ts';
import { IMAGE, inNewPlace, REGION, residentMegabytes, type Place } from './place.ts';

/** EC2's bucket of instances: so many at once, and so many more each second (EC2 Developer Guide, "Request throttling"). */
const BUCKET = { tokens: 1_000, perSecond: 2 };
const WAVE = Number(process.env.BENCH_LAUNCHES ?? 2_000);
const CLICKS = Number(process.env.BENCH_CLICKS ?? 100);
const MACHINES = Number(process.env.BENCH_MACHINES ?? 100_000);
/** A pass that takes longer is measured so far. */
const PASS_SECONDS = Number(process.env.BENCH_PASS_SECONDS ?? 60);
const PAGE = 1_000;

const STEPS: Record<string, (place: Place) => Promise<Row[]>> = { click: clickToRun, reconcile, wave };
/** With some of them only, nothing is written to bench/results. */
const ASKED = process.env.BENCH_STEPS?.split(',') ?? Object.keys(STEPS);

export async function launcher(): Promise<void> {
  const rows: Row[] = [];
  for (const [name, work] of Object.entries(STEPS))
    if (ASKED.includes(name)) rows.push(...(await step(name, () => inNewPlace(work))));
  report('launcher', rows, { keep: process.env.BENCH_STEPS === undefined });
}

async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`  ${what}: ${JSON.stringify(result)} (${Math.round((performance.now() - started) / 1000)} s)`);
  return result;
}

let toldAt = 0;
/** Every ten seconds, so that whoever watches sees that it goes on. */
function progress(how: string): void {
  if (performance.now() - toldAt < 10_000) return;
  toldAt = performance.now();
  console.log(`  … ${how}`);
}

/** From the row of the launch to EC2's own time of the machine, one launch after the other. */
async function clickToRun(place: Place): Promise<Row[]> {
  await place.start(1);
  const waits: number[] = [];
  for (let click = 0; click < CLICKS; click += 1) {
    const at = Date.now();
    const [id] = await place.accept(1);
    let machine = undefined;
    while (!machine) {
      await sleep(25);
      machine = (await place.machines()).find(({ clientToken }) => clientToken === id);
      if (Date.now() - at > 60_000) throw new Error('A launch was not made within a minute.');
    }
    waits.push(machine.launchedAt - at);
    // An idle system: what follows a launch is done before the next.
    await sleep(400);
  }
  waits.sort((a, b) => a - b);
  console.log(`  median ${waits[Math.floor(waits.length / 2)]} ms of ${waits.length}`);
  return [
    {
      name: 'launcher.click-to-run.p99-ms',
      limit: 1_000,
      measured: waits[Math.ceil(waits.length * 0.99) - 1]!,
      goal: 1,
      goalIs: 'at most',
      unit: 'ms',
    },
  ];
}

/** All at once, to three launchers, under the bucket of instances. What the bucket allows is what a launcher without any delay would take. */
async function wave(place: Place): Promise<Row[]> {
  place.sandbox.faults.clear();
  await fetch(`${place.sandbox.control}/weather`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ throttle: { resources: true } }),
  });
  await place.start(3);
  const started = Date.now();
  const allowed = Math.max(0, WAVE - BUCKET.tokens) / BUCKET.perSecond;
  await place.accept(WAVE);
  let machines = await place.machines();
  const until = started + (allowed * 3 + 120) * 1000;
  while (machines.length < WAVE && Date.now() < until) {
    await sleep(2_000);
    machines = await place.machines();
    progress(`${machines.length} of ${WAVE} launches, ${Math.round((Date.now() - started) / 1000)} s`);
  }
  const seconds = (Math.max(...machines.map(({ launchedAt }) => launchedAt)) - started) / 1000;
  const tokens = new Set(machines.map(({ clientToken }) => clientToken));
  const [row] = await place.sql<{ failed: number; doubled: number }>(
    `select count(*) filter (where state = 'failed')::int as failed, (count(*) - count(distinct launch_id))::int as doubled from launcher.instance`,
  );
  console.log(`  ${machines.length} of ${WAVE} in ${Math.round(seconds)} s, the bucket allows it in ${allowed} s`);
  return [
    {
      name: 'launcher.wave.vs-bucket',
      limit: WAVE / Math.max(1, allowed),
      measured: machines.length / seconds,
      goal: 0.95,
      goalIs: 'at least',
      unit: 'launches/s',
    },
    {
      name: 'launcher.wave.failed-or-doubled',
      limit: null,
      measured: row!.failed + row!.doubled + (machines.length - tokens.size),
      goal: null,
      goalIs: 'at most',
      unit: `of ${machines.length} launches, three launchers`,
    },
  ];
}

/** Machines that run and have not changed, looked at in one pass, beside reading them page by page and no more. */
async function reconcile(place: Place): Promise<Row[]> {
  const hourAgo = new Date(Date.now() - 3_600_000);
  await fill(place, hourAgo);
  const limit = await paging(place);
  const [process] = await place.start(1, { OBSERVE_SECONDS: '600' });
  const before = residentMegabytes(process!);
  const started = Date.now();
  const observed = async (): Promise<number> =>
    (await place.sql<{ count: number }>('select count(*)::int from launcher.instance where observed_at > $1', [hourAgo]))[0]!
      .count;
  let count = 0;
  let most = before;
  while (count < MACHINES && Date.now() - started < PASS_SECONDS * 1000) {
    await sleep(500);
    count = await observed();
    most = Math.max(most, residentMegabytes(process!));
    progress(`${count} of ${MACHINES} machines, ${Math.round((Date.now() - started) / 1000)} s`);
  }
  const seconds = (Date.now() - started) / 1000;
  console.log(`  ${count} of ${MACHINES} in ${Math.round(seconds)} s; plain paging reads ${Math.round(limit)} a second`);
  return [
    {
      name: 'launcher.reconcile.vs-describe',
      limit,
      measured: count / seconds,
      goal: 0.7,
      goalIs: 'at least',
      unit: 'machines/s',
    },
    {
      name: 'launcher.reconcile.memory',
      limit: before,
      measured: most,
      goal: null,
      goalIs: 'at most',
      unit: 'MB, the most in the pass; beside before it',
    },
  ];
}

async function paging(place: Place): Promise<number> {
  const app = await build(definition, definition.config({ ...place.settings, PORT: '0' }), { stages: 'by-hand' });
  const machines = app.get(Ec2Machines, { strict: false });
  const started = performance.now();
  let count = 0;
  let token: string | null = null;
  do {
    const page: Awaited<ReturnType<Ec2Machines['page']>> = await machines.page(ownPlace(REGION), { token, size: PAGE });
    count += page.machines.length;
    token = page.next;
  } while (token !== null);
  await app.close();
  return count / ((performance.now() - started) / 1000);
}

/** Machines at EC2, and their rows as a launcher would have written them. */
async function fill(place: Place, at: Date): Promise<void> {
  const { market } = place;
  for (let first = 0; first < MACHINES; first += 10_000) {
    progress(`${first} of ${MACHINES} machines made`);
    const launches = Array.from({ length: Math.min(10_000, MACHINES - first) }, () => crypto.randomUUID());
    const answer = await fetch(`${place.sandbox.control}/instances`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ imageId: IMAGE, clientTokens: launches }),
    });
    const { instances } = (await answer.json()) as { instances: Array<{ instanceId: string; clientToken: string }> };
    await place.sql(
      `insert into api.launch (id, subscription_id, buyer_id, version_id, region, instance_type, desired, created_at, desired_at)
       select id, $2, $3, $4, $5, 't3.micro', 'running', $6, $6 from unnest($1::uuid[]) as id`,
      [launches, market.subscriptionId, market.buyerId, market.versionId, REGION, at],
    );
    await place.sql(
      `insert into launcher.instance (id, launch_id, subscription_id, buyer_id, vendor_id, product_id, version_id, region, instance_type, desired, state,
         ec2_instance_id, ami_id, attempted_at, created_at, observed_at)
       select token, token, $3, $4, $5, $6, $7, $8, 't3.micro', 'running', 'healthy', ec2_id, $9, $10, $10, $10
         from unnest($1::uuid[], $2::text[]) as given (token, ec2_id)`,
      [
        instances.map(({ clientToken }) => clientToken),
        instances.map(({ instanceId }) => instanceId),
        market.subscriptionId,
        market.buyerId,
        market.vendorId,
        market.productId,
        market.versionId,
        REGION,
        IMAGE,
        at,
      ],
    );
  }
  await settleRows(place);
}

/** What the launcher knows of each from its last look. */
async function settleRows(place: Place): Promise<void> {
  const app = await build(definition, definition.config({ ...place.settings, PORT: '0' }), { stages: 'by-hand' });
  const machines = app.get(Ec2Machines, { strict: false });
  let token: string | null = null;
  do {
    const page: Awaited<ReturnType<Ec2Machines['page']>> = await machines.page(ownPlace(REGION), { token, size: PAGE });
    await place.sql(
      `update launcher.instance set public_address = given.address, launched_at = given.launched_at, runs_ami_id = given.ami, zone = given.zone
         from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[]) as given (ec2_id, address, launched_at, ami, zone)
        where instance.ec2_instance_id = given.ec2_id`,
      [
        page.machines.map(({ instanceId }) => instanceId),
        page.machines.map(({ address }) => address),
        page.machines.map(({ launchTime }) => launchTime),
        page.machines.map(({ imageId }) => imageId),
        page.machines.map(({ zone }) => zone),
      ],
    );
    token = page.next;
  } while (token !== null);
  await app.close();
  await place.sql(
    `insert into launcher.run_interval (instance_id, started_at, subscription_id)
     select instance.id, instance.launched_at, instance.subscription_id from launcher.instance where instance.launched_at is not null`,
  );
  // Its machines were looked through for strays a moment ago, so that this pass is the only one.
  await place.sql(
    `insert into launcher.stray_sweep (account, region, started_at, machines, finished_at) values ('platform', $1, now(), $2, now())`,
    [REGION, MACHINES],
  );
  await place.sql('vacuum analyze');
}
