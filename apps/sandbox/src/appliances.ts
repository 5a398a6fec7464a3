/**
 * The software inside the machines: every running instance whose image boots answers HTTP at its own public address. Looks at
 * the instances and opens and closes listeners until both agree, so a restarted sandbox has its appliances back.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isRebooting, stateOf, type Instance } from './ec2/instance-state.ts';
import type { World } from './ec2/world.ts';
import { listening } from './listening.ts';
import { rows } from './rows.ts';

/** An instance comes up when the clock says so, which nobody announces; so this looks. */
const LOOK_EVERY_MS = 50;
/** A look at a hundred thousand instances takes longer than that: it is made seldom enough to leave the sandbox its time. */
const SHARE_OF_TIME = 1 / 20;

export class Appliances {
  private readonly servers = new Map<string, { server: Server; address: string }>();
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  private constructor(
    private readonly world: World,
    private readonly shared: Server,
    readonly port: number,
  ) {
    this.lookAgain(LOOK_EVERY_MS);
  }

  /**
   * @param port which every appliance listens on; 0 takes a free one.
   * @throws Error with code EADDRINUSE when another program has the port.
   */
  static async start(world: World, port: number): Promise<Appliances> {
    const shared = createServer(sharedPage(world));
    await listening(shared, port, world.sharedAddress ?? '127.0.0.1');
    const appliances = new Appliances(world, shared, (shared.address() as AddressInfo).port);
    await appliances.agree();
    return appliances;
  }

  /** Makes the listeners agree with the instances. */
  async agree(): Promise<void> {
    const { world } = this;
    const now = world.clock.now();
    const up = new Map(
      world.instances
        .values()
        .filter((instance) => world.sharedAddress === undefined && answers(instance, now))
        .map((instance) => [instance.instanceId, instance]),
    );
    for (const [id, { server, address }] of this.servers) {
      if (up.get(id)?.publicIp !== address) this.shut(id, server);
    }
    const missing = [...up.values()].filter((instance) => !this.servers.has(instance.instanceId));
    await Promise.all(missing.map((instance) => this.open(instance)));
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    for (const [id, { server }] of this.servers) this.shut(id, server);
    this.shared.close();
    this.shared.closeAllConnections();
  }

  private lookAgain(afterMs: number): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      const began = performance.now();
      const looked = this.agree();
      const tookMs = performance.now() - began;
      void looked.finally(() => this.lookAgain(Math.max(LOOK_EVERY_MS, tookMs / SHARE_OF_TIME)));
    }, afterMs).unref();
  }

  private async open(instance: Instance): Promise<void> {
    const address = instance.publicIp ?? '';
    const server = createServer(page(this.world, instance.instanceId));
    this.servers.set(instance.instanceId, { server, address });
    try {
      await listening(server, this.port, address);
      // The instance may have gone while its listener came up.
      if (this.servers.get(instance.instanceId)?.server !== server) server.close();
    } catch (error) {
      console.error(`The appliance of ${instance.instanceId} cannot listen on ${address}:${this.port}: ${String(error)}`);
    }
  }

  private shut(id: string, server: Server): void {
    this.servers.delete(id);
    server.close();
    server.closeAllConnections();
  }
}

/** 127.0.0.1 where the system has no other loopback address, as macOS unless told otherwise; undefined where it has them all. */
export async function onlyLoopbackAddress(): Promise<string | undefined> {
  const probe = createServer();
  try {
    await listening(probe, 0, '127.31.255.254');
    return undefined;
  } catch {
    console.warn('This system has no loopback address but 127.0.0.1, so all appliances share it.');
    return '127.0.0.1';
  } finally {
    probe.close();
  }
}

const answers = (instance: Instance, now: Date): boolean =>
  instance.boots &&
  instance.silent !== true &&
  instance.publicIp !== undefined &&
  stateOf(instance, now) === 'running' &&
  !isRebooting(instance, now);

const page =
  (world: World, instanceId: string): RequestListener =>
  (request, response) => {
    const instance = world.instances.get(instanceId);
    const path = request.url ?? '/';
    if (path === '/health') return void response.writeHead(200, JSON_TYPE).end('{"status":"ok"}');
    if (path === '/' && instance) return void response.writeHead(200, HTML_TYPE).end(html(instance));
    if (path.startsWith('/rows') && instance) return rows(world, instance)(request, response);
    return void response.writeHead(404, JSON_TYPE).end('{"error":"this appliance has /, /health and /rows"}');
  };

/** Where all share one address, this answers for the youngest appliance; elsewhere it is a signpost at 127.0.0.1. */
const sharedPage =
  (world: World): RequestListener =>
  (request, response) => {
    const now = world.clock.now();
    const up = world.instances.values().filter((instance) => answers(instance, now));
    const youngest = world.sharedAddress ? up.at(-1) : undefined;
    if (youngest) return page(world, youngest.instanceId)(request, response);
    const error = world.sharedAddress ? 'no instance is running' : 'an appliance answers at the public address of its instance';
    return void response.writeHead(404, JSON_TYPE).end(JSON.stringify({ error }));
  };

const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

const html = ({ instanceId, imageId, instanceType, zone }: Instance): string =>
  `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>${imageId}</title></head>
  <body>
    <h1>It runs</h1>
    <p>This stands for the appliance in image <code>${imageId}</code>, on instance <code>${instanceId}</code> (${instanceType}, ${zone}).</p>
  </body>
</html>
`;
