/** Settings of `npm run migrate`. */
import { z } from 'zod';

export const migrateSettings = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('PostgreSQL, as an owner who may make roles'),
  METERING_DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe("metering's own database, when it has one, as an owner who may make roles"),
  API_DATABASE_PASSWORD: z.string().optional().describe('password to give the role api; unset: it keeps its own'),
  LAUNCHER_DATABASE_PASSWORD: z.string().optional().describe('password to give the role launcher'),
  METERING_DATABASE_PASSWORD: z.string().optional().describe('password to give the role metering'),
  BILLING_DATABASE_PASSWORD: z.string().optional().describe('password to give the role billing'),
});
