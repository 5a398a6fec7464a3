/**
 * Load for the wire that costs the machine as little as it can: requests are built and signed beforehand, sent over raw sockets with
 * keep-alive, one at a time on each. Whatever does not answer 200 ends the run.
 */
import { createHash, createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { REGION, type Signing } from './marketplace.ts';

/** An HTTP request as bytes, signed for `port` of this machine. */
export function signedRequest(port: number, operation: string, body: object, signing: Signing, at = new Date()): Buffer {
  const payload = JSON.stringify(body);
  const amzDate = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const date = amzDate.slice(0, 8);
  const headers: Array<[string, string]> = [
    ['content-type', 'application/x-amz-json-1.1'],
    ['host', `127.0.0.1:${port}`],
    ['x-amz-date', amzDate],
    ...(signing.sessionToken ? [['x-amz-security-token', signing.sessionToken] as [string, string]] : []),
    ['x-amz-target', `AWSMPMeteringService.${operation}`],
  ];
  const signed = headers.map(([name]) => name).join(';');
  const canonical = ['POST', '/', '', ...headers.map(([name, value]) => `${name}:${value}`), '', signed, sha256(payload)].join(
    '\n',
  );
  const scope = `${date}/${REGION}/aws-marketplace/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical)].join('\n');
  const signature = createHmac('sha256', keyOf(signing.secretAccessKey, date)).update(text).digest('hex');
  const lines = [
    'POST / HTTP/1.1',
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `authorization: AWS4-HMAC-SHA256 Credential=${signing.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
    `content-length: ${Buffer.byteLength(payload)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${payload}`);
}

const keysOf = new Map<string, Buffer>();

function keyOf(secret: string, date: string): Buffer {
  const known = keysOf.get(secret + date);
  if (known) return known;
  const key = [date, REGION, 'aws-marketplace', 'aws4_request'].reduce<Buffer>(
    (made, part) => createHmac('sha256', made).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  );
  keysOf.set(secret + date, key);
  return key;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface Load {
  /** Answered with 200. */
  requests: number;
  seconds: number;
  /** How long each took, in milliseconds, sorted. */
  latencies: number[];
}

/**
 * Sends requests until they are used up or the time is over.
 * @param perSecond requests to begin per second, evenly; as fast as they are answered when not given.
 * @throws Error at the first answer that is not 200, that does not hold `expect`, or that holds `unless`.
 */
export async function send(
  port: number,
  requests: Iterator<Buffer>,
  {
    connections,
    seconds,
    perSecond,
    expect,
    unless,
  }: { connections: number; seconds: number; perSecond?: number; expect: string; unless?: string },
): Promise<Load> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1000;
  let begun = 0;
  await Promise.all(
    sockets.map(async (socket) => {
      while (performance.now() < until) {
        if (perSecond !== undefined) {
          // The time a request is due counts from then on, also when nobody was free to send it.
          const due = started + (begun * 1000) / perSecond;
          begun += 1;
          const early = due - performance.now();
          if (early > 0) await new Promise((done) => setTimeout(done, early));
          await one(socket, Math.max(due, started));
        } else if (!(await one(socket, performance.now()))) return;
      }
    }),
  );
  const taken = (performance.now() - started) / 1000;
  for (const socket of sockets) socket.close();
  return { requests: latencies.length, seconds: taken, latencies: latencies.sort((a, b) => a - b) };

  async function one(socket: Connection, since: number): Promise<boolean> {
    const next = requests.next();
    if (next.done) return false;
    const answer = await socket.ask(next.value);
    latencies.push(performance.now() - since);
    const isRight = answer.startsWith('HTTP/1.1 200') && answer.includes(expect) && !(unless && answer.includes(unless));
    if (!isRight) throw new Error(`Answered: ${answer.slice(0, 600)}`);
    return true;
  }
}

export const percentile = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** One keep-alive connection; reads answers that say their length. */
class Connection {
  private received = '';
  private waiting: { resolve: (answer: string) => void; reject: (error: Error) => void } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.read(chunk));
    socket.on('error', (error) => this.waiting?.reject(error));
    socket.on('close', () => this.waiting?.reject(new Error('The connection was closed.')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  ask(request: Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private read(chunk: string): void {
    this.received += chunk;
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = /content-length: *(\d+)/i.exec(this.received.slice(0, end + 2))?.[1];
    if (length === undefined) return this.waiting?.reject(new Error(`No content-length: ${this.received.slice(0, end)}`));
    if (this.received.length < end + 4 + Number(length)) return;
    const answer = this.received;
    this.received = '';
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(answer);
  }
}
