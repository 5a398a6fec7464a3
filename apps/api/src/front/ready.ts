/** `api` is the door to the other apps, so it is ready when they are. */
import { Injectable } from '@nestjs/common';
import { ReadyCheck } from '#platform/health.ts';
import { ApiConfig } from '../config.ts';

@Injectable()
export class AppsBehind extends ReadyCheck {
  constructor(private readonly config: ApiConfig) {
    super();
  }

  async notReady(): Promise<string[]> {
    const apps = { launcher: this.config.LAUNCHER_URL, metering: this.config.METERING_URL, billing: this.config.BILLING_URL };
    const answers = await Promise.all(Object.entries(apps).map(async ([name, url]) => ((await isReady(url)) ? [] : [name])));
    return answers.flat();
  }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
