/** The process `api`: people's HTTP API, sign-in, the portal, and the one origin in front of the other apps. */
import { run } from '#platform/app.ts';
import { api } from './api.app.ts';

await run(api);
