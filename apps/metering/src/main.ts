/** The process `metering`. */
import { run } from '#platform/app.ts';
import { metering } from './metering.app.ts';

await run(metering);
