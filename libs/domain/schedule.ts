/**
 * Weekly windows such as "Monday to Friday, 08:00 to 18:00 in Berlin", by the wall clock of their time zone. Where clocks change, a
 * window is as much shorter or longer as that day is. Reads no clock; time zones are those that Intl knows.
 */

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface WeeklyWindow {
  days: readonly Weekday[];
  /** `08:00`. */
  from: string;
  /** `18:00`, exclusive. Not after `from`: on the next day, so that a window from 00:00 to 00:00 is the whole day. */
  to: string;
  /** IANA, such as `Europe/Berlin` or `UTC`. */
  timeZone: string;
}

/** Whether an instant lies in the window. One that goes past midnight belongs to the day on which it begins. */
export function isWithin({ days, from, to, timeZone }: WeeklyWindow, instant: Date): boolean {
  const { day, time } = wallClock(instant, timeZone);
  if (from < to) return days.includes(day) && from <= time && time < to;
  return (days.includes(day) && from <= time) || (days.includes(dayBefore(day)) && time < to);
}

/** Whether Intl knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

const dayBefore = (day: Weekday): Weekday => WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7]!;

function wallClock(instant: Date, timeZone: string): { day: Weekday; time: string } {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: parts.get('weekday')!.toLowerCase() as Weekday,
    time: `${parts.get('hour')}:${parts.get('minute')}`,
  };
}

/** @throws RangeError for a zone that Intl does not know. */
const formatOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
