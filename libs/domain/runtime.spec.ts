/** What a machine's running comes to, however its runs were observed: exact to the second, and never more than was run or agreed. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  finalUntil,
  isRuntimeDimension,
  quantities,
  runtimeDimension,
  unitSizeOf,
  type Run,
  type RuntimeRule,
} from './runtime.ts';

const HOURS: RuntimeRule = { increment: 'hour', minimumSeconds: 0 };
const seconds = (minimumSeconds = 0): RuntimeRule => ({ increment: 'second', minimumSeconds });

const at = (time: string): Date => new Date(time.length > 13 ? time : `2026-01-05T${time}Z`);
const run = (from: string, to: string): Run => ({ from: at(from), to: at(to) });

/** `['09 1', '10 1800']`. */
const counted = (runs: Run[], rule: RuntimeRule): string[] =>
  [...quantities(runs, rule)]
    .sort(([a], [b]) => a - b)
    .map(([hour, quantity]) => `${new Date(hour).toISOString().slice(11, 13)} ${quantity}`);
const total = (runs: Run[], rule: RuntimeRule): number =>
  [...quantities(runs, rule).values()].reduce((sum, each) => sum + each, 0);

/** A few runs of a week around the end of January, to the tenth of a second; they may touch and overlap. */
const instant = fc.integer({ min: 0, max: 6_048_000 }).map((tenths) => Date.UTC(2026, 0, 29) + tenths * 100);
const length = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 200_000 }), fc.constantFrom(36_000, 864_000));
const someRuns = fc.array(
  fc.tuple(instant, length).map(([from, tenths]): Run => ({ from: new Date(from), to: new Date(from + tenths * 100) })),
  { maxLength: 8 },
);

describe('whole hours', () => {
  it('are those in which a machine ran at all, each once', () => {
    expect(counted([run('09:59:59', '11:00:01')], HOURS)).toEqual(['09 1', '10 1', '11 1']);
    expect(counted([run('10:15:00', '10:45:00')], HOURS)).toEqual(['10 1']);
    expect(counted([run('10:00:00', '11:00:00')], HOURS)).toEqual(['10 1']);
    expect(counted([run('10:01:00', '10:02:00'), run('10:59:59', '11:00:00')], HOURS)).toEqual(['10 1']);
  });

  it('are none when it ran for no time', () => {
    expect(counted([run('10:15:00', '10:15:00')], HOURS)).toEqual([]);
    expect(counted([run('10:15:00', '09:15:00')], HOURS)).toEqual([]);
  });

  it('cover the time it ran and no hour more', () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const hours = quantities(runs, HOURS);
        const touches = (hour: number): boolean =>
          runs.some(({ from, to }) => +from < +to && hour < +to && hour + 3_600_000 > +from);
        for (let hour = Date.UTC(2026, 0, 28, 22); hour < Date.UTC(2026, 1, 7); hour += 3_600_000)
          expect(hours.has(hour)).toBe(touches(hour));
      }),
    );
  });
});

describe('seconds', () => {
  it('are those of each hour', () => {
    expect(counted([run('09:59:30', '11:00:10')], seconds())).toEqual(['09 30', '10 3600', '11 10']);
    expect(counted([run('10:00:00', '10:00:01')], seconds())).toEqual(['10 1']);
  });

  it('are added up over a stop and a start within the hour', () => {
    expect(counted([run('10:00:00', '10:10:00'), run('10:20:00', '10:20:30')], seconds())).toEqual(['10 630']);
  });

  it('are counted when a machine ran in any part of one, and once when it did so twice', () => {
    expect(counted([run('10:00:00.200', '10:00:00.300')], seconds())).toEqual(['10 1']);
    expect(counted([run('10:00:00.200', '10:00:00.300'), run('10:00:00.500', '10:00:00.900')], seconds())).toEqual(['10 1']);
    // Each start has a minute of its own; the second that they share is still one.
    expect(counted([run('10:00:00.200', '10:00:00.300'), run('10:00:00.500', '10:00:00.900')], seconds(60))).toEqual(['10 119']);
  });

  it('are at least the minimum for each start, and what is missing is in the hour of the start', () => {
    expect(counted([run('10:00:00', '10:00:10')], seconds(60))).toEqual(['10 60']);
    expect(counted([run('09:59:50', '10:00:10')], seconds(60))).toEqual(['09 50', '10 10']);
    expect(counted([run('10:00:00', '10:00:10'), run('10:30:00', '10:31:01')], seconds(60))).toEqual(['10 121']);
    expect(counted([run('10:50:00', '10:50:01')], seconds(3600))).toEqual(['10 3600']);
  });

  it('are never more than the hour has, however often the machine is started in it', () => {
    const starts = Array.from({ length: 59 }, (_, minute) => {
      const from = at('10:00:00').getTime() + minute * 60_000;
      return { from: new Date(from), to: new Date(from + 1_000) };
    });
    expect(counted(starts, seconds(60))).toEqual(['10 3540']);
    expect(counted(starts, seconds(600))).toEqual(['10 3600']);
  });

  it('fall on their side of the end of a month: 23:59:30 to 00:00:30', () => {
    const runs = [run('2026-01-31T23:59:30Z', '2026-02-01T00:00:30Z')];
    expect([...quantities(runs, seconds(60))]).toEqual([
      [Date.UTC(2026, 0, 31, 23), 30],
      [Date.UTC(2026, 1, 1, 0), 30],
    ]);
  });

  it('know no summer time: the night in which clocks are put forward has its hours', () => {
    const runs = [run('2026-03-28T23:00:00Z', '2026-03-29T23:00:00Z')];
    expect(total(runs, seconds())).toBe(86_400);
    expect(total(runs, HOURS)).toBe(24);
  });

  it('are counted over years', () => {
    const runs = [run('2023-12-31T23:59:59Z', '2026-01-01T00:00:01Z')];
    expect(total(runs, seconds(60))).toBe((366 + 365) * 86_400 + 2);
    // Of a long run, only the hours that are asked for.
    const last = quantities(runs, seconds(60), at('2025-12-31T23:00:00Z'));
    expect([...last.values()]).toEqual([3600, 1]);
  });

  it('are in sum exactly those in which the machine ran, when there is no minimum', () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const covered = new Set<number>();
        for (const { from, to } of runs)
          if (from < to) for (let second = Math.floor(+from / 1000); second * 1000 < +to; second += 1) covered.add(second);
        const hours = quantities(runs, seconds());
        for (const [hour, quantity] of hours)
          expect(quantity).toBe(
            Array.from({ length: 3600 }, (_, index) => hour / 1000 + index).filter((each) => covered.has(each)).length,
          );
        return [...hours.values()].reduce((sum, each) => sum + each, 0) === covered.size;
      }),
      { numRuns: 25 },
    );
  });

  it('are never fewer with a minimum, and at most that much more for each run', () => {
    fc.assert(
      fc.property(someRuns, fc.integer({ min: 0, max: 3600 }), (runs, minimum) => {
        const [plain, charged] = [total(runs, seconds()), total(runs, seconds(minimum))];
        return charged >= plain && charged <= plain + runs.length * minimum;
      }),
    );
  });
});

describe('observations', () => {
  it('may be cut, repeated and given in any order, and come to the same', () => {
    fc.assert(
      fc.property(
        someRuns,
        fc.array(fc.nat({ max: 1000 }), { maxLength: 8 }),
        fc.constantFrom(HOURS, seconds(), seconds(60)),
        (runs, cuts, rule) => {
          const pieces = runs.flatMap(({ from, to }, index) => {
            const middle = new Date(+from + Math.floor(((+to - +from) * (cuts[index] ?? 500)) / 1000));
            return [
              { from: middle, to },
              { from, to: middle },
              { from, to },
            ];
          });
          const sorted = (all: Run[]) => [...quantities(all, rule)].sort(([a], [b]) => a - b);
          expect(sorted(pieces.toReversed())).toEqual(sorted(runs));
        },
      ),
    );
  });

  it('leave out only the hours before those that are asked for', () => {
    fc.assert(
      fc.property(
        someRuns,
        fc.integer({ min: -5, max: 200 }),
        fc.constantFrom(HOURS, seconds(), seconds(60)),
        (runs, hour, rule) => {
          const since = Date.UTC(2026, 0, 29) + hour * 3_600_000;
          const rest = [...quantities(runs, rule)].filter(([each]) => each >= since);
          expect(new Map(quantities(runs, rule, new Date(since)))).toEqual(new Map(rest));
        },
      ),
    );
  });

  it('make an hour final when it is over and the machine was seen after it', () => {
    const until = (seenAt: string, openSince: string | null = null, minimum = 60): string =>
      finalUntil({ seenAt: at(seenAt), openSince: openSince === null ? null : at(openSince) }, minimum)
        .toISOString()
        .slice(11, 16);
    expect(until('10:59:59')).toBe('10:00');
    expect(until('11:00:00')).toBe('11:00');
    // How much of the minimum is missing is not known yet.
    expect(until('11:00:10', '10:59:30')).toBe('10:00');
    expect(until('11:00:30', '10:59:30')).toBe('11:00');
    expect(until('11:00:10', '10:59:30', 0)).toBe('11:00');
    expect(until('11:20:00', '10:30:00', 3600)).toBe('10:00');
    expect(until('11:30:00', '10:30:00', 3600)).toBe('11:00');
  });

  it('never change an hour that was final', () => {
    fc.assert(
      fc.property(someRuns, instant, fc.integer({ min: 0, max: 3600 }), (runs, seen, minimum) => {
        // What was known then: the runs up to then, the last of which may go on.
        const known = runs
          .filter((each) => +each.from < seen)
          .map(({ from, to }) => ({ from, to: new Date(Math.min(+to, seen)) }));
        const open = runs.filter((each) => +each.from < seen && +each.to > seen).map((each) => +each.from);
        const openSince = open.length > 0 ? new Date(Math.min(...merging(known, open))) : null;
        const final = finalUntil({ seenAt: new Date(seen), openSince }, minimum);
        const [then, now] = [quantities(known, seconds(minimum)), quantities(runs, seconds(minimum))];
        for (const [hour, quantity] of now) if (hour < +final) expect(then.get(hour)).toBe(quantity);
      }),
    );
  });
});

/** The starts of the runs that are still open, where one run may be known in several pieces. */
function merging(known: Run[], open: number[]): number[] {
  return open.map((start) => {
    let from = start;
    for (const each of [...known].sort((a, b) => +b.from - +a.from)) if (+each.from < from && +each.to >= from) from = +each.from;
    return from;
  });
}

describe('what is counted', () => {
  it('has a name that tells hours from seconds, and a size of the hour that is priced', () => {
    expect([runtimeDimension('hour'), unitSizeOf('hour')]).toEqual(['hours', 1n]);
    expect([runtimeDimension('second'), unitSizeOf('second')]).toEqual(['running_seconds', 3600n]);
    expect(['hours', 'running_seconds', 'users'].map(isRuntimeDimension)).toEqual([true, true, false]);
  });
});
