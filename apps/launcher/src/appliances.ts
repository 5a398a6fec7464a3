/** Asks an appliance whether it is well, or tells it something: one request, a short patience, no redirects, and nothing kept of what it says. */
import { Injectable } from '@nestjs/common';
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { LauncherConfig } from './config.ts';

export interface Answer {
  well: boolean;
  /** For a person: the status, or why there was none. */
  said: string;
}

@Injectable()
export class Appliances {
  constructor(private readonly config: LauncherConfig) {}

  /** Whether `url` answers 2xx within HEALTH_TIMEOUT_MS. Never throws. */
  ask(url: string): Promise<Answer> {
    return this.send('GET', url);
  }

  /** Posts to `url`, with nothing in it. Never throws. */
  tell(url: string): Promise<Answer> {
    return this.send('POST', url);
  }

  private send(method: 'GET' | 'POST', url: string): Promise<Answer> {
    return new Promise((resolve) => {
      // No name stands behind a bare address, so its certificate proves nothing; all that is asked is whether it lives.
      const asked = (url.startsWith('https:') ? overHttps : overHttp)(url, { method, agent: false, rejectUnauthorized: false });
      const patience = setTimeout(() => asked.destroy(new Error('no answer in time')), this.config.HEALTH_TIMEOUT_MS);
      const done = (answer: Answer): void => {
        clearTimeout(patience);
        resolve(answer);
      };
      asked.on('response', (response) => {
        const status = response.statusCode ?? 0;
        done({ well: status >= 200 && status < 300, said: String(status) });
        response.destroy();
      });
      asked.on('error', (error: NodeJS.ErrnoException) => done({ well: false, said: error.code ?? error.message }));
      asked.end();
    });
  }
}
