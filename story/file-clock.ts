/** The story's clock: the wall clock plus an offset in a file, read anew each time, so that all processes move together. */
import { readFileSync } from 'node:fs';
import { Clock } from '#platform/clock.ts';

export class FileClock extends Clock {
  constructor(private readonly file: string) {
    super();
  }

  override now(): Date {
    return new Date(Date.now() + Number(readFileSync(this.file, 'utf8')));
  }
}
