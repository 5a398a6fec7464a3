/** A clock that a test holds in its hand. */
import { Clock } from '#platform/clock.ts';

export class TestClock extends Clock {
  private present: Date;

  constructor(start: string | Date = '2026-01-05T09:00:00Z') {
    super();
    this.present = new Date(start);
  }

  override now(): Date {
    return new Date(this.present);
  }

  set(instant: string | Date): void {
    this.present = new Date(instant);
  }

  advance({ seconds = 0, minutes = 0, hours = 0, days = 0 }): void {
    this.present = new Date(this.present.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
  }
}
