import { describe, expect, it } from 'vitest';
import { hourOf, type Call, type Operation, type Outcome, type Run, type SentReport } from './calls.ts';
import { judge } from './judge.ts';
import { asJUnit } from './results.ts';

const NOW = Date.parse('2026-01-05T14:20:00Z');
const NOW_SECONDS = NOW / 1000;

interface Sent {
  at?: number;
  run?: number;
  operation?: Operation;
  token?: string;
  invocation?: string;
  reports: Array<Partial<SentReport>>;
}

/** Calls as the endpoint writes them down; `at` in seconds after the first one. */
const calls = (...all: Sent[]): Call[] =>
  all.map(({ at = 0, run = 1, operation = 'MeterUsage', token, invocation, reports }, index) => ({
    number: index + 1,
    run,
    at: NOW + at * 1000,
    operation,
    clientToken: token,
    invocation: invocation ?? `call ${index + 1}`,
    market: undefined,
    reports: reports.map((given) => {
      const report = {
        who: 'Globex',
        dimension: 'users',
        timestamp: NOW_SECONDS,
        quantity: 5,
        outcome: 'accepted' as Outcome,
        said: '',
        ...given,
      };
      return { ...report, key: `${report.who} ${report.dimension} ${hourOf(report.timestamp)}` };
    }),
  }));

const ended: Run = { exitCode: 0, output: '' };

const faults = (all: Call[], { scenario = 'plain', runs = [ended], dimensions = [] as string[] } = {}): string[] =>
  judge({ scenario, calls: all, runs, dimensions }).map(({ rule }) => rule);

const failed = { outcome: 'failed' as const, said: 'ThrottlingException' };

describe('judge', () => {
  it('has nothing to say of one report an hour', () => {
    expect(faults(calls({ reports: [{}] }, { reports: [{ timestamp: NOW_SECONDS - 3600, quantity: 0 }] }))).toEqual([]);
  });

  it.each([1.5, -1, '5', 2 ** 31, null])('does not take %j for a quantity', (quantity) => {
    expect(faults(calls({ reports: [{ quantity }] }))).toEqual(['whole-quantity']);
  });

  it.each([
    [NOW_SECONDS + 299, []],
    [NOW_SECONDS + 301, ['utc-hour-of-use']],
    [NOW, ['utc-hour-of-use']],
    ['2026-01-05T14:20:00Z', ['utc-hour-of-use']],
    [Date.parse('2026-01-05T13:00:00Z') / 1000, []],
    [Date.parse('2026-01-05T12:59:59Z') / 1000, ['utc-now']],
    [Date.parse('2026-01-05T08:00:00Z') / 1000, ['utc-now']],
    [Date.parse('2026-01-05T07:59:59Z') / 1000, ['utc-hour-of-use', 'utc-now']],
  ])('holds the time %j against 14:20', (timestamp, expected) => {
    expect(faults(calls({ reports: [{ timestamp }] }))).toEqual(expected);
  });

  it('takes a batch of yesterday, as AWS does', () => {
    const yesterday = { operation: 'BatchMeterUsage' as const, reports: [{}, { timestamp: NOW_SECONDS - 23 * 3600 }] };
    expect(faults(calls(yesterday))).toEqual([]);
  });

  it('takes the attempts that an SDK makes of one call for one try', () => {
    // Three quick attempts each, and waits of 1, 2, 4, 8 s between the calls.
    const starts = [0, 1.2, 3.4, 7.6, 15.8];
    const all = starts.flatMap((start, index) =>
      [0, 0.1, 0.2].map((late) => ({ at: start + late, invocation: `invocation ${index}`, reports: [failed] })),
    );
    expect(faults(calls(...all, { at: 32, reports: [{}] }), { scenario: 'throttle' })).toEqual([]);
  });

  it.each([
    ['each after one second', [0, 1, 2, 3, 4, 5], ['growing-waits']],
    ['all at once', [0, 0.01, 0.03, 0.07, 0.15, 0.31, 0.63], ['growing-waits']],
    ['with doubled waits', [0, 1, 3, 7, 15, 31], []],
    ['with waits that chance made shorter', [0, 0.6, 2.4, 4.7, 12, 21], []],
    ['three times, which is too few to tell', [0, 1, 2], []],
  ])('looks at tries that come %s', (_, times, expected) => {
    const all = times.map((at, index) => ({ at, reports: [index < times.length - 1 ? failed : {}] }));
    expect(faults(calls(...all), { scenario: 'throttle' })).toEqual(expected);
  });

  it('wants the retry to be the same report', () => {
    const one = { at: 0, token: 'a', reports: [failed] };
    expect(faults(calls(one, { at: 1, token: 'b', reports: [{}] }))).toEqual([]);
    expect(faults(calls(one, { at: 1, reports: [{ timestamp: NOW_SECONDS + 1 }] }))).toEqual(['same-words']);
    expect(faults(calls(one, { at: 1, reports: [{ quantity: 6 }] }))).toEqual(['same-quantity']);
    const otherHour = { timestamp: NOW_SECONDS - 3600 };
    expect(faults(calls({ token: 'a', reports: [{}] }, { token: 'a', reports: [otherHour] }))).toEqual(['same-words']);
  });

  it('finds events that were not added up, in one call or in several', () => {
    expect(faults(calls({ reports: [{}] }, { reports: [{}] }))).toEqual(['once-an-hour']);
    expect(faults(calls({ operation: 'BatchMeterUsage', reports: [{}, {}] }))).toEqual(['once-an-hour']);
    expect(faults(calls({ reports: [{}] }, { run: 2, reports: [{}] }))).toEqual([]);
  });

  it('calls usage lost that no run ever got through with its own time', () => {
    const lost = { reports: [failed] };
    expect(faults(calls(lost))).toEqual(['nothing-lost']);
    expect(faults(calls({ reports: [{ outcome: 'unheard' }] }))).toEqual(['nothing-lost']);
    expect(faults(calls(lost, { run: 2, reports: [{}] }))).toEqual([]);
    expect(faults(calls(lost, { run: 2, reports: [{ timestamp: NOW_SECONDS + 60 }] }))).toEqual(['nothing-lost']);
  });

  it('forgives a second try of what was refused, and no third', () => {
    const refused = { reports: [{ outcome: 'refused' as const, said: 'DuplicateRequestException' }] };
    const told = { scenario: 'refused', runs: [{ exitCode: 1, output: '' }] };
    expect(faults(calls(refused, refused), told)).toEqual([]);
    expect(faults(calls(refused, refused, refused), told)).toEqual(['no-retry-of-refusals']);
  });

  it('wants a refusal to show in the exit status or the output', () => {
    const refused = calls({ reports: [{ outcome: 'refused', said: 'CustomerNotSubscribed' }] });
    const told = (run: Run): string[] => faults(refused, { scenario: 'refused', runs: [run] });
    expect(told(ended)).toEqual(['refusals-noticed']);
    expect(told({ exitCode: 1, output: '' })).toEqual([]);
    expect(told({ exitCode: 0, output: 'WARN CustomerNotSubscribed for Globex' })).toEqual([]);
  });

  it('wants the unprocessed again, all of them and only them', () => {
    const left = { outcome: 'unprocessed' as const, said: 'UnprocessedRecords' };
    const hour = (hours: number, more = {}) => ({ timestamp: NOW_SECONDS - hours * 3600, ...more });
    const first = { operation: 'BatchMeterUsage' as const, reports: [hour(0), hour(1, left), hour(2, left)] };
    const again = (...reports: Array<Partial<SentReport>>) =>
      faults(calls(first, { at: 1, operation: 'BatchMeterUsage', reports }), { scenario: 'partial' });
    expect(again(hour(1), hour(2))).toEqual([]);
    expect(again(hour(1))).toEqual(['unprocessed-again']);
    expect(again(hour(0), hour(1), hour(2))).toEqual(['once-an-hour', 'unprocessed-again']);
  });

  it('misses dimensions', () => {
    expect(faults(calls({ reports: [{}] }), { dimensions: ['users', 'gigabytes'] })).toEqual(['every-dimension']);
  });
});

it('writes JUnit that no words of a meterer break', () => {
  const fault = { rule: 'whole-quantity' as const, saw: '<b>"1&\u0001', expects: '', fix: '' };
  const text = asJUnit([{ scenario: 'plain', title: '', seconds: 1, runs: 1, calls: [], faults: [fault] }]);
  expect(text).toContain('<failure message="&lt;b&gt;&quot;1&amp; ">');
});
