/** What happens to a meterer's calls in each scenario. Pure: a fate follows from the call and from what came before it. */
import type { Operation, Report } from './calls.ts';

export type Fate =
  | { do: 'pass' }
  /** The market records it, and the connection ends without an answer. */
  | { do: 'lose the answer' }
  | { do: 'hang up' }
  | { do: 'answer'; status: number; type: string; message: string }
  /** The market's answer, with these reports as unprocessed. */
  | { do: 'leave unprocessed'; keys: string[] }
  /** The market's answer, with another status for this report. */
  | { do: 'refuse one'; key: string; status: 'CustomerNotSubscribed' };

export interface Arriving {
  operation: Operation;
  reports: Report[];
  /** Calls of this scenario that came before. */
  callsBefore: number;
  /** Without counting the attempts that an SDK makes by itself. */
  triesBefore: number;
  /** Since the first call of this scenario. */
  elapsedMs: number;
  /** Of the first call. */
  first: { operation: Operation; reports: Report[] };
}

export interface Scenario {
  name: string;
  /** What it is about, in a few words. */
  title: string;
  /** Only for meterers that call this. */
  operation?: Operation;
  fate: (call: Arriving) => Fate;
}

/** Enough to see whether the waits between them grow. */
const THROTTLED_TRIES = 5;
const OUTAGE_MS = 4_000;

const PASS: Fate = { do: 'pass' };

export const SCENARIOS: Scenario[] = [
  { name: 'plain', title: 'an hour in which nothing goes wrong', fate: () => PASS },
  {
    name: 'lost-answer',
    title: 'the first two calls are recorded and their answers get lost',
    fate: ({ callsBefore }) => (callsBefore < 2 ? { do: 'lose the answer' } : PASS),
  },
  {
    name: 'throttle',
    title: `the first ${THROTTLED_TRIES} tries are throttled, with all attempts that an SDK makes of each`,
    fate: ({ triesBefore }) =>
      triesBefore < THROTTLED_TRIES ? { do: 'answer', status: 400, type: 'ThrottlingException', message: 'Rate exceeded' } : PASS,
  },
  {
    name: 'outage',
    title: `for ${OUTAGE_MS / 1000} s nobody answers, then there are internal errors`,
    fate: ({ elapsedMs }) => {
      if (elapsedMs >= OUTAGE_MS) return PASS;
      if (elapsedMs < OUTAGE_MS / 2) return { do: 'hang up' };
      return { do: 'answer', status: 500, type: 'InternalServiceErrorException', message: 'Try again' };
    },
  },
  {
    name: 'partial',
    title: 'half of the first batch is left unprocessed',
    operation: 'BatchMeterUsage',
    fate: ({ callsBefore, reports }) =>
      callsBefore === 0
        ? { do: 'leave unprocessed', keys: reports.slice(Math.floor(reports.length / 2)).map(({ key }) => key) }
        : PASS,
  },
  {
    name: 'refused',
    title: 'one report is refused for good',
    fate: ({ operation, reports, first }) => {
      const { key } = first.reports.at(-1) ?? { key: '' };
      if (!reports.some((report) => report.key === key)) return PASS;
      return operation === 'BatchMeterUsage'
        ? { do: 'refuse one', key, status: 'CustomerNotSubscribed' }
        : {
            do: 'answer',
            status: 400,
            type: 'DuplicateRequestException',
            message: 'Another quantity was recorded for this hour',
          };
    },
  },
  {
    name: 'too-late',
    title: 'one report is too old to be taken',
    fate: ({ reports, first }) => {
      const oldest = first.reports.toSorted((one, other) => Number(one.timestamp) - Number(other.timestamp))[0];
      return reports.some((report) => report.key === oldest?.key)
        ? { do: 'answer', status: 400, type: 'TimestampOutOfBoundsException', message: 'The timestamp is out of bounds' }
        : PASS;
    },
  },
];
