/**
 * A billing that works whatever is due until nothing is, and ends by SIGKILL just before the `KILL_AT`-th thing that it says to the
 * database or to Stripe. What it said before has been answered, so that going through all numbers goes through every state that a kill
 * can leave behind. Prints each thing that it says; a run with a number that is never reached tells how many there are.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { Client } from 'pg';
import { build } from '#platform/app.ts';
import { StageRunner } from '#platform/stage.ts';
import { TestClock } from '#testing/clock.ts';
import { billing } from '../../apps/billing/src/billing.app.ts';

const { NOW: now = '', KILL_AT: killAt = '' } = process.env;
let counts = false;
let said = 0;

function say(what: string): void {
  if (!counts) return;
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
  say(`sql ${text.replace(/\s+/g, ' ').trim().slice(0, 90)}`);
  return query.apply(this, given);
};
// A call to Stripe is two points: nothing is on its way yet; it is on its way and will not be answered to anybody.
for (const moment of ['created', 'start'])
  subscribe(`http.client.request.${moment}`, (message) => {
    const { request } = message as { request: ClientRequest };
    say(`http ${moment} ${request.method} ${request.path}`);
  });

const app = await build(billing, billing.config(process.env), { clock: new TestClock(now), stages: 'by-hand' });
await app.init();
const runner = app.get(StageRunner, { strict: false });
counts = true;
while ((await runner.settleOnce()) > 0);
process.exit(0);
