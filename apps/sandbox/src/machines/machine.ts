/** One machine that is up: what listens at its address, and what runs on it. */
import { createServer, type Server } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';
import type { Instance } from '../ec2/instance-state.ts';
import type { World } from '../ec2/world.ts';
import { listening } from '../listening.ts';
import { Agent } from './agents.ts';
import { appliance } from './appliance.ts';
import type { MachineSettings } from './machines.ts';
import type { SshServers } from './ssh.ts';

export class Machine {
  private readonly http: Server;
  private readonly ssh: NetServer;
  private readonly sshCallers = new Set<Socket>();
  private agent: Agent | undefined;
  private isClosed = false;

  constructor(
    private readonly world: World,
    ssh: SshServers,
    readonly instance: Instance,
  ) {
    this.http = createServer(appliance(world, instance));
    this.ssh = ssh.serverFor(() => instance);
    this.ssh.on('connection', (socket) => {
      this.sshCallers.add(socket);
      socket.on('close', () => this.sshCallers.delete(socket));
    });
  }

  get publicIp(): string | undefined {
    return this.instance.publicIp;
  }

  /** Where all machines share one address, the first of them has its ports already. */
  async open({ httpPort, sshPort, agent }: MachineSettings): Promise<void> {
    const { instanceId, software } = this.instance;
    if (agent && software?.runsAgent) this.agent = new Agent(agent, instanceId);
    if (this.world.sharedAddress) return;
    await Promise.all([this.listen(this.http, httpPort), this.listen(this.ssh, sshPort)]);
  }

  /** Resolves when everything that ran on it has ended. */
  async close(how: { withoutNotice: boolean }): Promise<void> {
    this.isClosed = true;
    this.http.close();
    this.http.closeAllConnections();
    this.ssh.close();
    for (const caller of this.sshCallers) caller.destroy();
    await this.agent?.end(how);
  }

  private async listen(server: Server | NetServer, port: number): Promise<void> {
    const { instanceId, publicIp = '' } = this.instance;
    try {
      await listening(server, port, publicIp);
      // The machine may have gone while its listener came up.
      if (this.isClosed) server.close();
    } catch (error) {
      if (!this.isClosed) console.error(`${instanceId} cannot listen on ${publicIp}:${port}: ${String(error)}`);
    }
  }
}
