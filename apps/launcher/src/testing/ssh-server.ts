/** SSH servers and other ports as machines have them, for specs that look at machines from outside. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection } from 'ssh2';

export interface Listener {
  port: number;
  close(): Promise<void>;
}

let hostKey: string | undefined;

/**
 * An SSH server on every address of this machine, as a machine of the sandbox has one of them.
 * @param decide is asked for every attempt to log in.
 */
export async function sshServer(
  decide: (attempt: AuthContext, client: Connection) => void,
  { ident = 'OpenSSH_9.6p1 Ubuntu-3ubuntu13.5', port = 0 } = {},
): Promise<Listener> {
  hostKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
  const clients = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey], ident }, (client) => {
    clients.add(client);
    client.on('authentication', (attempt) => decide(attempt, client));
    client.on('error', () => {});
    client.on('close', () => clients.delete(client));
  });
  await new Promise<void>((done) => server.listen(port, '0.0.0.0', done));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const client of clients) client.end();
      }),
  };
}

/** A port that accepts connections, says `greeting` and hangs up, or says nothing. */
export async function tcpServer(greeting?: string): Promise<Listener> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    // Unread, it would never see that the other side has left.
    socket.resume();
    if (greeting) socket.end(greeting);
  });
  await new Promise<void>((done) => server.listen(0, '0.0.0.0', done));
  return { port: (server.address() as AddressInfo).port, close: () => new Promise((done) => server.close(() => done())) };
}

/** Decides as a server that takes keys only. */
export const keysOnly = (attempt: AuthContext): void => attempt.reject(['publickey']);

/** Decides as a server that somebody forgot to close: it takes passwords, and `admin` has one that everybody knows. */
export const forgotten = (attempt: AuthContext): void =>
  attempt.method === 'password' && attempt.username === 'admin' && attempt.password === 'admin'
    ? attempt.accept()
    : attempt.reject(['publickey', 'password']);
