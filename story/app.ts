/** Runs one app as its own main does, but with the story's clock: `story/app.ts <app> <clock file>`. */
import { run, type AppDefinition } from '#platform/app.ts';
import { FileClock } from './file-clock.ts';

const [name, clockFile] = process.argv.slice(2);
if (!name || !clockFile) throw new Error('Usage: story/app.ts <app> <clock file>');
const app = (await import(`../apps/${name}/src/${name}.app.ts`)) as Record<string, AppDefinition>;
await run(app[name]!, { clock: new FileClock(clockFile) });
