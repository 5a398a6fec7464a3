/** Looking at machines from outside, on real SSH servers and real ports. */
import { createServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { lookAtSsh } from './ssh.ts';
import { openPorts } from './tcp.ts';

const open: Array<{ close(): unknown }> = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

const hostKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;

/** An SSH server; `decide` is asked for every attempt to log in. */
async function sshServer(
  decide: (attempt: AuthContext, client: Connection) => void,
  ident = 'OpenSSH_9.6p1 Ubuntu-3ubuntu13.5',
): Promise<number> {
  const server = new ssh2.Server({ hostKeys: [hostKey], ident }, (client) => {
    client.on('authentication', (attempt) => decide(attempt, client));
    client.on('error', () => {});
  });
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

async function tcpServer(greet?: string): Promise<number> {
  const server: TcpServer = createServer((socket) => {
    socket.on('error', () => {});
    // Unread, it would never see that the other side has left.
    socket.resume();
    if (greet) socket.end(greet);
  });
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

const look = (port: number, patienceMs = 1_000) => lookAtSsh({ address: '127.0.0.1', port, patienceMs });

describe('an SSH server', () => {
  it('that takes keys only says so, to root as to everybody, and lets nobody in', async () => {
    const tried: string[] = [];
    const port = await sshServer((attempt) => {
      tried.push(`${attempt.username} ${attempt.method}`);
      attempt.reject(['publickey']);
    });
    expect(await look(port)).toEqual({
      server: 'answers',
      greeting: 'SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5',
      offers: ['publickey'],
      entered: [],
    });
    expect(tried).toEqual(['root none', 'root password']);
  });

  it('that takes passwords is tried with those that everybody knows', async () => {
    const port = await sshServer((attempt) =>
      attempt.method === 'password' && attempt.username === 'admin' && attempt.password === 'admin'
        ? attempt.accept()
        : attempt.reject(['publickey', 'password']),
    );
    expect(await look(port)).toMatchObject({
      offers: ['publickey', 'password'],
      entered: [{ user: 'admin', password: 'admin' }],
    });
  });

  it('that asks for the password by keyboard-interactive is no different', async () => {
    const port = await sshServer((attempt) => {
      if (attempt.method !== 'keyboard-interactive') return attempt.reject(['keyboard-interactive']);
      return attempt.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) =>
        attempt.username === 'root' && answer === 'toor' ? attempt.accept() : attempt.reject(['keyboard-interactive']),
      );
    });
    expect(await look(port)).toMatchObject({
      offers: ['keyboard-interactive'],
      entered: [{ user: 'root', password: 'toor' }],
    });
  });

  it('that lets root in for nothing is found out', async () => {
    const port = await sshServer((attempt) => attempt.accept());
    expect(await look(port)).toMatchObject({ server: 'answers', entered: [{ user: 'root', password: null }] });
  });

  it('that hangs up on too many tries has still said what it offers', async () => {
    let tries = 0;
    const port = await sshServer((attempt, client) => {
      tries += 1;
      if (tries > 2) client.end();
      else attempt.reject(['password']);
    });
    expect(await look(port)).toMatchObject({ offers: ['password'], entered: [] });
  });
});

it('tells a port where nothing is from one that says nothing, and from one that says something else', async () => {
  const port = await tcpServer();
  expect(await look(port, 50)).toEqual({ server: 'mute', said: 'it said nothing in time' });
  expect(await look(await tcpServer('220 mail.acme.test ESMTP\r\n'), 300)).toMatchObject({ server: 'mute' });
  for (const server of open.splice(0)) await new Promise((done) => (server as TcpServer).close(done));
  expect(await look(port, 300)).toEqual({ server: 'none' });
});

it('finds the ports that answer', async () => {
  const [first, second] = [await tcpServer(), await tcpServer('hello')];
  const closed = await tcpServer();
  await new Promise((done) => (open.pop() as TcpServer).close(done));
  expect(await openPorts('127.0.0.1', [first, closed, second], 300)).toEqual([first, second]);
});
