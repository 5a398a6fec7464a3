/** Looking at machines from outside, on real SSH servers and real ports. */
import { afterEach, describe, expect, it } from 'vitest';
import { forgotten, keysOnly, sshServer, tcpServer, type Listener } from '../../testing/ssh-server.ts';
import { lookAtSsh } from './ssh.ts';
import { openPorts } from './tcp.ts';

const open: Listener[] = [];
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.close();
});

async function opened(listener: Promise<Listener>): Promise<number> {
  open.push(await listener);
  return open.at(-1)!.port;
}

const look = (port: number, patienceMs = 1_000) => lookAtSsh({ address: '127.0.0.1', port, patienceMs });

describe('an SSH server', () => {
  it('that takes keys only says so, to root as to everybody, and lets nobody in', async () => {
    const tried: string[] = [];
    const port = await opened(
      sshServer((attempt) => {
        tried.push(`${attempt.username} ${attempt.method}`);
        keysOnly(attempt);
      }),
    );
    expect(await look(port)).toEqual({
      server: 'answers',
      greeting: 'SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5',
      offers: ['publickey'],
      entered: [],
    });
    expect(tried).toEqual(['root none', 'root password']);
  });

  it('that takes passwords is tried with those that everybody knows', async () => {
    expect(await look(await opened(sshServer(forgotten)))).toMatchObject({
      offers: ['publickey', 'password'],
      entered: [{ user: 'admin', password: 'admin' }],
    });
  });

  it('that asks for the password by keyboard-interactive is no different', async () => {
    const port = await opened(
      sshServer((attempt) => {
        if (attempt.method !== 'keyboard-interactive') return attempt.reject(['keyboard-interactive']);
        return attempt.prompt([{ prompt: 'Password: ', echo: false }], ([answer]) =>
          attempt.username === 'root' && answer === 'toor' ? attempt.accept() : attempt.reject(['keyboard-interactive']),
        );
      }),
    );
    expect(await look(port)).toMatchObject({
      offers: ['keyboard-interactive'],
      entered: [{ user: 'root', password: 'toor' }],
    });
  });

  it('that lets root in for nothing is found out', async () => {
    const port = await opened(sshServer((attempt) => attempt.accept()));
    expect(await look(port)).toMatchObject({ server: 'answers', entered: [{ user: 'root', password: null }] });
  });

  it('that hangs up on too many tries has still said what it offers', async () => {
    let tries = 0;
    const port = await opened(
      sshServer((attempt, client) => {
        tries += 1;
        if (tries > 2) client.end();
        else attempt.reject(['password']);
      }),
    );
    expect(await look(port)).toMatchObject({ offers: ['password'], entered: [] });
  });
});

it('tells a port where nothing is from one that says nothing, and from one that says something else', async () => {
  const port = await opened(tcpServer());
  expect(await look(port, 50)).toEqual({ server: 'mute', said: 'it said nothing in time' });
  expect(await look(await opened(tcpServer('220 mail.acme.test ESMTP\r\n')), 300)).toMatchObject({ server: 'mute' });
  await open.shift()!.close();
  expect(await look(port, 300)).toEqual({ server: 'none' });
});

it('finds the ports that answer', async () => {
  const first = await opened(tcpServer());
  const second = await opened(tcpServer('hello'));
  const closed = await opened(tcpServer());
  await open.pop()!.close();
  expect(await openPorts('127.0.0.1', [first, closed, second], 300)).toEqual([first, second]);
});
