/** Runs the vendor's command: its own process group, its output kept, ended when its time is over. */
import { spawn } from 'node:child_process';
import type { Run } from './calls.ts';

const MOST_OUTPUT = 256 * 1024;
/** Between asking it to end and ending it. */
const GRACE_MS = 5_000;

export interface CommandToRun {
  command: string[];
  env: NodeJS.ProcessEnv;
  /** After that it is ended. */
  seconds: number;
  onOutput: (text: string) => void;
}

/** @throws Error when the program cannot be started. */
export function runCommand({ command, env, seconds, onOutput }: CommandToRun): Promise<Run> {
  const [program = '', ...args] = command;
  return new Promise((ended, failed) => {
    const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let isStopped = false;
    const heard = (chunk: Buffer): void => {
      const text = chunk.toString();
      output = (output + text).slice(-MOST_OUTPUT);
      onOutput(text);
    };
    child.stdout.on('data', heard);
    child.stderr.on('data', heard);
    const end = (signal: NodeJS.Signals): void => {
      isStopped = true;
      // The group, so that `npm run` does not leave behind what it started.
      if (child.pid) tellGroup(child.pid, signal);
    };
    const timers = [
      setTimeout(() => end('SIGTERM'), seconds * 1000),
      setTimeout(() => end('SIGKILL'), seconds * 1000 + GRACE_MS),
    ];
    child.on('error', (error) => {
      timers.forEach(clearTimeout);
      failed(new Error(`cannot run ${program}: ${error.message}`));
    });
    child.on('close', (code) => {
      timers.forEach(clearTimeout);
      ended({ exitCode: isStopped ? null : (code ?? 1), output });
    });
  });
}

function tellGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended just now.
  }
}
