/**
 * A launcher that takes one launch as far as `UNTIL`, and ends by SIGKILL just before the `KILL_AT`-th thing that it says to the database
 * or to EC2, counted from when it has said `KILL_AFTER`. What it said before has been answered, so that going through all numbers goes through every state that a kill can leave
 * behind. Prints each thing that it says; a run with a number that is never reached tells how many there are.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { build } from '#platform/app.ts';
import { TestClock } from '#testing/clock.ts';
import { launcher } from '../../apps/launcher/src/launcher.app.ts';
import { ReconcileInstance } from '../../apps/launcher/src/instances/reconcile-instance.ts';
import { ReconcileLaunch } from '../../apps/launcher/src/instances/reconcile-launch.ts';

const {
  LAUNCH_ID: launchId = '',
  UNTIL: until = '',
  NOW: now = '',
  KILL_AT: killAt = '',
  KILL_AFTER: killAfter = '',
} = process.env;
let counts = false;
let said = 0;
let isNear = killAfter === '';

function say(what: string): void {
  if (!counts) return;
  if (!isNear) {
    isNear = what.includes(killAfter);
    return;
  }
  said += 1;
  writeSync(1, `${said} ${what}\n`);
  if (said === Number(killAt)) process.kill(process.pid, 'SIGKILL');
}

type Query = (this: Client, ...given: unknown[]) => unknown;
const prototype = Client.prototype as unknown as { query: Query };
const { query } = prototype;
prototype.query = function (...given) {
  const [first] = given;
  const text = typeof first === 'string' ? first : String((first as { text?: string } | null)?.text);
  say(`sql ${text.replace(/\s+/g, ' ').slice(0, 90)}`);
  return query.apply(this, given);
};
// A call to EC2 is two points: nothing is on its way yet; it is on its way and will not be answered to anybody.
for (const moment of ['created', 'start'])
  subscribe(`http.client.request.${moment}`, (message) => {
    const { request } = message as { request: ClientRequest };
    say(`http ${moment} ${request.method} ${request.path}`);
  });

const app = await build(launcher, launcher.config(process.env), { clock: new TestClock(now), stages: 'by-hand' });
await app.init();
const db = app.get(DataSource, { strict: false });
const machines = async (): Promise<Array<{ id: string; state: string }>> => {
  counts = false;
  try {
    return await db.query('select instance.id, instance.state from launcher.instance where instance.launch_id = $1', [launchId]);
  } finally {
    counts = true;
  }
};

for (let found = await machines(); !found.some(({ state }) => state === until); found = await machines()) {
  await app.get(ReconcileLaunch, { strict: false }).work(launchId);
  for (const { id } of await machines()) await app.get(ReconcileInstance, { strict: false }).work(id);
  await sleep(5);
}
process.exit(0);
