/** Shapes of live progress. */
import { z } from 'zod';

/** The data of one server-sent event. */
export const ProgressEvent = z
  .object({
    at: z.iso.datetime(),
    kind: z.string().describe('one word for programs: accepted, pending, running, healthy, failed, waiting, console, …'),
    message: z.string().describe('a sentence for a person, with what to do next where there is anything'),
    instanceId: z.uuid().nullable().describe('the machine that it tells of'),
  })
  .meta({ id: 'ProgressEvent' });
export type ProgressEvent = z.output<typeof ProgressEvent>;
