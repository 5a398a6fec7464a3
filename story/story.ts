/**
 * `npm run story`: a month of Slipway in seconds, on real processes. Tells docs/STORY.md; with --check, fails when what happened
 * is not what is written there. `--kill <process>` pulls that plug in the middle of five scenes, `--kill everyone` all plugs in turn, `--separate-metering` gives
 * metering a database of its own: the end must be the same.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from 'node:assert/strict';
import { Book } from './book.ts';
import { tell } from './chapters.ts';
import { VICTIMS, World, type Kill } from './world.ts';

const FILE = join(import.meta.dirname, '../docs/STORY.md');
const BEGIN = '2026-01-05T09:05:00Z';

const [mode, victim] = process.argv.slice(2);
const checks = mode === '--check' || mode === '--kill' || mode === '--separate-metering';
const book = new Book(
  checks ? (line) => line.startsWith('\n## ') && console.error(`  ${line.trim().slice(3)}`) : (line) => console.log(line),
);
const started = Date.now();
const world = await World.open(BEGIN, {
  kill: mode === '--kill' ? killOf(victim) : undefined,
  separateMetering: mode === '--separate-metering',
  progress: (what) => console.error(`  ✔ ${what}`),
});
try {
  await tell(world, book);
  const accidents = await world.accidentsOver();
  if (accidents > 0) console.error(`  ${victim} was killed ${accidents} times`);
} catch (error) {
  for (const process of world.stack.processes.values())
    console.error(`\n--- last words of ${process.plan.name}\n${process.lastWords(5)}`);
  throw error;
} finally {
  await world.close();
}
console.error(`  the month took ${((Date.now() - started) / 1000).toFixed(1)} s`);

if (!checks) writeFileSync(FILE, String(book));
else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== String(book)) {
  console.error(
    `${firstDifference(existsSync(FILE) ? readFileSync(FILE, 'utf8') : '', String(book))}\nWhat happened is not what docs/STORY.md tells. If the change is meant: npm run story, and commit the file.`,
  );
  process.exit(1);
}
// A database that was killed leaves pipes behind that would keep us waiting.
process.exit(0);

function killOf(name: string | undefined): Kill {
  const victims = name === 'everyone' ? VICTIMS : VICTIMS.filter((one) => one === name);
  if (victims.length === 0) fail(`--kill needs one of ${VICTIMS.join(', ')}, or everyone`);
  let seed = Number(process.env.STORY_SEED ?? Math.floor(Math.random() * 1_000_000));
  console.error(`  STORY_SEED=${seed}`);
  // A linear congruential generator (Numerical Recipes' constants) is random enough to pick a moment, and can be replayed.
  const delayMs = (): number => (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) % 700;
  // Everyone: there are five scenes, so each is killed at least once.
  return { victims, perScene: victims.length > 1 ? 2 : 1, delayMs };
}

function firstDifference(written: string, told: string): string {
  const [left, right] = [written.split('\n'), told.split('\n')];
  const at = right.findIndex((line, index) => line !== left[index]);
  return at < 0
    ? 'docs/STORY.md goes on where the story ended.'
    : `line ${at + 1}\n  written: ${left[at] ?? '(nothing)'}\n  told:    ${right[at]}`;
}
