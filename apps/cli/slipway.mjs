#!/usr/bin/env node
// Lets Node run TypeScript, and then the program. It works from any folder: all paths are relative to this file.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 24;

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  // Started by an older Node: the one of the checkout takes over.
  const pinned = fileURLToPath(import.meta.resolve('node/bin/node'));
  const { status, error } = spawnSync(pinned, process.argv.slice(1), { stdio: 'inherit' });
  if (error) throw error;
  process.exitCode = status ?? 1;
} else {
  await import('../../tools/register.mjs');
  await import('./src/main.ts');
}
