/** `npm start`: the whole marketplace on this machine, seeded, until Ctrl-C. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '#platform/config.ts';
import { openDemo, printDemo } from './demo.ts';
import { folderOf, loadStartSettings, type StartSettings } from './settings.ts';
import { Stack } from './stack.ts';

const started = Date.now();
const say = (line: string): void => console.log(line);

await main().catch((error: unknown) => {
  console.error(`\n✘ ${error instanceof ConfigError || error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});

async function main(): Promise<void> {
  const settings = loadStartSettings(process.env);
  const lock = takeFolder(settings);
  say('Slipway is starting. Ctrl-C stops it.\n');
  const stack = new Stack({
    settings,
    env: process.env,
    progress: (what, milliseconds) => say(`  ✔ ${what.padEnd(12)} ${(milliseconds / 1000).toFixed(1)} s`),
  });
  const demoFile = join(stack.folder, 'demo.json');
  // `api` is not ready before this file is there again.
  rmSync(demoFile, { force: true });

  let stopping: Promise<void> | undefined;
  const stop = (code: number): Promise<void> =>
    (stopping ??= stack
      .stop()
      .catch((error: unknown) => console.error(String(error)))
      .then(() => {
        rmSync(lock, { force: true });
        process.exit(code);
      }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!stopping) say('\nStopping …');
      void stop(0);
    });
  }

  try {
    await stack.start();
    if (stack.usesSandbox.ec2 && stack.usesSandbox.stripe) {
      const seeding = Date.now();
      const demo = await openDemo(stack);
      writeFileSync(demoFile, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
      say(`  ✔ ${'marketplace'.padEnd(12)} ${((Date.now() - seeding) / 1000).toFixed(1)} s`);
      printDemo(demo, join(settings.SLIPWAY_DIR, 'demo.json'), say);
    } else {
      writeFileSync(demoFile, '{}\n');
      say(`\nPortal and API: ${stack.url('api')}   (no demo: you brought your own EC2 or Stripe)`);
    }
    say(
      `\nReady after ${((Date.now() - started) / 1000).toFixed(1)} s. Logs: ${join(settings.SLIPWAY_DIR, 'logs')}. Ctrl-C stops everything.`,
    );
    watch(stack);
  } catch (error) {
    if (stopping) return;
    console.error(`\n✘ ${error instanceof Error ? error.message : String(error)}`);
    await stop(1);
  }
}

/** One Slipway per folder. @throws Error naming the one that is there */
function takeFolder(settings: StartSettings): string {
  const folder = folderOf(settings);
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'start.pid');
  const pid = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  if (pid && isAlive(pid)) {
    throw new Error(
      `Slipway runs in this folder already (process ${pid}): http://localhost:${settings.API_PORT}\n` +
        `  Stop it with Ctrl-C there, or start a second one with SLIPWAY_DIR and the ports set to others.`,
    );
  }
  writeFileSync(lock, String(process.pid));
  return lock;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return existsSync(commandLine) ? readFileSync(commandLine, 'utf8').includes('start.ts') : true;
}

/** A process that dies is started again, as an operator's supervisor would; what it had acknowledged is in the database. */
function watch(stack: Stack): void {
  for (const [name, process] of stack.processes) {
    process.onCrash = (how) => {
      say(`! ${name} ended (${how}); starting it again. Its log: ${process.plan.logFile}`);
      void sleep(500).then(() => stack.launch(name));
    };
  }
}
