/**
 * What a machine of an image shows from outside, in its boot test: whether it answers, who could log in, what else listens. Knows
 * neither SQL, EC2 nor SSH.
 */
import type { Machine } from './fleet.ts';
import { BOOT_CONTROLS, check, fail, notExecuted, pass, type Check, type Verdict } from './image.ts';

export interface BootTest {
  machine: Machine | 'missing';
  /** What came of asking the appliance; null when it was not asked. */
  answer: { well: boolean; said: string } | null;
  /** How often it was asked in vain, this time included. */
  tries: number;
  secondsSinceStart: number;
  limitSeconds: number;
  settleSeconds: number;
}

/** A boot test is not given up before this many tries: a clock that was moved has not waited. */
export const LEAST_TRIES = 20;

/** Whether the machine of a boot test answers. */
export function judgeBoot({ machine, answer, tries, secondsSinceStart, limitSeconds, settleSeconds }: BootTest): Verdict {
  if (answer?.well) return pass('boots', `It booted, and its health check answered ${answer.said}.`);
  if (machine === 'missing')
    return secondsSinceStart > settleSeconds ? fail('boots', 'The boot test was cut short: its machine is gone.') : 'wait';
  if (machine.state !== 'pending' && machine.state !== 'running') {
    return fail('boots', `It did not boot: the machine is ${machine.state}${machine.reason ? ` (${machine.reason})` : ''}.`);
  }
  if (secondsSinceStart <= limitSeconds || tries < LEAST_TRIES) return 'wait';
  const said = answer ? `its health check said: ${answer.said}` : `its machine was still ${machine.state}`;
  return fail('boots', `It did not boot: after ${limitSeconds} seconds ${said}.`);
}

/** Somebody whom SSH let in; without a password when it is null. */
export interface Entry {
  user: string;
  password: string | null;
}

/** `none`: nothing accepts a connection. `mute`: something does, and does not speak SSH in time. */
export type SshSight =
  | { server: 'none' }
  | { server: 'mute'; said: string }
  | { server: 'answers'; greeting: string; offers: string[]; entered: Entry[] };

/** What a machine that answers shows besides. */
export interface Sights {
  /** `required` where EC2 gives it IMDSv2 only; null where EC2 does not say. */
  httpTokens: string | null;
  sshPort: number;
  ssh: SshSight;
  /** The TCP ports that were tried, and those of them that answered. */
  triedPorts: readonly number[];
  openPorts: readonly number[];
  /** The TCP ports that the version says it has. */
  declaredPorts: readonly number[];
}

/**
 * What vendors' tools and old images leave behind, tried only where SSH takes passwords at all. Six or fewer for each user, for
 * OpenSSH hangs up after MaxAuthTries (sshd_config(5): 6).
 */
export const WELL_KNOWN: ReadonlyArray<{ user: string; password: string }> = [
  ...['root', 'toor', 'password', 'admin'].map((password) => ({ user: 'root', password })),
  ...['admin', 'password'].map((password) => ({ user: 'admin', password })),
  ...['ubuntu', 'debian', 'centos', 'ec2-user', 'user', 'test', 'vagrant', 'bitnami'].map((name) => ({
    user: name,
    password: name,
  })),
  { user: 'pi', password: 'raspberry' },
];

/** Services that let everybody in unless told otherwise, or carry passwords in the clear, by their usual port. */
export const RISKY_PORTS: Readonly<Record<number, string>> = {
  23: 'Telnet',
  2375: 'Docker without TLS',
  3306: 'MySQL',
  5432: 'PostgreSQL',
  6379: 'Redis',
  9200: 'Elasticsearch',
  11211: 'memcached',
  27017: 'MongoDB',
};

/** SSH often comes up after the software does: where it does not answer yet, it is not taken for closed before `patienceSeconds`. */
export const isInconclusive = ({ ssh }: Sights, secondsSinceAnswer: number, patienceSeconds: number): boolean =>
  ssh.server !== 'answers' && secondsSinceAnswer < patienceSeconds;

/** The controls of BOOT_CONTROLS but `boots`. */
export function judgeSights(sights: Sights): Check[] {
  return [imdsOnly(sights), sshPasswords(sights), sshRoot(sights), defaultCredentials(sights), openPorts(sights)];
}

/** Those controls where the machine showed nothing. */
export const unseen = (why: string): Check[] =>
  BOOT_CONTROLS.filter((control) => control !== 'boots').map((control) => notExecuted(control, why));

function imdsOnly({ httpTokens }: Sights): Check {
  if (httpTokens === 'required') return pass('imds_v2_only', 'It works on a machine with IMDSv2 only (HttpTokens=required).');
  const shown =
    httpTokens === null ? 'does not show HttpTokens' : `shows HttpTokens=${httpTokens}, although required was asked for`;
  return notExecuted('imds_v2_only', `EC2 ${shown}, so the boot test proves nothing about IMDSv2.`);
}

const PASSWORD_METHODS = ['password', 'keyboard-interactive'];
const takesPasswords = (offers: readonly string[]): boolean => offers.some((method) => PASSWORD_METHODS.includes(method));
const nobodyThere = (port: number): string => `Nothing answers on port ${port}, where SSH would be.`;
const notSpeaking = (port: number, said: string): string => `Port ${port} accepts connections and does not speak SSH: ${said}.`;

function sshPasswords({ ssh, sshPort }: Sights): Check {
  if (ssh.server === 'none') return pass('ssh_passwords', nobodyThere(sshPort));
  if (ssh.server === 'mute') return notExecuted('ssh_passwords', notSpeaking(sshPort, ssh.said));
  return check(
    'ssh_passwords',
    !takesPasswords(ssh.offers) && ssh.entered.length === 0,
    `SSH takes no passwords, only ${ssh.offers.join(', ') || 'nothing'}.`,
    'SSH takes passwords; set PasswordAuthentication and KbdInteractiveAuthentication to no.',
  );
}

function sshRoot({ ssh, sshPort }: Sights): Check {
  if (ssh.server === 'none') return pass('ssh_root', nobodyThere(sshPort));
  if (ssh.server === 'mute') return notExecuted('ssh_root', notSpeaking(sshPort, ssh.said));
  if (ssh.entered.some((entry) => entry.user === 'root')) return fail('ssh_root', 'SSH let root in; set PermitRootLogin to no.');
  return check(
    'ssh_root',
    !takesPasswords(ssh.offers),
    'SSH let root in neither without credentials nor with a password.',
    'SSH asks root for a password; set PermitRootLogin to no, and let nobody log in by password.',
  );
}

function defaultCredentials({ ssh, sshPort }: Sights): Check {
  if (ssh.server === 'none') return pass('default_credentials', nobodyThere(sshPort));
  if (ssh.server === 'mute') return notExecuted('default_credentials', notSpeaking(sshPort, ssh.said));
  const entered = ssh.entered.map(({ user, password }) =>
    password === null ? `${user} without any` : `${user} with "${password}"`,
  );
  if (entered.length > 0) return fail('default_credentials', `SSH let in ${entered.join(', ')}; no password may be in an image.`);
  const tried = takesPasswords(ssh.offers)
    ? `None of ${WELL_KNOWN.length} well-known passwords let anybody in.`
    : 'SSH takes no passwords, so none of the well-known ones.';
  return pass('default_credentials', tried);
}

function openPorts({ openPorts: open, triedPorts, declaredPorts }: Sights): Check {
  if (triedPorts.length === 0) return notExecuted('open_ports', 'No ports are set to be tried.');
  const surprising = open.filter((port) => !declaredPorts.includes(port));
  const named = surprising.map((port) => (RISKY_PORTS[port] ? `${port} (${RISKY_PORTS[port]})` : String(port)));
  return check(
    'open_ports',
    surprising.length === 0,
    `Of ports ${triedPorts.join(', ')} none answers that is not declared.`,
    `Port ${named.join(', ')} answers and is not declared; close it, or declare it with the version.`,
  );
}
