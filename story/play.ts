/** Plays the story in a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** @returns whether it ended well, and all it printed. */
export function playStory(args: string[], env: Record<string, string> = {}): Promise<{ ok: boolean; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--import', join(ROOT, 'tools/register.mjs'), join(ROOT, 'story/story.ts'), ...args], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) => done({ ok: code === 0, output }));
  });
}
