/** The agent as a program for specs, and the road it sends on: what travels is seen, and it can be cut. */
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { freePort } from '#testing/ports.ts';

export const AGENT = join(import.meta.dirname, '../slipway-agent');
export const PATH = '/usr/local/bin:/usr/bin:/bin';

/** Whether the system's curl signs all headers. Most reporters count what was skipped and keep its reason to themselves. */
export function curlSigns(): boolean {
  const said = spawnSync('curl', ['--version'], { env: { PATH }, encoding: 'utf8' }).stdout ?? '';
  const [, major = 0, minor = 0] = /^curl (\d+)\.(\d+)/.exec(said)?.map(Number) ?? [];
  const isGood = major > 7 || (major === 7 && minor >= 86);
  if (!isGood) console.warn('What the agent sends is not tested: curl 7.86 or later is not installed.');
  return isGood;
}

export interface Ended {
  status: number;
  out: string;
  trouble: string;
}

export const WELL: Ended = { status: 0, out: '', trouble: '' };

/** @param env all of it: a service's environment is next to nothing. */
export const runAgent = (args: string[], env: Record<string, string>): Promise<Ended> =>
  new Promise((done) => {
    execFile(AGENT, args, { env: { PATH, ...env } }, (error, out, trouble) => {
      done({ status: error ? Number(error.code) : 0, out, trouble });
    });
  });

/** What becomes of a call. */
export type Fate =
  | 'passes'
  | 'lost answer'
  | 'no answer'
  | { status: number; type: string; date?: string }
  | { status: 200; answer: object };

export class Road {
  /** Of the next calls on the wire; with nothing said they pass. */
  fates: Fate[] = [];
  /** The bodies of calls on the wire. */
  readonly calls: Array<Record<string, unknown>> = [];
  heartbeats = 0;
  private server: Server | undefined;

  private constructor(
    private readonly to: string,
    private readonly port: number,
  ) {}

  /** @param to URL of the metering service. */
  static async open(to: string): Promise<Road> {
    const road = new Road(to, await freePort());
    await road.mend();
    return road;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async cut(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  async mend(): Promise<void> {
    this.server = createServer((incoming, outgoing) => void this.travel(incoming, outgoing));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private async travel(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const isWire = incoming.headers['x-amz-target'] !== undefined;
    const fate = isWire ? this.fates.shift() : undefined;
    if (isWire) this.calls.push(JSON.parse(body.toString()) as Record<string, unknown>);
    if (incoming.url === '/v1/heartbeat') this.heartbeats += 1;
    if (fate === 'no answer') return void outgoing.destroy();
    if (typeof fate === 'object') {
      outgoing.writeHead(fate.status, {
        'content-type': 'application/x-amz-json-1.1',
        date: ('date' in fate ? fate.date : undefined) ?? new Date().toUTCString(),
      });
      const said = 'answer' in fate ? fate.answer : { __type: fate.type, message: 'as the test wants it' };
      return void outgoing.end(JSON.stringify(said));
    }
    const url = new URL(incoming.url ?? '/', this.to);
    const onward = request(url, { method: incoming.method, headers: incoming.rawHeaders }, (answer) => {
      // The record is written; whoever sent it does not hear of it.
      if (fate === 'lost answer') return void answer.resume();
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  }
}
