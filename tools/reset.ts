/** `npm run reset`: empties the folder that `npm start` keeps its data in. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, loadStartSettings } from './settings.ts';
import { empty } from './stack.ts';

const settings = loadStartSettings(process.env);
const lock = join(folderOf(settings), 'start.pid');
if (existsSync(lock) && isRunning(Number(readFileSync(lock, 'utf8')))) {
  console.error('Slipway is running in this folder. Stop it first (Ctrl-C), then reset.');
  process.exit(1);
}
empty(folderOf(settings));
console.log(`Emptied ${settings.SLIPWAY_DIR}. The next "npm start" begins with a fresh marketplace.`);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
