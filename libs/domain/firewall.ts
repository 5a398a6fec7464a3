/** Which ports of a machine are open, and to whom. */

export interface FirewallRule {
  protocol: 'tcp' | 'udp';
  port: number;
  /** A CIDR. */
  from: string;
}

export const ANYWHERE = '0.0.0.0/0';
const SSH = 22;

/**
 * What a machine's security group lets in: the appliance's own ports from anywhere. SSH is never among them, whatever the vendor lists:
 * it is open to where its buyer said, and to nobody else. In one order, so that the same rules are the same group.
 * @param urlPort where the appliance answers.
 * @param sshFrom a CIDR, or null.
 */
export function firewallOf(
  urlPort: number,
  ports: ReadonlyArray<{ port: number; protocol: 'tcp' | 'udp' }>,
  sshFrom: string | null,
): FirewallRule[] {
  const open = [{ port: urlPort, protocol: 'tcp' as const }, ...ports]
    .filter(({ port, protocol }) => protocol !== 'tcp' || port !== SSH)
    .map(({ port, protocol }): FirewallRule => ({ protocol, port, from: ANYWHERE }));
  const all = sshFrom === null ? open : [...open, { protocol: 'tcp' as const, port: SSH, from: sshFrom }];
  const distinct = new Map(all.map((rule) => [`${rule.protocol} ${String(rule.port).padStart(5, '0')} ${rule.from}`, rule]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
}

/** Every address at once, however it is written. */
export const isAnywhere = (cidr: string): boolean => /\/0+$/.test(cidr);
