/** The sandbox as a process of its own, for specs that kill it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { vi } from 'vitest';

/** Settings by which every port is a free one. */
export const FREE_PORTS = Object.fromEntries(
  ['EC2', 'STRIPE', 'CONTROL', 'APPLIANCE', 'SSH'].map((name) => [`SANDBOX_${name}_PORT`, '0']),
);

/** Runs main with these settings and nothing else. The caller ends it. */
export const sandboxProcess = (settings: Record<string, string>): ChildProcess =>
  spawn(
    process.execPath,
    ['--import', join(import.meta.dirname, '../../../../tools/register.mjs'), join(import.meta.dirname, '../main.ts')],
    { env: { PATH: process.env.PATH, ...settings } },
  );

/** The first capture of `pattern` in what the process prints. */
export function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (text += part.toString()));
  return vi.waitFor(
    () => {
      const found = pattern.exec(text)?.[1];
      if (found === undefined) throw new Error(`Not said yet: ${text}`);
      return found;
    },
    { timeout: 20_000, interval: 50 },
  );
}
