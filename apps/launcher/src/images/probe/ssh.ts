/**
 * Looks at a machine's SSH server from outside, as anybody could: which ways to log in it offers, and whether it lets somebody
 * in who proved nothing, or with a password that everybody knows. Leaves at once where it gets in, and runs nothing there.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { Client, type AnyAuthMethod, type AuthenticationType } from 'ssh2';
import { WELL_KNOWN, type Entry, type SshSight } from '#domain/boot-test.ts';
import { tcpConnection } from './tcp.ts';

export interface SshTarget {
  address: string;
  port: number;
  /** How long a connection, and each answer on it, may take. */
  patienceMs: number;
}

/** Users at a time: sshd drops connections at random from the eleventh unauthenticated one on (MaxStartups 10:30:100). */
const AT_ONCE = 5;

/** Never throws. */
export async function lookAtSsh(target: SshTarget): Promise<SshSight> {
  const nobodys = randomBytes(24).toString('base64url');
  const root = await converse(target, 'root', [nobodys, ...passwordsOf('root')]);
  if (root === 'closed') return { server: 'none' };
  if (!root.offers) return { server: 'mute', said: root.said };
  const entered = root.entered ? [root.entered] : [];
  const others = takesPasswords(root.offers)
    ? [...new Set(WELL_KNOWN.map(({ user }) => user))].filter((user) => user !== 'root')
    : [];
  while (others.length > 0) {
    const talks = await Promise.all(others.splice(0, AT_ONCE).map((user) => converse(target, user, passwordsOf(user))));
    for (const talk of talks) if (talk !== 'closed' && talk.entered) entered.push(talk.entered);
  }
  return { server: 'answers', greeting: root.greeting, offers: root.offers, entered };
}

const passwordsOf = (name: string): string[] => WELL_KNOWN.filter(({ user }) => user === name).map(({ password }) => password);
const takesPasswords = (offers: readonly string[]): boolean =>
  offers.includes('password') || offers.includes('keyboard-interactive');

interface Talk {
  greeting: string;
  /** What the server offers to who has proved nothing; null when it never came that far. */
  offers: string[] | null;
  entered: Entry | null;
  /** Why it ended, for a person. */
  said: string;
}

/**
 * One connection: asks for nothing first, which makes the server say what it offers, then tries each password. The first is
 * tried whatever is offered, the others only where passwords are.
 */
async function converse({ address, port, patienceMs }: SshTarget, user: string, passwords: string[]): Promise<Talk | 'closed'> {
  const socket = await tcpConnection(address, port, patienceMs);
  if (!socket) return 'closed';
  const talk: Talk = { greeting: '', offers: null, entered: null, said: 'it said nothing in time' };
  const waiting = [...passwords];
  let trying: string | null = null;
  const next = (left: AuthenticationType[] | null): AnyAuthMethod | false => {
    if (left === null) return { type: 'none', username: user };
    talk.offers ??= [...left];
    if (trying !== null && !takesPasswords(talk.offers)) return false;
    trying = waiting.shift() ?? null;
    return trying !== null && attempt(user, trying, talk.offers);
  };
  return new Promise((resolve) => {
    const client = new Client();
    let isOver = false;
    const patience = setTimeout(
      () => {
        isOver = true;
        client.destroy();
      },
      patienceMs * (passwords.length + 2),
    );
    client.on('ready', () => {
      talk.offers ??= [];
      talk.entered = { user, password: trying };
      client.end();
    });
    client.on('error', (error: Error) => {
      // The end of patience ends the connection too, which is then no news.
      if (!isOver) talk.said = error.message;
    });
    client.on('close', () => {
      clearTimeout(patience);
      socket.destroy();
      resolve(talk);
    });
    readGreeting(socket, (greeting) => (talk.greeting = greeting));
    client.connect({
      sock: socket,
      username: user,
      readyTimeout: 0,
      // The machine is minutes old and nobody's: there is no key that it could be known by.
      hostVerifier: () => true,
      authHandler: (left, _partly, callback) => callback(next(left) as AnyAuthMethod),
    });
  });
}

const attempt = (username: string, password: string, offers: readonly string[]): AnyAuthMethod =>
  offers.includes('keyboard-interactive') && !offers.includes('password')
    ? {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => finish(prompts.map(() => password)),
      }
    : { type: 'password', username, password };

/** The first line by which a server says what it is (RFC 4253, 4.2); other lines may come before it. */
function readGreeting(socket: Socket, take: (greeting: string) => void): void {
  let seen = '';
  const read = (chunk: Buffer): void => {
    seen += chunk.toString('latin1');
    const greeting = /^SSH-[\x20-\x7e]{1,250}/m.exec(seen)?.[0];
    if (greeting) take(greeting);
    if (greeting || seen.length > 4096) socket.removeListener('data', read);
  };
  socket.on('data', read);
}
