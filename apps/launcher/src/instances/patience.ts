/** How long a buyer waits for a machine to be healthy before what was done to it is undone; of restores and upgrades. */
import { z } from 'zod';

/** In seconds: a minute to a day, a quarter of an hour when not given. */
export const patienceSeconds = z.number().int().min(60).max(86_400).default(900);
