/** The story's stage: a fresh Slipway of real processes on free ports, a clock for all of them, and a hand that can pull a plug. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { AppName } from '#platform/tokens.ts';
import { freePort } from '#testing/ports.ts';
import { loadStartSettings } from '../tools/settings.ts';
import { empty, Stack } from '../tools/stack.ts';
import { temporaryFolder } from '../tools/temporary.ts';

export type Victim = AppName | 'sandbox' | 'postgres';
export const VICTIMS: readonly Victim[] = ['api', 'launcher', 'metering', 'billing', 'sandbox', 'postgres'];

export interface Kill {
  /** In turn, so many in each scene. */
  victims: readonly Victim[];
  perScene: number;
  /** Fractions of a second after each scene's beginning, drawn from the printed seed. */
  delayMs: () => number;
}

export class World {
  /** Connections as the owner, to the database of all and to metering's own. */
  private readonly owners = new Map<string, Client>();
  private readonly accidents: Array<Promise<void>> = [];

  private constructor(
    readonly stack: Stack,
    private readonly folder: string,
    private readonly clockFile: string,
    private readonly kill: Kill | undefined,
  ) {}

  static async open(
    start: string,
    { kill, separateMetering = false, progress }: { kill?: Kill; separateMetering?: boolean; progress: (what: string) => void },
  ): Promise<World> {
    const folder = temporaryFolder('slipway-story-');
    const ports = [
      'API_PORT',
      'LAUNCHER_PORT',
      'METERING_PORT',
      'BILLING_PORT',
      'SANDBOX_EC2_PORT',
      'SANDBOX_STRIPE_PORT',
      'SANDBOX_CONTROL_PORT',
      'SANDBOX_APPLIANCE_PORT',
      'SANDBOX_SSH_PORT',
      'POSTGRES_PORT',
    ];
    const env: Record<string, string> = { SLIPWAY_DIR: join(folder, 'slipway') };
    if (separateMetering) env.METERING_DATABASE_URL = 'embedded';
    for (const name of ports) env[name] = String(await freePort());
    const clockFile = join(folder, 'clock');
    mkdirSync(env.SLIPWAY_DIR!, { recursive: true });
    writeFileSync(clockFile, offsetTo(start));
    // The story's world is ready when it is up: nothing is seeded.
    writeFileSync(join(env.SLIPWAY_DIR!, 'demo.json'), '{}');
    const stack = new Stack({
      settings: loadStartSettings(env),
      env: { SWEEP_SECONDS: '0.5' },
      entry: (app) => ({ script: 'story/app.ts', args: [app, clockFile] }),
      progress: (what, milliseconds) => progress(`${what} ${(milliseconds / 1000).toFixed(1)} s`),
    });
    const world = new World(stack, folder, clockFile, kill);
    try {
      await stack.start();
      await world.moveTo(start);
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  /** Moves everybody's clock. Time goes on from there at its usual pace. */
  async moveTo(instant: string): Promise<void> {
    // Renamed into place: a process that reads while we write must see the old time or the new one, never half a file.
    writeFileSync(`${this.clockFile}.next`, offsetTo(instant));
    renameSync(`${this.clockFile}.next`, this.clockFile);
    await this.control('POST', '/clock', { now: instant });
  }

  /** Where an accident may happen: the plug of a victim is pulled a moment later, and the process started again. */
  scene(): void {
    if (!this.kill) return;
    const { victims, perScene, delayMs } = this.kill;
    for (let count = 0; count < perScene; count += 1) {
      const victim = victims[this.accidents.length % victims.length]!;
      const moment = sleep(delayMs());
      const before = this.accidents.at(-1);
      // One accident at a time: the victim must be back before it can be killed again.
      const accident = Promise.all([moment, before]).then(() => this.killAndRestart(victim));
      accident.catch(() => {}); // accidentsOver tells of it
      this.accidents.push(accident);
    }
  }

  /** @throws whatever went wrong with an accident */
  async accidentsOver(): Promise<number> {
    await Promise.all(this.accidents);
    return this.accidents.length;
  }

  /** Looks at rows as the owner of the database; asked again while the database is away. */
  sql<T = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.ask(() => this.stack.databaseUrl, text, values);
  }

  /** The same where metering's tables are. */
  meteringSql<T = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.ask(() => this.stack.meteringDatabaseUrl ?? this.stack.databaseUrl, text, values);
  }

  /** Asks the sandbox's control port, again while it is away. */
  async control<T>(method: string, path: string, body?: unknown): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        const response = await fetch(`${this.stack.sandboxUrls.control}${path}`, {
          method,
          headers: { 'content-type': 'application/json' },
          body: body ? JSON.stringify(body) : undefined,
        });
        if (!response.ok)
          throw new Error(`The sandbox answered ${response.status} to ${method} ${path}: ${await response.text()}`);
        return (await response.json()) as T;
      } catch (error) {
        if (tries > 100 || !(error instanceof TypeError)) throw error;
        await sleep(100);
      }
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.accidents);
    for (const owner of this.owners.values()) await owner.end().catch(() => {});
    await this.stack.stop();
    empty(this.stack.folder);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ask<T>(url: () => string, text: string, values: unknown[]): Promise<T[]> {
    for (let tries = 0; ; tries += 1) {
      try {
        const client = this.owners.get(url()) ?? (await this.connect(url()));
        return (await client.query(text, values)).rows as T[];
      } catch (error) {
        this.owners.delete(url());
        if (tries > 100 || (error as { severity?: string; code?: string }).code?.startsWith('42')) throw error;
        await sleep(100);
      }
    }
  }

  private async connect(url: string): Promise<Client> {
    const client = new Client({ connectionString: url });
    client.on('error', () => this.owners.delete(url));
    await client.connect();
    this.owners.set(url, client);
    return client;
  }

  private async killAndRestart(victim: Victim): Promise<void> {
    if (victim === 'postgres') return this.stack.killDatabase();
    await this.stack.processes.get(victim)!.kill();
    this.stack.launch(victim);
    await this.stack.answering(victim);
  }
}

const offsetTo = (instant: string): string => String(new Date(instant).getTime() - Date.now());
