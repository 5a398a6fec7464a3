/** Plays the scenarios: for each one the command runs against the recording endpoint, and once more when something is still open. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal, type Call, type Run } from './calls.ts';
import { runCommand } from './command.ts';
import type { Endpoint } from './endpoint.ts';
import { judge } from './judge.ts';
import type { Result } from './results.ts';
import type { Scenario } from './scenarios.ts';

/** A time zone in which local time taken for UTC is half a day ahead. */
const FAR_TIME_ZONE = 'Pacific/Auckland';

export interface Play {
  endpoint: Endpoint;
  /** Empty: software that runs already is waited for. */
  command: string[];
  env: NodeJS.ProcessEnv;
  seconds: number;
  dimensions: string[];
  onOutput: (text: string) => void;
  say: (line: string) => void;
}

export async function playAll(scenarios: Scenario[], play: Play): Promise<Result[]> {
  const results: Result[] = [];
  for (const scenario of scenarios) {
    const called = new Set(results.flatMap(({ calls }) => calls.map(({ operation }) => operation)));
    const { name, title, operation } = scenario;
    const skipped = operation && called.size > 0 && !called.has(operation) ? `for software that calls ${operation}` : undefined;
    results.push(
      skipped ? { scenario: name, title, skipped, seconds: 0, runs: 0, calls: [], faults: [] } : await playOne(scenario, play),
    );
  }
  return results;
}

async function playOne(scenario: Scenario, play: Play): Promise<Result> {
  const { endpoint, command, seconds, dimensions, say } = play;
  const since = performance.now();
  const runs: Run[] = [];
  endpoint.begin(scenario);
  say(`${scenario.name}: ${scenario.title}`);
  if (command.length === 0) {
    await sleep(seconds * 1000);
  } else {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-certify-'));
    try {
      runs.push(await runIn(folder, scenario, play));
      // What the first run could not deliver, the next one may, as the next hour's would.
      if (endpoint.calls().length > 0 && isOpen(endpoint.calls())) {
        endpoint.nextRun();
        runs.push(await runIn(folder, scenario, play));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const calls = endpoint.calls();
  const result = {
    scenario: scenario.name,
    title: scenario.title,
    seconds: (performance.now() - since) / 1000,
    runs: runs.length,
    calls,
  };
  if (calls.length === 0 && scenario.name !== 'plain') return { ...result, skipped: 'no call came', faults: [] };
  return { ...result, faults: judge({ scenario: scenario.name, calls, runs, dimensions }) };
}

const runIn = (folder: string, scenario: Scenario, { command, env, seconds, onOutput, endpoint }: Play): Promise<Run> =>
  runCommand({
    command,
    seconds,
    onOutput,
    env: {
      ...env,
      TZ: FAR_TIME_ZONE,
      AWS_ENDPOINT_URL_MARKETPLACE_METERING: endpoint.url,
      SLIPWAY_METERING_URL: endpoint.url,
      SLIPWAY_SCENARIO: scenario.name,
      SLIPWAY_SCENARIO_DIR: folder,
    },
  });

/** Whether there is a report that the market has neither confirmed nor refused. */
function isOpen(calls: Call[]): boolean {
  const reports = calls.flatMap((call) => call.reports);
  const settled = new Set(
    calls.flatMap((call) =>
      call.reports.filter((report) => report.outcome === 'accepted' || isFinal(call, report)).map(({ key }) => key),
    ),
  );
  return reports.some(({ key }) => !settled.has(key));
}
