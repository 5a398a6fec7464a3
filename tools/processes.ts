/** Child processes with a name: their output in a log file, restarted when they die, never left behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '..');
const STOP_WITHIN_MS = 15_000;

export interface ProcessPlan {
  name: string;
  /** Path of the TypeScript file, from the top folder, and its arguments. */
  script: string;
  args?: string[];
  env: Record<string, string | undefined>;
  logFile: string;
}

export class NamedProcess {
  private child: ChildProcess | undefined;
  private stopping = false;
  /** Told when the process ends without having been asked to. */
  onCrash: (how: string) => void = () => {};

  constructor(readonly plan: ProcessPlan) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  start(): void {
    const { script, args = [], env, logFile, name } = this.plan;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = createWriteStream(logFile, { flags: 'a' });
    this.stopping = false;
    // The open pipe to us is how a child notices that we were killed: see follow-parent.ts.
    const child = spawn(
      process.execPath,
      [
        '--import',
        resolve(ROOT, 'tools/register.mjs'),
        '--import',
        resolve(ROOT, 'tools/follow-parent.ts'),
        resolve(ROOT, script),
        ...args,
      ],
      {
        cwd: ROOT,
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          TZ: 'UTC',
          NODE_COMPILE_CACHE: resolve(ROOT, 'node_modules/.cache/slipway'),
          ...env,
          SLIPWAY_PROCESS: name,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
      },
    );
    child.stdin.on('error', () => {});
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    child.once('exit', (code, signal) => {
      if (this.child === child && !this.stopping) this.onCrash(signal ? `killed by ${signal}` : `exit code ${code}`);
    });
    this.child = child;
  }

  /** SIGTERM, and SIGKILL when that is not heeded within 15 s. */
  async stop(): Promise<void> {
    const { child } = this;
    if (!child || !this.running) return;
    this.stopping = true;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(late);
  }

  /** kill -9, as a power cut would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || !this.running) return;
    this.stopping = true;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  lastWords(lines = 12): string {
    try {
      return readFileSync(this.plan.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
    } catch {
      return '';
    }
  }
}

/**
 * Waits until `url` answers 2xx.
 * @throws Error with the process's last words when it dies first or time is up.
 */
export async function answering(url: string, process: NamedProcess, withinMs = 60_000): Promise<void> {
  const until = Date.now() + withinMs;
  for (;;) {
    if (!process.running) throw new Error(`${process.plan.name} did not start:\n${process.lastWords()}`);
    const ok = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    if (Date.now() > until)
      throw new Error(`${process.plan.name} did not answer at ${url} within ${withinMs / 1000} s:\n${process.lastWords()}`);
    await sleep(40);
  }
}
