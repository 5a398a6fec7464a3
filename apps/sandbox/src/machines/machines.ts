/**
 * The machines themselves. Every running instance whose image boots answers HTTP and SSH at its own public address, and runs
 * the agent command if its image has it. Looks at the instances and opens and closes machines until both agree, so a restarted
 * sandbox has its machines back.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { goalOf, isRebooting, stateOf, type Instance } from '../ec2/instance-state.ts';
import type { World } from '../ec2/world.ts';
import { listening } from '../listening.ts';
import type { AgentSettings } from './agents.ts';
import { appliance } from './appliance.ts';
import { Machine } from './machine.ts';
import { SshServers } from './ssh.ts';

/** An instance comes up when the clock says so, which nobody announces; so this looks. */
const LOOK_EVERY_MS = 50;

export interface MachineSettings {
  httpPort: number;
  sshPort: number;
  agent: AgentSettings | undefined;
}

export class Machines {
  private readonly up = new Map<string, Machine>();
  /** Ids of instances that were written, or are on their way somewhere. */
  private readonly toLookAt = new Set<string>();
  private everythingMayHaveChanged = true;
  private lastLook = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly ssh: SshServers;
  private readonly shared: { http: Server; ssh: NetServer };

  private constructor(
    private readonly world: World,
    private readonly settings: MachineSettings,
  ) {
    this.ssh = new SshServers(world.store);
    this.shared = {
      http: createServer((request, response) => this.answerShared(request, response)),
      ssh: this.ssh.serverFor(() => this.youngest()),
    };
    world.instances.watch((id) => {
      if (id === undefined) this.everythingMayHaveChanged = true;
      else this.toLookAt.add(id);
    });
    this.timer = setInterval(() => void this.agree(), LOOK_EVERY_MS).unref();
  }

  /** @throws Error with code EADDRINUSE, and the port that another program has. */
  static async start(world: World, asked: MachineSettings): Promise<Machines> {
    const settings = { ...asked };
    const machines = new Machines(world, settings);
    const { http, ssh } = machines.shared;
    const address = world.sharedAddress ?? '127.0.0.1';
    try {
      await listening(http, settings.httpPort, address);
      await listening(ssh, settings.sshPort, address);
    } catch (error) {
      await machines.close();
      throw error;
    }
    settings.httpPort = (http.address() as AddressInfo).port;
    settings.sshPort = (ssh.address() as AddressInfo).port;
    await machines.agree();
    return machines;
  }

  /** What they listen on; the ports are the same at every address. */
  get ports(): { http: number; ssh: number } {
    return { http: this.settings.httpPort, ssh: this.settings.sshPort };
  }

  /** Makes the machines agree with the instances. */
  async agree(): Promise<void> {
    const now = this.world.clock.now();
    const opened: Array<Promise<void>> = [];
    for (const id of this.due(now)) {
      const instance = this.world.instances.get(id);
      const wanted = instance !== undefined && isUp(instance, now) ? instance : undefined;
      const machine = this.up.get(id);
      if (machine && machine.publicIp !== wanted?.publicIp) this.shut(id, machine, instance, now);
      if (wanted && !this.up.has(id)) opened.push(this.open(wanted));
      if (instance && isOnTheWay(instance, now)) this.toLookAt.add(id);
    }
    await Promise.all(opened);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    const ends = [...this.up.values()].map((machine) => machine.close({ withoutNotice: false }));
    this.up.clear();
    this.shared.http.close();
    this.shared.http.closeAllConnections();
    this.shared.ssh.close();
    await Promise.all(ends);
  }

  /** The ids to look at now. A clock that was turned back may have changed any. */
  private due(now: Date): string[] {
    const all = this.everythingMayHaveChanged || now.getTime() < this.lastLook;
    const ids = all
      ? new Set([...this.world.instances.values().map(({ instanceId }) => instanceId), ...this.up.keys()])
      : [...this.toLookAt];
    this.toLookAt.clear();
    this.everythingMayHaveChanged = false;
    this.lastLook = now.getTime();
    return [...ids];
  }

  private async open(instance: Instance): Promise<void> {
    const { world, ssh, settings } = this;
    const machine = new Machine(world, ssh, instance);
    this.up.set(instance.instanceId, machine);
    await machine.open(settings);
  }

  private shut(id: string, machine: Machine, instance: Instance | undefined, now: Date): void {
    this.up.delete(id);
    // A machine whose host died says goodbye to nobody.
    const withoutNotice = !instance || goalOf(instance, now).reason?.code === 'Server.InternalError';
    void machine.close({ withoutNotice });
  }

  private youngest(): Instance | undefined {
    if (!this.world.sharedAddress) return undefined;
    const instances = [...this.up.values()].map(({ instance }) => instance);
    return instances.sort((a, b) => a.number - b.number).at(-1);
  }

  /** Where all share one address, the youngest answers at it; elsewhere this is a signpost at 127.0.0.1. */
  private answerShared(request: IncomingMessage, response: ServerResponse): void {
    const instance = this.youngest();
    if (instance) return appliance(this.world, instance)(request, response);
    const error = this.world.sharedAddress
      ? 'no instance is running'
      : 'an appliance answers at the public address of its instance';
    response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
  }
}

const isUp = (instance: Instance, now: Date): boolean =>
  instance.boots &&
  !instance.silent &&
  instance.publicIp !== undefined &&
  stateOf(instance, now) === 'running' &&
  !isRebooting(instance, now);

/** Whether it will be something else by and by, without anybody writing it. */
const isOnTheWay = (instance: Instance, now: Date): boolean =>
  stateOf(instance, now) !== goalOf(instance, now).state ||
  isRebooting(instance, now) ||
  (instance.spot?.notice !== undefined && stateOf(instance, now) === 'running');
