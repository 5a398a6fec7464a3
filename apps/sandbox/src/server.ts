/**
 * Puts the sandbox together: one store, one clock, one list of faults, and the servers that share them. Used by main and, in
 * process, by tests.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { awsServer } from './aws-server.ts';
import { SandboxClock } from './clock.ts';
import { controlServer } from './control/routes.ts';
import { Credentials } from './credentials.ts';
import { worldOf } from './ec2/world.ts';
import { Faults } from './faults.ts';
import { Identity, IDENTITY_TABLE } from './imds/identity.ts';
import { onlyLoopbackAddress } from './loopback.ts';
import { machineFolder } from './machines/folder.ts';
import { Machines } from './machines/machines.ts';
import { SSH_TABLE } from './machines/ssh.ts';
import { seed } from './seed.ts';
import type { SandboxSettings } from './settings.ts';
import { Store } from './store.ts';
import type { StripeControl } from './stripe/control.ts';
import { stripeServer } from './stripe/server.ts';

export interface Sandbox {
  /** Base URLs without a trailing slash. */
  ec2: string;
  sts: string;
  stripe: string;
  control: string;
  /** What each appliance listens on, at its instance's public address. */
  appliancePort: number;
  /** Where each machine's SSH listens, at the same address. */
  sshPort: number;
  /** PEM of the certificate that identity documents are checked with. */
  identityCertificate: string;
  clock: SandboxClock;
  faults: Faults;
  store: Store;
  /** What others than the platform do at Stripe. */
  stripeControl: StripeControl;
  /** Stops listening, hangs up on everybody and closes the store. */
  close(): Promise<void>;
}

/** A port that somebody else has, and the setting that moves ours. */
export class PortTaken extends Error {
  constructor(port: number, setting: string) {
    super(`Port ${port} is taken by another program. Set ${setting} to a free one.`);
  }
}

/**
 * Starts everything, or nothing.
 * @param given what is left out is as for a test: free ports, a store that forgets.
 * @throws PortTaken
 */
export async function startSandbox(given: Partial<SandboxSettings> = {}): Promise<Sandbox> {
  const settings: SandboxSettings = { ...FOR_TESTS, ...given };
  const undo: Array<() => unknown> = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const store = new Store(settings.data);
    undo.push(() => store.close());
    const clock = new SandboxClock(store);
    const faults = new Faults(store);
    const sharedAddress = settings.applianceAddress ?? (await onlyLoopbackAddress());
    const { bootMs, copyMs, volumeMs, snapshotMs } = settings;
    const weather = { throttle: throttleOf(settings.throttle), describeLagMs: settings.describeLagMs };
    const world = worldOf(store, clock, { bootMs, copyMs, volumeMs, snapshotMs, sharedAddress, weather });
    const credentials = new Credentials(store);
    const identity = await Identity.of(store);
    seed(world, credentials);
    if (settings.identityCertificateFile) write(settings.identityCertificateFile, identity.certificatePem);

    const listen = async (app: FastifyInstance, port: number, setting: string): Promise<string> => {
      undo.push(() => app.close());
      return unlessTaken({ [setting]: port }, () => app.listen({ host: settings.host, port }));
    };
    const reset = (): void => {
      store.clear(KEPT_AT_RESET);
      world.weather.clear();
      seed(world, credentials);
    };
    let machines: Machines | undefined;
    const changed = async (): Promise<void> => machines?.agree();
    const ec2 = await listen(
      awsServer({ world, credentials, faults, identity, changed: () => void changed() }),
      settings.ec2Port,
      'SANDBOX_EC2_PORT',
    );
    const { appliancePort: httpPort, sshPort, agentCommand } = settings;
    const folder = machineFolder(settings.data);
    undo.push(() => folder.forget());
    const metadataOf = (instanceId: string): string => `${ec2.replace('//0.0.0.0', '//127.0.0.1')}/imds/${instanceId}`;
    const agent = agentCommand === undefined ? undefined : { command: agentCommand, folder: folder.path, metadataOf };
    const running = await unlessTaken({ SANDBOX_APPLIANCE_PORT: httpPort, SANDBOX_SSH_PORT: sshPort }, () =>
      Machines.start(world, { httpPort, sshPort, agent }),
    );
    undo.push(() => running.close());
    machines = running;
    const { webhookUrl, webhookSecret } = settings;
    const { app: stripeApp, control: stripeControl } = stripeServer({ store, clock, faults, webhookUrl, webhookSecret });
    const stripe = await listen(stripeApp, settings.stripePort, 'SANDBOX_STRIPE_PORT');
    const control = await listen(
      controlServer({ world, clock, faults, credentials, identity, stripe: stripeControl, changed, reset }),
      settings.controlPort,
      'SANDBOX_CONTROL_PORT',
    );
    return {
      ec2,
      sts: ec2,
      stripe,
      control,
      appliancePort: running.ports.http,
      sshPort: running.ports.ssh,
      identityCertificate: identity.certificatePem,
      clock,
      faults,
      store,
      stripeControl,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What programs that go on running were told, and hold on to: the certificate they pinned, the Stripe keys they call with. */
const KEPT_AT_RESET = [IDENTITY_TABLE, SSH_TABLE, 'stripe.key'];

const FOR_TESTS: SandboxSettings = {
  host: '127.0.0.1',
  ec2Port: 0,
  stripePort: 0,
  controlPort: 0,
  appliancePort: 0,
  sshPort: 0,
  data: ':memory:',
  webhookSecret: 'whsec_sandbox',
  bootMs: 300,
  copyMs: 300,
  volumeMs: 300,
  snapshotMs: 300,
  throttle: 'off',
  describeLagMs: 0,
};

const throttleOf = (setting: SandboxSettings['throttle']) => ({
  requests: setting === 'requests' || setting === 'all',
  resources: setting === 'resources' || setting === 'all',
});

/** @param ports by the setting that moves each. */
async function unlessTaken<T>(ports: Record<string, number>, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    const [setting, asked] = Object.entries(ports).find(([, number]) => number === port) ?? Object.entries(ports)[0] ?? ['', 0];
    if (code === 'EADDRINUSE') throw new PortTaken(asked, setting);
    throw error;
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
