/** The process `billing`: rates usage, invoices, collects, keeps the books, pays vendors. */
import { run } from '#platform/app.ts';
import { billing } from './billing.app.ts';

await run(billing);
