/** Snippets: each language reads back what was meant, whatever anybody has typed, and the tools that check them have nothing to say. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { cloudFormation } from './cloudformation.ts';
import type { SnippetOrder } from './order.ts';
import { snippetOf, SNIPPET_FORMATS, type SnippetFormat } from './snippet.ts';
import { RESOURCES } from './testing/cloudformation-properties.ts';
import { anyOrder, isHere, VAULT, VAULT_IN_FULL } from './testing/orders.ts';

const ORDERS: Array<[string, SnippetOrder]> = [
  ['a plain launch', VAULT],
  ['a launch with everything', VAULT_IN_FULL],
  ['a launch into partitions', { ...VAULT_IN_FULL, placement: 'partition', subnetId: null }],
];
/** Its own types would bring the browser's along, which differ from Node's. */
const { parse: parseHcl } = createRequire(import.meta.url)('@cdktf/hcl2json') as {
  parse: (name: string, text: string) => Promise<unknown>;
};
const textOf = (format: SnippetFormat, order: SnippetOrder): string => snippetOf(format, order).text;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-snippets-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(format: SnippetFormat, order: SnippetOrder, mark = ''): string {
  const { fileName, text } = snippetOf(format, order);
  const file = join(folder, `${mark}${fileName}`);
  writeFileSync(file, text);
  return file;
}

interface Template {
  Parameters?: Record<string, unknown>;
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

describe('CloudFormation', () => {
  it('reads the YAML and the JSON as the same template, whatever was typed', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const meant = JSON.parse(JSON.stringify(cloudFormation(order)));
        expect(JSON.parse(textOf('cloudformation-json', order))).toEqual(meant);
        const yaml = textOf('cloudformation-yaml', order);
        expect(parseYaml(yaml)).toEqual(meant);
        expect(parseYaml(yaml, { version: '1.1' })).toEqual(meant);
        expect(meant.Resources.Machine.Properties.UserData).toEqual({ 'Fn::Base64': order.userData });
      }),
      { numRuns: 150 },
    );
  });

  it.each(ORDERS)('knows the resources, properties and attributes of %s', (_, order) => {
    const template = JSON.parse(textOf('cloudformation-json', order)) as Template;
    for (const { Type, Properties } of Object.values(template.Resources)) {
      const { properties, required } = RESOURCES[Type]!;
      expect(properties).toEqual(expect.arrayContaining(Object.keys(Properties)));
      expect(Object.keys(Properties)).toEqual(expect.arrayContaining(required));
    }
    const names = [...Object.keys(template.Resources), ...Object.keys(template.Parameters ?? {}), 'AWS::Region'];
    for (const [kind, name, attribute] of referencesIn(template)) {
      expect(names).toContain(name);
      if (kind === 'Fn::GetAtt') expect(RESOURCES[template.Resources[name!]!.Type]!.attributes).toContain(attribute);
    }
  });

  it.skipIf(!isHere('cfn-lint', '--version'))('passes cfn-lint, where it is installed', { timeout: 120_000 }, () => {
    const files = ORDERS.flatMap(([, order], at) =>
      (['cloudformation-yaml', 'cloudformation-json'] as const).map((format) => written(format, order, String(at))),
    );
    // W3010 advises against naming a zone; a buyer has.
    const { stdout, status } = spawnSync('cfn-lint', ['--ignore-checks', 'W3010', '--', ...files], { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });

  it('shows a script of a few lines as such', () => {
    const yaml = textOf('cloudformation-yaml', VAULT_IN_FULL);
    expect(yaml).toContain('        Fn::Base64: |2\n          #!/bin/sh\n\n            echo "${HOME} %{x}" \'`id`\'\n');
  });
});

function referencesIn(data: unknown): Array<string[]> {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    if (key === 'Ref') return [[key, value as string]];
    if (key === 'Fn::GetAtt') return [[key, ...(value as string[])]];
    return referencesIn(value);
  });
}

describe('Terraform', () => {
  interface Configuration {
    resource: Record<string, Record<string, Array<Record<string, unknown>>>>;
  }
  const read = async (order: SnippetOrder): Promise<Configuration> =>
    (await parseHcl('slipway.tf', textOf('terraform', order))) as Configuration;
  /** The converter writes what looks like a template as HCL does; HCL itself puts texts into normal form C. */
  const asTyped = (text: unknown): string => String(text).replaceAll(/([$%])\1\{/g, '$1{');
  const inOrder = (tags: object): string[][] =>
    Object.entries(tags)
      .map((pair) => pair.map((text) => asTyped(text).normalize('NFC')))
      .sort(([a], [b]) => (a! < b! ? -1 : 1));

  it('reads back what was typed', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder, async (order) => {
        const [machine] = (await read(order)).resource.aws_instance!.machine!;
        const { user_data: text, user_data_base64: bytes, tags } = machine!;
        expect(text === undefined ? Buffer.from(String(bytes), 'base64').toString() : asTyped(text)).toBe(order.userData);
        const typed = Object.entries(order.tags).map((pair) => pair.map((each) => each.normalize('NFC')));
        expect(inOrder(tags as object)).toEqual(typed.sort(([a], [b]) => (a! < b! ? -1 : 1)));
      }),
      { numRuns: 150 },
    );
  });

  it('makes everything that was asked for', async () => {
    const { resource } = await read(VAULT_IN_FULL);
    expect(Object.keys(resource)).toEqual([
      'aws_ebs_volume',
      'aws_instance',
      'aws_placement_group',
      'aws_security_group',
      'aws_volume_attachment',
    ]);
    expect(resource.aws_instance!.machine![0]).toMatchObject({
      ami: VAULT_IN_FULL.imageId,
      availability_zone: 'eu-west-1b',
      key_name: "Globex's key",
      tags: VAULT_IN_FULL.tags,
      instance_market_options: [{ market_type: 'spot' }],
      metadata_options: [{ http_tokens: 'required' }],
    });
    expect(resource.aws_security_group!.machine![0]!.ingress).toHaveLength(3);
    expect(resource.aws_ebs_volume!.volume_2![0]).toMatchObject({ size: 20, type: 'st1' });
  });

  it.skipIf(!isHere('terraform', 'version'))('is laid out as terraform itself would, where it is installed', () => {
    for (const [, order] of ORDERS)
      expect(() => execFileSync('terraform', ['fmt', '-check', written('terraform', order)], { stdio: 'pipe' })).not.toThrow();
  });
});

describe('the AWS CLI', () => {
  /** In place of the CLI: keeps what it was called with, and answers with a name. */
  const FAKE = `#!/bin/sh
printf '%s\\0' "$@" >> "$CALLS"; printf '\\0' >> "$CALLS"
echo "made-$2"
`;

  function callsOf(order: SnippetOrder): { calls: string[][]; output: string } {
    const calls = join(folder, 'calls');
    writeFileSync(calls, '');
    writeFileSync(join(folder, 'aws'), FAKE);
    chmodSync(join(folder, 'aws'), 0o755);
    const env = { PATH: `${folder}:${process.env.PATH}`, CALLS: calls };
    const output = execFileSync('sh', [written('aws-cli', order)], { env, encoding: 'utf8' });
    const words = readFileSync(calls, 'utf8').split('\0\0').slice(0, -1);
    return { calls: words.map((call) => call.split('\0')), output };
  }
  const after = (call: string[], option: string): string => call[call.indexOf(option) + 1]!;

  it('is called with what was typed, and with nothing else', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const run = callsOf(order).calls.find(([, verb]) => verb === 'run-instances')!;
        const input = JSON.parse(after(run, '--cli-input-json'));
        expect(input.UserData).toBe(order.userData);
        expect(input.KeyName ?? null).toBe(order.keyName);
        const tags = Object.entries(order.tags).map(([Key, Value]) => ({ Key, Value }));
        expect(input.TagSpecifications[0].Tags).toEqual(tags);
      }),
      { numRuns: 15 },
    );
  });

  it('makes group, machine and disks in turn, and says where the appliance answers', () => {
    const { calls, output } = callsOf(VAULT_IN_FULL);
    expect(calls.map(([, verb]) => verb)).toEqual([
      'describe-subnets',
      'create-security-group',
      'authorize-security-group-ingress',
      'create-placement-group',
      'run-instances',
      'wait',
      ...Array.from({ length: 2 }, () => ['describe-instances', 'create-volume', 'wait', 'attach-volume']).flat(),
      'describe-instances',
    ]);
    const run = calls.find(([, verb]) => verb === 'run-instances')!;
    expect(after(run, '--security-group-ids')).toBe('made-create-security-group');
    expect(after(run, '--placement')).toMatch(/^AvailabilityZone=eu-west-1b,GroupName=slipway-\d+-\d+$/);
    expect(output).toContain('http://made-describe-instances:8080/\n');
  });
});

it('is the same text for the same order', () => {
  for (const format of SNIPPET_FORMATS) expect(textOf(format, { ...VAULT_IN_FULL })).toBe(textOf(format, VAULT_IN_FULL));
});
