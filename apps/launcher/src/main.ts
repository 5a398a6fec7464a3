/** The process `launcher`. */
import { run } from '#platform/app.ts';
import { launcher } from './launcher.app.ts';

await run(launcher);
