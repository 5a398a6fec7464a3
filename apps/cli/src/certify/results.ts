/** Results of a certification, for people and for CI: text, JUnit's XML and JSON. */
import { timeOf, type Call } from './calls.ts';
import type { Fault } from './judge.ts';
import { RULES } from './rules.ts';

export interface Result {
  scenario: string;
  title: string;
  /** Why it was left out; nothing when it was played. */
  skipped?: string;
  seconds: number;
  runs: number;
  calls: Call[];
  faults: Fault[];
}

export function asText(results: Result[]): string {
  const lines: string[] = [];
  for (const { scenario, title, skipped, calls, faults } of results) {
    const mark = skipped ? '-' : faults.length > 0 ? '✗' : '✓';
    lines.push(`${mark} ${scenario}: ${title}${skipped ? ` (not played: ${skipped})` : ''}`);
    for (const { rule, saw, expects, fix } of faults)
      lines.push(`    ${rule}`, `      saw      ${saw}`, `      expected ${expects}`, `      fix      ${fix}`);
    if (faults.length > 0) lines.push(...listed(calls).map((line) => `      ${line}`));
  }
  lines.push('', ...table(results));
  return lines.join('\n');
}

const MOST_LISTED = 12;

function listed(calls: Call[]): string[] {
  const start = calls[0]?.at ?? 0;
  const lines = calls.map(({ number, run, at, operation, reports }) => {
    const one = reports[0];
    const what = one ? `${one.dimension} ${String(one.quantity)} of ${timeOf(one.timestamp)}` : 'nothing';
    const more = reports.length > 1 ? ` and ${reports.length - 1} more` : '';
    const became = [...new Set(reports.map(({ outcome, said }) => (said ? `${outcome} (${said})` : outcome)))].join(', ');
    return `#${number} ${run > 1 ? `run ${run} ` : ''}+${((at - start) / 1000).toFixed(1)} s ${operation} ${what}${more}: ${became}`;
  });
  return lines.length > MOST_LISTED ? [...lines.slice(0, MOST_LISTED), `and ${lines.length - MOST_LISTED} more calls`] : lines;
}

function table(results: Result[]): string[] {
  const rows = [
    ['scenario', 'runs', 'calls', 'reports', 'faults'],
    ...results.map(({ scenario, skipped, runs, calls, faults }) =>
      skipped
        ? [scenario, '-', '-', '-', '-']
        : [
            scenario,
            runs,
            calls.length,
            new Set(calls.flatMap(({ reports }) => reports.map(({ key }) => key))).size,
            faults.length,
          ].map(String),
    ),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}

/** A suite per scenario, a case per rule. */
export function asJUnit(results: Result[]): string {
  const suites = results.map(({ scenario, skipped, seconds, faults }) => {
    const cases = Object.keys(RULES).map((rule) => {
      const fault = faults.find((one) => one.rule === rule);
      const inside = fault
        ? `<failure message="${xml(fault.saw)}">${xml(`Expected: ${fault.expects}\nFix: ${fault.fix}`)}</failure>`
        : skipped
          ? `<skipped message="${xml(skipped)}"/>`
          : '';
      return `    <testcase classname="slipway.certify.${xml(scenario)}" name="${xml(rule)}">${inside}</testcase>`;
    });
    const skips = skipped ? cases.length : 0;
    return [
      `  <testsuite name="${xml(scenario)}" tests="${cases.length}" failures="${faults.length}" skipped="${skips}" time="${seconds.toFixed(3)}">`,
      ...cases,
      '  </testsuite>',
    ].join('\n');
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="slipway certify">\n${suites.join('\n')}\n</testsuites>\n`;
}

export const asJson = (results: Result[]): string =>
  `${JSON.stringify({ passed: results.every(({ faults }) => faults.length === 0), scenarios: results }, null, 2)}\n`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no place for most control characters, escaped or not. */
const xml = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- these are the ones
  text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!).replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ');
