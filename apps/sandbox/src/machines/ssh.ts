/**
 * The SSH server of a machine. It lets in the user that everybody else is, by the key pair of the launch, and nobody with a
 * password and never root; unless the image is seeded to be careless about that, for a boot test to find out.
 */
import { createServer, type Server } from 'node:net';
import ssh2, {
  type AuthContext,
  type AuthenticationType,
  type Connection,
  type ParsedKey,
  type PublicKeyAuthContext,
  type Session,
} from 'ssh2';
import type { Instance } from '../ec2/instance-state.ts';
import type { Store } from '../store.ts';

export const SSH_TABLE = 'machine.ssh';

/** As Debian says it. */
const IDENT = 'OpenSSH_9.2p1 Debian-2+deb12u3';

export class SshServers {
  private hostKey: string | undefined;

  constructor(private readonly store: Store) {}

  /** @param machine whose server it is; undefined while nobody's, and then a caller is hung up on. */
  serverFor(machine: () => Instance | undefined): Server {
    return createServer((socket) => {
      const instance = machine();
      if (!instance) return void socket.destroy();
      const server = new ssh2.Server({ hostKeys: [this.key()], ident: IDENT }, (client) => serve(client, instance));
      socket.on('error', () => socket.destroy());
      server.injectSocket(socket);
    });
  }

  /** One key stands for the host keys of all machines; made when it is first needed, and kept. */
  private key(): string {
    const kept = this.store.table<string>(SSH_TABLE);
    this.hostKey ??= kept.get('host-key') ?? ssh2.utils.generateKeyPairSync('ed25519').private;
    if (!kept.get('host-key')) kept.set('host-key', this.hostKey);
    return this.hostKey;
  }
}

function serve(client: Connection, instance: Instance): void {
  client.on('error', () => client.end());
  client.on('authentication', (attempt) => {
    if (isAllowed(attempt, instance)) attempt.accept();
    else attempt.reject(methodsFor(attempt.username, instance));
  });
  client.on('ready', () => client.on('session', (accept) => greet(accept(), instance)));
}

/** There is nothing to do on this machine but to say which one it is. */
function greet(session: Session, { instanceId }: Instance): void {
  session.on('pty', (accept) => accept?.());
  session.on('shell', (accept) => {
    const stream = accept();
    stream.write(`This is ${instanceId}.\n`);
    stream.exit(0);
    stream.end();
  });
  session.on('exec', (accept) => {
    const stream = accept();
    stream.write(`This is ${instanceId}.\n`);
    stream.exit(0);
    stream.end();
  });
}

/** What is offered to who has proved nothing yet. */
function methodsFor(user: string, { software }: Instance): AuthenticationType[] {
  const takesPasswords = software?.passwordLogin || (user === 'root' && software?.rootLogin);
  return takesPasswords ? ['publickey', 'password'] : ['publickey'];
}

function isAllowed(attempt: AuthContext, instance: Instance): boolean {
  const { username: user } = attempt;
  const isRoot = user === 'root';
  if (isRoot && !instance.software?.rootLogin) return false;
  if (attempt.method === 'publickey') return provesKey(attempt, instance.publicKey);
  if (attempt.method !== 'password' || !methodsFor(user, instance).includes('password')) return false;
  return attempt.password === user;
}

/** The key pair of the launch; a client first asks whether a key would do, and then signs with it. */
function provesKey({ key, signature, blob, hashAlgo }: PublicKeyAuthContext, publicKey: string | undefined): boolean {
  const known = publicKey === undefined ? undefined : (ssh2.utils.parseKey(publicKey) as ParsedKey | Error);
  if (!known || known instanceof Error || !known.getPublicSSH().equals(key.data)) return false;
  return signature === undefined || blob === undefined || known.verify(blob, signature, hashAlgo) === true;
}
