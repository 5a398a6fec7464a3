/** Where every decision takes its time from. The story and the tests provide another clock; no setting does. */
import { Injectable } from '@nestjs/common';

@Injectable()
export class Clock {
  /** The present, UTC. */
  now(): Date {
    return new Date();
  }
}
