/** `slipway certify`: plays bad hours to software that meters, against a marketplace that runs, and says what the software gets wrong. */
import { readFileSync, writeFileSync } from 'node:fs';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { z } from 'zod';
import { openEndpoint } from './endpoint.ts';
import { playAll } from './play.ts';
import { asJson, asJUnit, asText } from './results.ts';
import { SCENARIOS } from './scenarios.ts';

const DEMO_FILE = '.slipway/demo.json';
const NAMES = SCENARIOS.map(({ name }) => name);

interface Options {
  metering?: string;
  demo: string;
  as?: 'machine' | 'vendor';
  scenario?: string[];
  dimension?: string[];
  seconds: number;
  port: number;
  junit?: string;
  json?: string;
  verbose?: boolean;
}

export function addCertify(program: Command): void {
  program
    .command('certify')
    .description(
      'Check how software that meters behaves when answers get lost, calls are throttled or refused, and nobody answers',
    )
    .argument('[command...]', 'what reports usage once and ends, after --; without it, software that runs already is waited for')
    .option('--metering <url>', "the marketplace's metering service (from the demo file)")
    .option('--demo <file>', 'what npm start wrote', DEMO_FILE)
    .addOption(
      new Option(
        '--as <who>',
        "whose keys of the demo file the command gets (those of your environment, else the machine's)",
      ).choices(['machine', 'vendor']),
    )
    .addOption(new Option('--scenario <name...>', 'only these').choices(NAMES))
    .option('--dimension <name...>', 'dimensions that have to be reported')
    .option('--seconds <number>', 'the most that a run takes, or how long to wait without a command', positive, 60)
    .option('--port <number>', 'port of the recording endpoint', positive, 0)
    .option('--junit <file>', 'write the result as JUnit XML')
    .option('--json <file>', 'write the result and all calls as JSON')
    .option('--verbose', 'print what the command prints')
    .addHelpText(
      'after',
      `
The command finds the endpoint in AWS_ENDPOINT_URL_MARKETPLACE_METERING, where AWS's SDKs look for it, the scenario in
SLIPWAY_SCENARIO and an empty folder for its state in SLIPWAY_SCENARIO_DIR. It must report the same usage each time.
Scenarios: ${NAMES.join(', ')}.
Exits with 0 when all is well, 1 when something is not, 2 when the command line makes no sense.`,
    )
    .action(async (command: string[], options: Options, self: Command) => {
      try {
        if (!(await certify(command, options))) process.exitCode = 1;
      } catch (error) {
        self.error(`error: ${(error as Error).message}`, { exitCode: 2 });
      }
    });
}

/** @returns whether no fault was found. */
async function certify(command: string[], options: Options): Promise<boolean> {
  const demo = readDemo(options);
  const market = options.metering ?? demo?.metering;
  if (!market) throw new Error(`say where to meter with --metering, or start the marketplace so that it writes ${options.demo}`);
  await reach(market);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const endpoint = await openEndpoint(market, options.port);
  if (command.length === 0) say(`Let your software meter at ${endpoint.url}; each scenario takes ${options.seconds} s.`);
  try {
    const scenarios = SCENARIOS.filter(({ name }) => !options.scenario || options.scenario.includes(name));
    const results = await playAll(scenarios, {
      endpoint,
      command,
      env: environment(options, demo),
      seconds: options.seconds,
      dimensions: options.dimension ?? [],
      onOutput: (text) => void (options.verbose && process.stderr.write(text)),
      say,
    });
    console.log(asText(results));
    if (options.junit) writeFileSync(options.junit, asJUnit(results));
    if (options.json) writeFileSync(options.json, asJson(results));
    return results.every(({ faults }) => faults.length === 0);
  } finally {
    await endpoint.close();
  }
}

const keys = { accessKeyId: z.string(), secretAccessKey: z.string(), region: z.string(), productCode: z.string() };
const Demo = z.object({
  metering: z.url(),
  vendor: z.object({ ...keys, dimensions: z.array(z.string()), customerAwsAccountId: z.string(), licenseArn: z.string() }),
  instance: z.object({ ...keys, sessionToken: z.string() }),
});
type Demo = z.output<typeof Demo>;

/** Not needed when --metering and keys are given otherwise. */
function readDemo({ demo, as: who, metering }: Options): Demo | undefined {
  let text: string;
  try {
    text = readFileSync(demo, 'utf8');
  } catch (error) {
    if (metering && !who && demo === DEMO_FILE) return undefined;
    throw new Error(`cannot read ${demo}; is the marketplace running here? (${(error as Error).message})`, { cause: error });
  }
  const read = Demo.safeParse(JSON.parse(text));
  if (!read.success) throw new Error(`${demo} is not what npm start writes: ${z.prettifyError(read.error)}`);
  return read.data;
}

async function reach(market: string): Promise<void> {
  try {
    await fetch(new URL('/health/live', market));
  } catch (error) {
    throw new Error(`nobody answers at ${market}; start the marketplace first`, { cause: error });
  }
}

/** The command's environment: one's own, with keys of the demo where there are none. */
function environment({ as: who }: Options, demo: Demo | undefined): NodeJS.ProcessEnv {
  const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...others } = process.env;
  if (!demo || (!who && process.env.AWS_ACCESS_KEY_ID)) return process.env;
  const { vendor, instance } = demo;
  const chosen = who === 'vendor' ? { ...vendor, sessionToken: undefined } : instance;
  return {
    ...others,
    AWS_ACCESS_KEY_ID: chosen.accessKeyId,
    AWS_SECRET_ACCESS_KEY: chosen.secretAccessKey,
    ...(chosen.sessionToken ? { AWS_SESSION_TOKEN: chosen.sessionToken } : {}),
    AWS_REGION: chosen.region,
    SLIPWAY_PRODUCT_CODE: chosen.productCode,
    SLIPWAY_DIMENSIONS: vendor.dimensions.join(','),
    SLIPWAY_CUSTOMER_AWS_ACCOUNT_ID: vendor.customerAwsAccountId,
    SLIPWAY_LICENSE_ARN: vendor.licenseArn,
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError('It must be a whole number from 1 to 65535.');
  return value;
}
