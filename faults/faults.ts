/** `npm run faults [-- part …]`: long runs of seeded failures. Prints faults injected and violations found; fails on any violation. */
import { billingFaults } from './billing/runs.ts';
import { killedProcesses } from './killed-processes.ts';
import { launcherFaults } from './launcher/runs.ts';
import { meteringFaults } from './metering/runs.ts';
import type { FaultReport } from './report.ts';

const PARTS: Record<string, () => Promise<FaultReport[]>> = {
  'killed-processes': killedProcesses,
  billing: billingFaults,
  launcher: launcherFaults,
  metering: meteringFaults,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`There is no fault run ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(1);
}
const reports: FaultReport[] = [];
for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) reports.push(...(await PARTS[name]!()));
console.table(reports.map(({ fault, injected, violations }) => ({ fault, injected, violations: violations.length })));
const violations = reports.flatMap((report) => report.violations.map((violation) => `${report.fault}: ${violation}`));
for (const violation of violations) console.error(violation);
process.exit(violations.length > 0 ? 1 : 0);
