/**
 * What a meterer got wrong, from the calls of one scenario. Pure. The rules are those that AWS Marketplace publishes for MeterUsage and
 * BatchMeterUsage, and what follows from them for software that calls them.
 */
import { hourOf, isFinal, timeOf, type Call, type Run, type SentReport } from './calls.ts';
import { RULES, type Rule } from './rules.ts';

export interface Evidence {
  scenario: string;
  calls: Call[];
  /** None when no command was run. */
  runs: Run[];
  /** Dimensions that have to be reported each hour. */
  dimensions: string[];
}

export interface Fault {
  rule: Rule;
  /** What was seen: calls, times and quantities. */
  saw: string;
  expects: string;
  fix: string;
}

const MOST_RECORDS = 25;
const MOST_QUANTITY = 2_147_483_647;
const AHEAD_SECONDS = 300;
const HOUR_SECONDS = 3_600;
const WINDOW_HOURS = { MeterUsage: 6, BatchMeterUsage: 24 };
/** So many tries of one report in a second, and a service that asked for patience is being hammered. */
const MOST_TRIES_A_SECOND = 5;
/** Of gaps between tries, the second half is at least so much longer than the first. */
const GROWTH = 1.5;
const SHOWN = 3;

/** A report in the call that it was sent with. */
interface Try {
  call: Call;
  report: SentReport;
}

/** @returns faults in the order of the rules; empty when there is nothing to say. */
export function judge(evidence: Evidence): Fault[] {
  const { scenario, calls } = evidence;
  const tries = calls.flatMap((call) => call.reports.map((report): Try => ({ call, report })));
  const byKey = Map.groupBy(tries, ({ report }) => report.key);
  const found: Array<[Rule, string[]]> = [
    ['something-reported', scenario === 'plain' && tries.length === 0 ? ['no call of MeterUsage or BatchMeterUsage'] : []],
    ['every-dimension', scenario === 'plain' ? missingDimensions(evidence, tries) : []],
    ['whole-quantity', tries.filter(({ report }) => !isQuantity(report.quantity)).map(shown)],
    ['utc-hour-of-use', tries.flatMap((one) => wrongTime(one))],
    ['utc-now', scenario === 'plain' ? farFromNow(tries) : []],
    [
      'batch-size',
      calls
        .filter(({ reports }) => reports.length > MOST_RECORDS)
        .map((call) => `#${call.number} with ${call.reports.length} records`),
    ],
    ['once-an-hour', eachKey(byKey, reportedAgain)],
    ['same-quantity', eachKey(byKey, changedQuantity)],
    ['same-words', [...eachKey(byKey, changedTime), ...reusedTokens(calls)]],
    ['taken-by-the-market', scenario === 'plain' ? tries.filter(({ report }) => report.outcome === 'refused').map(refusal) : []],
    ['growing-waits', eachKey(byKey, impatience).slice(0, 1)],
    ['no-retry-of-refusals', eachKey(byKey, stubbornness)],
    ['unprocessed-again', unprocessedAgain(calls)],
    ['nothing-lost', eachKey(byKey, loss)],
    ['refusals-noticed', unnoticed(evidence, tries)],
  ];
  return found.filter(([, saw]) => saw.length > 0).map(([rule, saw]) => ({ rule, saw: few(saw), ...RULES[rule] }));
}

const isQuantity = (quantity: unknown): boolean =>
  typeof quantity === 'number' && Number.isInteger(quantity) && quantity >= 0 && quantity <= MOST_QUANTITY;

function missingDimensions({ dimensions }: Evidence, tries: Try[]): string[] {
  const reported = new Set(tries.map(({ report }) => report.dimension));
  return dimensions.filter((dimension) => !reported.has(dimension)).map((dimension) => `nothing for ${dimension}`);
}

function wrongTime({ call, report }: Try): string[] {
  const { timestamp } = report;
  if (typeof timestamp !== 'number') return [`#${call.number} ${report.dimension}: Timestamp ${JSON.stringify(timestamp)}`];
  const now = call.at / 1000;
  const at = `#${call.number} ${report.dimension}: Timestamp ${timestamp}`;
  if (timestamp > 1e11) return [`${at} is in milliseconds`];
  if (timestamp > now + AHEAD_SECONDS) return [`${at} is ${timeOf(timestamp)}, ${hours(timestamp - now)} ahead`];
  const oldest = Math.floor(now / HOUR_SECONDS) * HOUR_SECONDS - WINDOW_HOURS[call.operation] * HOUR_SECONDS;
  return timestamp < oldest ? [`${at} is ${timeOf(timestamp)}, ${hours(now - timestamp)} ago`] : [];
}

/** In an hour in which nothing went wrong, the newest report is of this hour or the one before. */
function farFromNow(tries: Try[]): string[] {
  const newest = tries
    .filter(({ report }) => typeof report.timestamp === 'number')
    .toSorted((one, other) => Number(other.report.timestamp) - Number(one.report.timestamp))[0];
  if (!newest) return [];
  const hour = Math.floor(newest.call.at / 1000 / HOUR_SECONDS) * HOUR_SECONDS;
  return Number(newest.report.timestamp) < hour - HOUR_SECONDS
    ? [`the newest report is of ${timeOf(newest.report.timestamp)}: ${shown(newest)}`]
    : [];
}

/** Accepted, and sent once more by the same run: usage that was not added up first. */
function reportedAgain(tries: Try[]): string[] {
  const twice = tries.filter(({ call }, index) => tries.findIndex((other) => other.call === call) < index);
  const after = tries.filter(({ call }, index) =>
    tries
      .slice(0, index)
      .some((earlier) => earlier.report.outcome === 'accepted' && earlier.call.run === call.run && earlier.call !== call),
  );
  const again = [...new Set([...twice, ...after])];
  return again.length > 0 ? [`${tries[0]!.report.key}: ${tries.map(inShort).join(', ')}`] : [];
}

function changedQuantity(tries: Try[]): string[] {
  const quantities = new Set(tries.map(({ report }) => report.quantity));
  return quantities.size > 1 ? [`${tries[0]!.report.key}: ${tries.map(inShort).join(', ')}`] : [];
}

/** A try after one that failed or went unheard has the same time to the second. */
function changedTime(tries: Try[]): string[] {
  return tries.flatMap((one, index) => {
    const earlier = tries[index - 1];
    const isRetry = earlier && earlier.call.run === one.call.run && mayComeAgain(earlier);
    return isRetry && earlier.report.timestamp !== one.report.timestamp
      ? [
          `${one.report.key}: #${earlier.call.number} at ${timeOf(earlier.report.timestamp)}, then #${one.call.number} at ${timeOf(one.report.timestamp)}`,
        ]
      : [];
  });
}

/** A client token stands for one request. */
function reusedTokens(calls: Call[]): string[] {
  const byToken = Map.groupBy(
    calls.filter(({ clientToken }) => clientToken !== undefined),
    ({ clientToken }) => clientToken,
  );
  return [...byToken].flatMap(([token, its]) => {
    const requests = new Set(
      its.map(({ reports }) => JSON.stringify(reports.map(({ key, timestamp, quantity }) => [key, timestamp, quantity]))),
    );
    return requests.size > 1
      ? [`ClientToken ${token} in ${its.map(({ number }) => `#${number}`).join(', ')} with different parameters`]
      : [];
  });
}

/**
 * Tries of one report that come too fast, or at a steady pace. The attempts that an SDK makes of a call by itself are one try: they
 * begin anew with every call.
 */
function impatience(tries: Try[]): string[] {
  const failed = tries.filter(
    ({ call, report }, index) => call.run === 1 && (report.outcome === 'failed' || tries[index - 1]?.report.outcome === 'failed'),
  );
  const its = [...Map.groupBy(failed, ({ call }) => call.invocation).values()];
  if (its.length < 4) return [];
  const begins = its.map((attempts) => attempts[0]!.call.at);
  const waits = begins.slice(1).map((begin, index) => begin - its[index]!.at(-1)!.call.at);
  const isBurst = begins.some((begin, index) => (begins[index + MOST_TRIES_A_SECOND] ?? Infinity) - begin < 1000);
  const half = Math.floor(waits.length / 2);
  const isGrowing = sum(waits.slice(-half)) >= GROWTH * sum(waits.slice(0, half));
  if (isGrowing && !isBurst) return [];
  const numbers = its.map((attempts) => `#${attempts[0]!.call.number}`).join(', ');
  return [
    `${tries[0]!.report.key}: tries ${numbers} with ${waits.map((wait) => `${(wait / 1000).toFixed(1)} s`).join(', ')} between`,
  ];
}

function stubbornness(tries: Try[]): string[] {
  const refused = tries.findIndex(({ report }) => report.outcome === 'refused');
  if (refused < 0) return [];
  const { call } = tries[refused]!;
  const after = tries.slice(refused + 1).filter((one) => one.call.run === call.run);
  // One more may be how software finds out which record of a batch was meant.
  return after.length > 1
    ? [`${tries[0]!.report.key}: #${call.number} ${tries[refused]!.report.said}, then ${after.map(inShort).join(', ')}`]
    : [];
}

function unprocessedAgain(calls: Call[]): string[] {
  return calls.flatMap((call) => {
    const left = call.reports.filter(({ outcome }) => outcome === 'unprocessed').map(({ key }) => key);
    if (left.length === 0) return [];
    const later = calls.filter(({ number }) => number > call.number);
    const isBack = ({ key, timestamp }: SentReport): boolean =>
      later.some(({ run, reports }) =>
        // In a later run it is the same report only when it brings the same time.
        reports.some((report) => report.key === key && (run === call.run || report.timestamp === timestamp)),
      );
    const missing = call.reports.filter((report) => report.outcome === 'unprocessed' && !isBack(report)).map(({ key }) => key);
    if (missing.length > 0) return missing.map((key) => `#${call.number} left ${key} unprocessed, and it never came again`);
    const done = call.reports.filter(({ outcome }) => outcome === 'accepted').map(({ key }) => key);
    const retry = later.find(({ run, reports }) => run === call.run && reports.some(({ key }) => left.includes(key)));
    const extra = retry?.reports.filter(({ key }) => done.includes(key)) ?? [];
    return extra.length > 0 ? [`#${retry!.number} repeated ${extra.length} records that #${call.number} had accepted`] : [];
  });
}

/** Usage that was sent, and of which the meterer never heard that it was recorded. */
function loss(tries: Try[]): string[] {
  const [first] = tries;
  if (tries.some(({ call, report }) => isFinal(call, report))) return [];
  // What is left unprocessed has a rule of its own.
  if (tries.findLast(({ call }) => call.run === first!.call.run)!.report.outcome === 'unprocessed') return [];
  const isSettled = tries.some(
    ({ call, report }) =>
      // A later run that brings another time reports another moment; the first one's usage stays lost.
      report.outcome === 'accepted' && (call.run === first!.call.run || report.timestamp === first!.report.timestamp),
  );
  if (isSettled) return [];
  const last = tries.at(-1)!;
  return [
    `${last.report.key} quantity ${String(last.report.quantity)}: ${tries.length} ${tries.length === 1 ? 'try' : 'tries'}, the last #${last.call.number} (${last.report.outcome}: ${last.report.said || 'answer lost'})`,
  ];
}

function unnoticed({ scenario, runs }: Evidence, tries: Try[]): string[] {
  const refused = tries.filter(({ report }) => report.outcome === 'refused');
  if (refused.length === 0 || runs.length === 0 || scenario === 'plain') return [];
  const isNoticed = runs.some(
    ({ exitCode, output }) =>
      (exitCode ?? 0) !== 0 || refused.some(({ report }) => output.includes(report.said.replace(/Exception$/, ''))),
  );
  return isNoticed ? [] : [`${refusal(refused[0]!)}; the command ended with 0 and did not name it`];
}

const mayComeAgain = ({ report }: Try): boolean =>
  report.outcome === 'failed' || report.outcome === 'unheard' || report.outcome === 'unprocessed';

const eachKey = (byKey: Map<string, Try[]>, rule: (tries: Try[]) => string[]): string[] => [...byKey.values()].flatMap(rule);

const shown = ({ call, report }: Try): string =>
  `#${call.number} ${report.dimension} of ${hourOf(report.timestamp)}: ${JSON.stringify(report.quantity)}`;

const inShort = ({ call, report }: Try): string => `#${call.number} ${JSON.stringify(report.quantity)} ${report.outcome}`;

const refusal = ({ call, report }: Try): string =>
  `#${call.number} ${report.key} ${String(report.quantity)}: ${report.said}${call.market ? ` (${call.market.message})` : ''}`;

const hours = (seconds: number): string => `${(seconds / HOUR_SECONDS).toFixed(1)} h`;

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

const few = (all: string[]): string =>
  all.length > SHOWN ? `${all.slice(0, SHOWN).join('; ')}; and ${all.length - SHOWN} more` : all.join('; ');
