/** Orders for specs of snippets: one as Globex gives it, and any at all. */
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import type { SnippetOrder } from '../order.ts';

export const VAULT: SnippetOrder = {
  name: 'Acme Vault 1.0.0',
  region: 'eu-west-1',
  zone: null,
  imageId: 'ami-0acce550000000001',
  instanceType: 't3.micro',
  keyName: null,
  subnetId: null,
  firewall: [{ protocol: 'tcp', port: 8080, from: '0.0.0.0/0' }],
  placement: 'none',
  isSpot: false,
  tags: { Name: 'Acme Vault 1.0.0', 'slipway:product': '0199' },
  userData: '{"slipway":{"productCode":"vault"}}',
  dataVolumes: [],
  urlTemplate: 'http://{address}:8080/',
};

/** Everything that a launch can ask for. */
export const VAULT_IN_FULL: SnippetOrder = {
  ...VAULT,
  zone: 'eu-west-1b',
  keyName: "Globex's key",
  subnetId: 'subnet-0123456789abcdef0',
  firewall: [
    ...VAULT.firewall,
    { protocol: 'udp', port: 53, from: '0.0.0.0/0' },
    { protocol: 'tcp', port: 22, from: '203.0.113.0/24' },
  ],
  placement: 'spread',
  isSpot: true,
  userData: '#!/bin/sh\n\n  echo "${HOME} %{x}" \'`id`\'\n# file:///etc/passwd\n',
  dataVolumes: [
    { name: 'data', device: '/dev/sdf', sizeGib: 10, type: 'gp3' },
    { name: 'logs', device: '/dev/sdg', sizeGib: 20, type: 'st1' },
  ],
};

/** What means something to YAML, HCL, a shell or the AWS CLI, and whatever else there is. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        "'",
        '\\',
        '`',
        '$',
        '${',
        '%{',
        '}',
        '$(id)',
        '\n',
        '\r',
        '\t',
        ' ',
        ': ',
        '- ',
        '#',
        '&a',
        '*a',
        '!',
        '|',
        '>',
        '@',
        'file://',
        'true',
        'null',
        '~',
        '1',
        '2026-01-01',
        '\u0000',
        '\u0085',
        '\u2028',
        '\ufeff',
        'é',
        '🙂',
        '<<',
        '=',
        ',',
        '[',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
);

export const anyOrder: fc.Arbitrary<SnippetOrder> = fc
  .record({
    name: anyText,
    keyName: fc.option(anyText),
    tags: fc.dictionary(anyText, anyText, { maxKeys: 4, noNullPrototype: true }),
    userData: anyText,
    placement: fc.constantFrom('none', 'spread', 'partition'),
    dataVolumes: fc.constantFrom(VAULT.dataVolumes, VAULT_IN_FULL.dataVolumes),
    isSpot: fc.boolean(),
    subnetId: fc.constantFrom(null, VAULT_IN_FULL.subnetId),
    zone: fc.constantFrom(null, VAULT_IN_FULL.zone),
  })
  .map((given) => ({ ...VAULT, ...given }));

/** Whether a program can be run here; specs that need one are skipped otherwise. */
export function isHere(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
