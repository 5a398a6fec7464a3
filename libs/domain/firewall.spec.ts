import { describe, expect, it } from 'vitest';
import { firewallOf, isAnywhere } from './firewall.ts';

describe('a machine’s firewall', () => {
  it('opens the appliance’s ports to everybody, each once and in one order', () => {
    const rules = firewallOf(
      443,
      [
        { port: 5432, protocol: 'tcp' },
        { port: 443, protocol: 'tcp' },
        { port: 53, protocol: 'udp' },
      ],
      null,
    );
    expect(rules).toEqual([
      { protocol: 'tcp', port: 443, from: '0.0.0.0/0' },
      { protocol: 'tcp', port: 5432, from: '0.0.0.0/0' },
      { protocol: 'udp', port: 53, from: '0.0.0.0/0' },
    ]);
  });

  it('opens SSH to where the buyer said and to nobody else, also when the vendor lists it', () => {
    const ssh = [{ port: 22, protocol: 'tcp' as const }];
    expect(firewallOf(80, ssh, null).map((rule) => rule.port)).toEqual([80]);
    expect(firewallOf(80, ssh, '203.0.113.0/24')).toContainEqual({ protocol: 'tcp', port: 22, from: '203.0.113.0/24' });
    expect(firewallOf(22, [], null)).toEqual([]);
  });

  it('knows everybody when it sees them', () => {
    expect(['0.0.0.0/0', '10.0.0.0/0', '10.0.0.0/8', '203.0.113.7/32'].map(isAnywhere)).toEqual([true, true, false, false]);
  });
});
