/** The next step of a run over an image, the next run, and what is told of it. */
import { describe, expect, it } from 'vitest';
import type { Machine } from './fleet.ts';
import { bootsAfter, nextScanStep, noticeChange, rescanDue, strangerIn, type ScanSituation } from './image-scan.ts';

const running: Machine = { state: 'running', launchTime: new Date(0), endedAt: null, address: '198.51.100.7', reason: null };
const fresh: ScanSituation = {
  looked: false,
  judged: false,
  bootTest: true,
  hasGroup: false,
  secondsSinceAttempt: null,
  isIdentified: false,
  machine: 'missing',
};
const looked = { ...fresh, looked: true };
const isolated = { ...looked, hasGroup: true };
const asked = { ...isolated, secondsSinceAttempt: 1 };
const known = { ...asked, isIdentified: true };
const judged = { ...known, judged: true };

describe('a run', () => {
  const table: Array<[string, ScanSituation, string]> = [
    ['looks at what needs no machine first', fresh, 'look'],
    ['makes a group of its own before the machine', looked, 'isolate'],
    ['makes the machine', isolated, 'run'],
    ['asks for the same machine again when the answer was lost', asked, 'run'],
    ['takes the machine that the lost answer was about', { ...asked, machine: running }, 'probe'],
    ['looks at its machine', { ...known, machine: running }, 'probe'],
    ['lets the boot test judge a machine that EC2 does not show', known, 'probe'],
    ['ends its machine once judged', { ...judged, machine: running }, 'terminate'],
    ['ends a machine that never got as far as running', { ...judged, machine: { ...running, state: 'pending' } }, 'terminate'],
    ['ends a machine that stopped itself', { ...judged, machine: { ...running, state: 'stopped' } }, 'terminate'],
    ['waits for the machine to go', { ...judged, machine: { ...running, state: 'shutting-down' } }, 'wait'],
    ['removes the group when the machine is gone', { ...judged, machine: { ...running, state: 'terminated' } }, 'remove_group'],
    ['does not take a machine for gone that EC2 may not show yet', judged, 'wait'],
    ['does not forget a call that was never answered', { ...judged, isIdentified: false }, 'wait'],
    ['takes it for gone after some minutes', { ...judged, secondsSinceAttempt: 181 }, 'remove_group'],
    ['removes the group of a machine that was never made', { ...isolated, judged: true }, 'remove_group'],
    ['is over when nothing is left', { ...judged, secondsSinceAttempt: 181, hasGroup: false }, 'close'],
    ['is over at once when it had no boot test', { ...looked, judged: true, bootTest: false }, 'close'],
  ];
  for (const [sentence, situation, step] of table) it(sentence, () => expect(nextScanStep(situation)).toBe(step));

  it('boots a new image only when nothing else is wrong, and one that is sold whenever it can', () => {
    const boots = (reason: 'first' | 'again', failed: string[], wantsBoot = true): boolean =>
      bootsAfter({ reason, wantsBoot, failed });
    expect(boots('first', [])).toBe(true);
    expect(boots('first', ['ena'])).toBe(false);
    expect(boots('again', ['supported_os'])).toBe(true);
    expect(boots('again', ['exists'])).toBe(false);
    expect(boots('again', ['available'])).toBe(false);
    expect(boots('again', [], false)).toBe(false);
  });
});

describe('another run', () => {
  const day = (number: number): Date => new Date(Date.UTC(2026, 0, number, 9));
  const due = (now: Date, lastAt: Date, lastBootAt: Date | null): string =>
    rescanDue({ now, lastAt, lastBootAt, everyDays: 7, bootEveryDays: 28 });

  it('is due every week, and boots every fourth week', () => {
    expect(due(day(7), day(1), day(1))).toBe('none');
    expect(due(day(8), day(1), day(1))).toBe('look');
    expect(due(day(29), day(22), day(1))).toBe('boot');
    expect(due(day(36), day(29), day(29))).toBe('look');
  });
  it('boots an image that was never booted', () => expect(due(day(8), day(1), null)).toBe('boot'));
});

it('tells what fails once, tells anew when it is something else, and takes it back when it is mended', () => {
  expect(noticeChange(null, null)).toEqual({ close: false, open: null });
  expect(noticeChange(null, 'No ENA.')).toEqual({ close: false, open: 'No ENA.' });
  expect(noticeChange('No ENA.', 'No ENA.')).toEqual({ close: false, open: null });
  expect(noticeChange('No ENA.', 'Encrypted.')).toEqual({ close: true, open: 'Encrypted.' });
  expect(noticeChange('No ENA.', null)).toEqual({ close: true, open: null });
});

it('takes only another image than the tested one for a stranger, and only while the machine is there', () => {
  expect(strangerIn('ami-b', 'ami-a', false)).toBe(
    'EC2 says that it runs ami-b; what was tested, and what it was launched from, is ami-a.',
  );
  for (const [runs, tested, isOver] of [
    ['ami-a', 'ami-a', false],
    [null, 'ami-a', false],
    ['ami-b', null, false],
    ['ami-b', 'ami-a', true],
  ] as const)
    expect(strangerIn(runs, tested, isOver)).toBeNull();
});
