/** Agents that run for as long as their machine is up: any command, and then the real one, which meters what it is told. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunInstancesCommand, StartInstancesCommand, StopInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startApp } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase } from '#testing/database.ts';
import { subscribedMarketplace } from '#testing/fixtures.ts';
import { metering } from '../../../metering/src/metering.app.ts';
import { certificateFile, launchedMachine } from '../../../metering/src/testing/ec2.ts';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, ACME_VAULT_AGENT, control, ec2Of } from '../testing/clients.ts';
import { FREE_PORTS, said, sandboxProcess } from '../testing/process.ts';

const undo: Array<() => unknown> = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

async function started(settings: Parameters<typeof startSandbox>[0]): Promise<Sandbox> {
  const sandbox = await startSandbox(settings);
  undo.push(() => sandbox.close());
  return sandbox;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'agents-'));
  undo.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function launch(ec2: EC2Client, ImageId: string): Promise<string> {
  const made = await ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }));
  return made.Instances?.[0]?.InstanceId ?? '';
}

/** Says which machine it thinks it is, in a file named after its process. */
const sayingItsProcess = (where: string): string =>
  `sh -c 'echo "$AWS_EC2_METADATA_SERVICE_ENDPOINT" > ${where}/$$; exec sleep 1000'`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('an agent', () => {
  it('runs on the machines whose image has it, is told where its metadata is, and ends with its machine', async () => {
    const seen = folder();
    const sandbox = await started({ bootMs: 0, agentCommand: sayingItsProcess(seen) });
    const ec2 = ec2Of(sandbox);
    const [plain, id] = [await launch(ec2, ACME_VAULT), await launch(ec2, ACME_VAULT_AGENT)];
    await control(sandbox, '/clock', { advanceMs: 1 });
    const pids = () =>
      readdirSync(seen)
        .filter((name) => readFileSync(join(seen, name), 'utf8') !== '')
        .map(Number);
    await vi.waitFor(() => expect(pids()).toHaveLength(1), 10_000);
    const [pid = 0] = pids();
    expect(readFileSync(join(seen, String(pid)), 'utf8').trim()).toBe(`${sandbox.ec2}/imds/${id}`);
    expect(isAlive(pid)).toBe(true);

    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await control(sandbox, '/clock', { advanceMs: 1 });
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await control(sandbox, '/clock', { advanceMs: 1 });
    await vi.waitFor(() => expect(pids()).toHaveLength(2), 10_000);
    const again = pids().find((other) => other !== pid) ?? 0;
    for (const machine of [plain, id]) await control(sandbox, `/instances/${machine}/lose`);
    await vi.waitFor(() => expect(isAlive(again)).toBe(false), 10_000);
  }, 40_000);

  it('keeps what it wrote at home over a stop, as on its root volume', async () => {
    const data = folder();
    const sandbox = await started({
      bootMs: 0,
      data: join(data, 'sandbox.sqlite'),
      agentCommand: 'echo up >> "$HOME/boots"; sleep 1000',
    });
    const ec2 = ec2Of(sandbox);
    const id = await launch(ec2, ACME_VAULT_AGENT);
    const boots = () => {
      const file = join(data, 'machines', id, 'boots');
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    };
    await control(sandbox, '/clock', { advanceMs: 1 });
    await vi.waitFor(() => expect(boots()).toBe('up\n'), 10_000);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    await control(sandbox, '/clock', { advanceMs: 1 });
    await ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await control(sandbox, '/clock', { advanceMs: 1 });
    await vi.waitFor(() => expect(boots()).toBe('up\nup\n'), 10_000);
  }, 40_000);

  it('does not outlive a sandbox that is killed, and runs again with the next one', async () => {
    const data = folder();
    const settings = { SANDBOX_DATA: join(data, 'sandbox.sqlite'), SANDBOX_BOOT_MS: '0' };
    const child = sandboxProcess({ ...FREE_PORTS, ...settings, SANDBOX_AGENT_COMMAND: sayingItsProcess(data) });
    undo.push(() => child.kill('SIGKILL'));
    await launch(ec2Of({ ec2: await said(child, /EC2.*(http:\S+)/) }), ACME_VAULT_AGENT);
    const pids = () =>
      readdirSync(data)
        .filter((name) => /^\d+$/.test(name))
        .map(Number);
    await vi.waitFor(() => expect(pids()).toHaveLength(1), 10_000);
    const [pid = 0] = pids();
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);
    await started({ bootMs: 0, data: settings.SANDBOX_DATA, agentCommand: sayingItsProcess(data) });
    await vi.waitFor(() => expect(pids()).toHaveLength(2), 10_000);
  }, 60_000);
});

const AGENT = join(import.meta.dirname, '../../../agent/slipway-agent');
const hasCurl = spawnSync('curl', ['--version']).status === 0;

it.skipIf(!hasCurl)(
  'the marketplace’s own agent proves its machine and meters from it',
  async () => {
    const database = await createTestDatabase();
    undo.push(() => database.drop());
    const clock = new TestClock('2026-01-05T15:20:00Z');
    const hour = Math.floor(clock.now().getTime() / 1000);
    // The app's address is known only once it runs, and it needs the sandbox's certificate, so the machine finds it in a file.
    const addresses = join(folder(), 'metering');
    const setUp = `export SLIPWAY_STATE_DIR="$HOME/state" SLIPWAY_METERING_URL="$(cat ${addresses}.url)" SLIPWAY_PRODUCT_CODE="$(cat ${addresses}.product)"`;
    const agentCommand = `${setUp}; ${AGENT} report users 7 --at ${hour} && exec ${AGENT} run`;
    const sandbox = await started({ bootMs: 60_000, agentCommand });
    const app = await startApp(metering, { database, clock, settings: { IDENTITY_CERTIFICATES_FILE: certificateFile(sandbox) } });
    undo.push(() => app.close());
    const shop = await subscribedMarketplace(database);
    writeFileSync(`${addresses}.url`, app.url);
    writeFileSync(`${addresses}.product`, shop.productCode);

    const machine = await launchedMachine(sandbox, database, shop, { imageId: ACME_VAULT_AGENT });
    const records = () =>
      database.sql('select quantity, source_id from metering.usage_record where subscription_id = $1', [shop.subscriptionId]);
    expect(await records()).toEqual([]);
    await control(sandbox, '/clock', { advanceMs: 60_000 });
    await vi.waitFor(async () => expect(await records()).toHaveLength(1), { timeout: 30_000, interval: 250 });
    expect(await records()).toMatchObject([{ source_id: machine.instanceId }]);
  },
  90_000,
);
