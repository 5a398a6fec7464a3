/**
 * A program of somebody else's that is run for each machine whose image has it, as its service manager would. The sandbox knows
 * nothing of it but the command line; what it needs of its machine it finds where AWS_EC2_METADATA_SERVICE_ENDPOINT points.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, closeSync } from 'node:fs';
import { join } from 'node:path';

/** How long it may take to end before it is killed. */
const PATIENCE_MS = 2000;

export interface AgentSettings {
  /** For a shell. */
  command: string;
  /** Each machine has a home of its own in here, which is as lasting as its root volume. */
  folder: string;
  /** The metadata service as a machine reaches it. */
  metadataOf: (instanceId: string) => string;
}

/**
 * Waits for the command, and passes on that it should end. When the sandbox is killed its end of the pipe closes, and no
 * program outlives its machine.
 */
const scriptFor = (command: string): string => `exec 3<&0
(cat <&3 >/dev/null; kill -TERM 0) &
trap : TERM
(${command}
) </dev/null 3<&- &
child=$!
while kill -0 "$child" 2>/dev/null; do wait "$child"; done`;

export class Agent {
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;

  constructor({ command, folder, metadataOf }: AgentSettings, instanceId: string) {
    const home = join(folder, instanceId);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const log = openSync(join(home, 'agent.log'), 'a');
    this.child = spawn('/bin/sh', ['-c', scriptFor(command)], {
      detached: true,
      cwd: home,
      stdio: ['pipe', log, log],
      env: { PATH: process.env.PATH, HOME: home, AWS_EC2_METADATA_SERVICE_ENDPOINT: metadataOf(instanceId) },
    });
    closeSync(log);
    this.ended = new Promise((resolve) => {
      this.child.once('exit', () => resolve());
      this.child.once('error', (error) => {
        console.error(`The agent of ${instanceId} cannot be run: ${String(error)}`);
        resolve();
      });
    });
    this.child.stdin?.on('error', () => undefined);
  }

  /** @param withoutNotice as a machine that loses its power ends what runs on it, and not as one that shuts down. */
  async end({ withoutNotice }: { withoutNotice: boolean }): Promise<void> {
    this.signal(withoutNotice ? 'SIGKILL' : 'SIGTERM');
    const impatience = setTimeout(() => this.signal('SIGKILL'), PATIENCE_MS);
    await this.ended;
    clearTimeout(impatience);
    // The shell may be gone while what it ran is not.
    this.signal('SIGKILL');
  }

  /** To everything the machine runs, by its process group. */
  private signal(name: NodeJS.Signals): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, name);
    } catch {
      // All of it has ended.
    }
  }
}
