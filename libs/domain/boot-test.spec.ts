/** What the machine of a boot test shows from outside. */
import { describe, expect, it } from 'vitest';
import {
  isInconclusive,
  judgeBoot,
  judgeSights,
  LEAST_TRIES,
  unseen,
  WELL_KNOWN,
  type BootTest,
  type Sights,
  type SshSight,
} from './boot-test.ts';
import type { Machine } from './fleet.ts';
import { BOOT_CONTROLS, type Check, type Control } from './image.ts';

describe('a boot test', () => {
  const running: Machine = { state: 'running', launchTime: new Date(0), endedAt: null, address: '198.51.100.7', reason: null };
  const test = (given: Partial<BootTest>) =>
    judgeBoot({
      machine: running,
      answer: { well: false, said: 'ECONNREFUSED' },
      tries: LEAST_TRIES,
      secondsSinceStart: 301,
      limitSeconds: 300,
      settleSeconds: 180,
      ...given,
    });

  it('is passed by an answer, however late', () =>
    expect(test({ answer: { well: true, said: '200' } })).toMatchObject({ result: 'PASS' }));
  it('is given up when both its time and its tries are over', () => {
    expect(test({ secondsSinceStart: 299, tries: 99 })).toBe('wait');
    expect(test({ tries: LEAST_TRIES - 1 })).toBe('wait');
    expect(test({})).toMatchObject({
      result: 'FAIL',
      reason: 'It did not boot: after 300 seconds its health check said: ECONNREFUSED.',
    });
    expect(test({ machine: { ...running, state: 'pending' }, answer: null })).toMatchObject({
      reason: expect.stringContaining('still pending'),
    });
  });
  it('is failed by a machine that goes by itself', () => {
    const ended: Machine = { ...running, state: 'terminated', reason: 'Client.VolumeLimitExceeded' };
    expect(test({ machine: ended, answer: null, secondsSinceStart: 1 })).toMatchObject({
      reason: 'It did not boot: the machine is terminated (Client.VolumeLimitExceeded).',
    });
  });
  it('waits for a machine that EC2 does not show yet', () => {
    expect(test({ machine: 'missing', answer: null, secondsSinceStart: 1 })).toBe('wait');
    expect(test({ machine: 'missing', answer: null, secondsSinceStart: 181 })).toMatchObject({ result: 'FAIL' });
  });
});

describe('a machine seen from outside', () => {
  const answers = (given: Partial<Extract<SshSight, { server: 'answers' }>> = {}): SshSight => ({
    server: 'answers',
    greeting: 'SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5',
    offers: ['publickey'],
    entered: [],
    ...given,
  });
  const good: Sights = {
    httpTokens: 'required',
    sshPort: 22,
    ssh: answers(),
    triedPorts: [23, 6379],
    openPorts: [],
    declaredPorts: [443],
  };
  const results = (given: Partial<Sights>): Record<string, Check['result']> =>
    Object.fromEntries(judgeSights({ ...good, ...given }).map((check) => [check.control, check.result]));
  const reason = (control: Control, given: Partial<Sights>): string | undefined =>
    judgeSights({ ...good, ...given }).find((check) => check.control === control)?.reason;
  const allPass = Object.fromEntries(BOOT_CONTROLS.slice(1).map((control) => [control, 'PASS']));

  it('passes when it takes keys only, and when nothing answers SSH at all', () => {
    expect(results({})).toEqual(allPass);
    expect(results({ ssh: { server: 'none' } })).toEqual(allPass);
    expect(reason('ssh_root', { ssh: { server: 'none' } })).toBe('Nothing answers on port 22, where SSH would be.');
  });

  it('fails when it takes passwords, of root and of everybody', () => {
    for (const method of ['password', 'keyboard-interactive']) {
      expect(results({ ssh: answers({ offers: ['publickey', method] }) })).toEqual({
        ...allPass,
        ssh_passwords: 'FAIL',
        ssh_root: 'FAIL',
      });
    }
    expect(reason('default_credentials', { ssh: answers({ offers: ['password'] }) })).toContain(`None of ${WELL_KNOWN.length}`);
  });

  it('fails when somebody gets in, with a password that everybody knows or without any', () => {
    const weak = answers({ offers: ['password'], entered: [{ user: 'admin', password: 'admin' }] });
    expect(results({ ssh: weak })).toMatchObject({ ssh_passwords: 'FAIL', default_credentials: 'FAIL' });
    expect(reason('default_credentials', { ssh: weak })).toBe('SSH let in admin with "admin"; no password may be in an image.');
    const open = answers({ offers: [], entered: [{ user: 'root', password: null }] });
    expect(results({ ssh: open })).toMatchObject({ ssh_passwords: 'FAIL', ssh_root: 'FAIL', default_credentials: 'FAIL' });
    expect(reason('ssh_root', { ssh: open })).toContain('let root in');
  });

  it('is looked at again where SSH may still come up', () => {
    for (const ssh of [{ server: 'none' }, { server: 'mute', said: 'nothing' }] as const) {
      expect(isInconclusive({ ...good, ssh }, 29, 30)).toBe(true);
      expect(isInconclusive({ ...good, ssh }, 30, 30)).toBe(false);
    }
    expect(isInconclusive(good, 0, 30)).toBe(false);
  });

  it('is not judged where a port accepts and says nothing', () => {
    const mute: Partial<Sights> = { ssh: { server: 'mute', said: 'no greeting in time' } };
    expect(results(mute)).toMatchObject({
      ssh_passwords: 'NOT_EXECUTED',
      ssh_root: 'NOT_EXECUTED',
      default_credentials: 'NOT_EXECUTED',
      open_ports: 'PASS',
    });
  });

  it('fails when a port answers that nobody declared', () => {
    expect(results({ openPorts: [6379] })).toEqual({ ...allPass, open_ports: 'FAIL' });
    expect(reason('open_ports', { openPorts: [6379] })).toContain('Port 6379 (Redis) answers');
    expect(results({ openPorts: [6379], declaredPorts: [443, 6379] })).toEqual(allPass);
    expect(results({ triedPorts: [] })).toMatchObject({ open_ports: 'NOT_EXECUTED' });
  });

  it('proves nothing about IMDSv2 unless EC2 shows that nothing else was possible', () => {
    expect(results({ httpTokens: null })).toMatchObject({ imds_v2_only: 'NOT_EXECUTED' });
    expect(reason('imds_v2_only', { httpTokens: 'optional' })).toContain('HttpTokens=optional');
  });

  it('leaves every control open when it never answered', () => {
    expect(unseen('Its machine never answered.').map((check) => check.control)).toEqual(BOOT_CONTROLS.slice(1));
  });
});

it('tries no user more often than OpenSSH allows in one connection', () => {
  const byUser = Map.groupBy(WELL_KNOWN, ({ user }) => user);
  for (const [user, tries] of byUser) expect(tries.length, user).toBeLessThanOrEqual(5);
});
