/** What the software in an image is like. An image that says nothing of it is a good one. */
import { z } from 'zod';

export const software = z
  .strictObject({
    /** Is well only while a data volume is attached, as a database is. */
    needsDataVolume: z.boolean(),
    /** Asks for its metadata without a token, and so is never well where tokens are required. */
    needsImdsV1: z.boolean(),
    /** Its SSH takes passwords, and every user but root has his name as the password. */
    passwordLogin: z.boolean(),
    /** Its SSH lets root in, by key and with the password `root`. */
    rootLogin: z.boolean(),
    /** Runs the sandbox's agent command for as long as the machine is up. */
    runsAgent: z.boolean(),
  })
  .partial();

export type Software = z.output<typeof software>;
