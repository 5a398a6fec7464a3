/**
 * Talks to appliances: asks whether they are well and what their load is, and tells them to take no more work. A short patience,
 * few bytes, no redirects.
 */
import { Injectable } from '@nestjs/common';
import { request as overHttp, type IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import { LauncherConfig } from './config.ts';

export interface Answer {
  well: boolean;
  /** For a person: the status, or why there was none. */
  said: string;
}

interface Heard {
  /** 0 when there was no answer. */
  status: number;
  body: string;
  said: string;
}

/** More than any list of numbers needs, and nothing that fills our memory. */
const LONGEST_ANSWER = 65_536;

@Injectable()
export class Appliances {
  constructor(private readonly config: LauncherConfig) {}

  /** Whether `url` answers 2xx within HEALTH_TIMEOUT_MS. Never throws. */
  async ask(url: string): Promise<Answer> {
    const { status, said } = await this.send('GET', url);
    return { well: isSuccess(status), said };
  }

  /** A number that an appliance reports by name; null when it does not, or not as a number from zero up. Never throws. */
  async measure(url: string, metric: string): Promise<number | null> {
    const { status, body } = await this.send('GET', url);
    const value = isSuccess(status) ? memberOf(body, metric) : undefined;
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
  }

  /**
   * Tells an appliance to take no more work. Said again, it is asked how far it is.
   * @returns whether it has none left: it answers 204, or `{"drained": true}`. Never throws.
   */
  async drain(url: string): Promise<boolean> {
    const { status, body } = await this.send('POST', url);
    return status === 204 || (isSuccess(status) && memberOf(body, 'drained') === true);
  }

  private send(method: 'GET' | 'POST', url: string): Promise<Heard> {
    return new Promise((resolve) => {
      const options = { method, agent: false, rejectUnauthorized: false } as const;
      // No name stands behind a bare address, so its certificate proves nothing; whoever answers there is the machine.
      const asked = (url.startsWith('https:') ? overHttps : overHttp)(url, options);
      const patience = setTimeout(() => asked.destroy(new Error('no answer in time')), this.config.HEALTH_TIMEOUT_MS);
      const done = (heard: Heard): void => {
        clearTimeout(patience);
        resolve(heard);
      };
      const failed = (error: NodeJS.ErrnoException): void => done({ status: 0, body: '', said: error.code ?? error.message });
      asked.on('response', (response) => {
        read(response).then(
          (body) => done({ status: response.statusCode ?? 0, body, said: String(response.statusCode) }),
          failed,
        );
      });
      asked.on('error', failed);
      asked.end();
    });
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** @throws when it breaks off. Of what is longer than LONGEST_ANSWER nothing is kept. */
async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function memberOf(json: string, name: string): unknown {
  try {
    const said: unknown = JSON.parse(json);
    return typeof said === 'object' && said !== null && Object.hasOwn(said, name)
      ? (said as Record<string, unknown>)[name]
      : undefined;
  } catch {
    return undefined;
  }
}
