/** A TCP proxy that goes round its targets and can be made to behave as networks do: slow, resetting, silent, losing answers. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * `pass`; `slow`: each answer waits; `reset`: connections are cut; `silent`: what is sent goes nowhere and nothing comes, as when a
 * machine is gone without a word; `lose-answers`: requests arrive, their answers do not.
 */
export type Weather = { kind: 'pass' | 'reset' | 'silent' | 'lose-answers' } | { kind: 'slow'; milliseconds: number };

export class Proxy {
  private next = 0;
  private readonly open = new Set<Socket>();
  private weather: Weather = { kind: 'pass' };

  private constructor(
    private readonly server: Server,
    /** Ports of this machine, in turn. */
    private readonly targets: () => number[],
  ) {}

  static async before(targets: () => number[]): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server, targets);
    server.on('connection', (socket) => proxy.carry(socket));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on; connections that are open are reset when the weather says so. */
  change(weather: Weather): void {
    this.weather = weather;
    if (weather.kind === 'reset') for (const socket of this.open) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private carry(client: Socket): void {
    if (this.weather.kind === 'reset') return void client.resetAndDestroy();
    const targets = this.targets();
    const target = connect(targets[this.next++ % targets.length]!, '127.0.0.1');
    for (const socket of [client, target]) {
      this.open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.open.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => this.weather.kind === 'silent' || target.write(chunk));
    target.on('data', (chunk: Buffer) => {
      const { weather } = this;
      if (weather.kind === 'silent') return;
      if (weather.kind === 'lose-answers') return void client.resetAndDestroy();
      if (weather.kind === 'slow') setTimeout(() => client.writable && client.write(chunk), weather.milliseconds);
      else client.write(chunk);
    });
  }
}
