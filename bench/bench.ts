/** `npm run bench [-- part …]`: runs the parts named, or all of them. */
import { billing } from './billing/billing.ts';
import { catalogue } from './catalogue.ts';
import { launcher } from './launcher/launcher.ts';
import { metering } from './metering/metering.ts';

const PARTS: Record<string, () => Promise<void>> = { billing, catalogue, launcher, metering };

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(1);
}
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
  console.log(`\n${name}`);
  await PARTS[name]!();
}
