/** What a buyer gives stays a value, wherever a vendor's template puts it. */
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DomainError } from './errors.ts';
import { problemOfTemplate, renderUserData, settingsOf, USER_DATA_BYTES } from './user-data.ts';

const SLIPWAY = { launchId: 'l-1', productCode: 'vault', meteringUrl: 'http://metering.test' };
const OWN = JSON.stringify({ slipway: SLIPWAY });
const render = (template: string | null, values: Record<string, string> = {}): string =>
  renderUserData(template, values, SLIPWAY);
const problemsOf = (template: string, values: Record<string, string>): string => {
  try {
    render(template, values);
    return '';
  } catch (error) {
    return (error as DomainError).detail;
  }
};

describe('user data', () => {
  it('is Slipway’s own JSON where a version has no template', () => {
    expect(render(null)).toBe(OWN);
    expect(problemsOf('#!/bin/sh\n', { colour: 'red' })).toBe('userData.colour: is not a setting of this product; it has none');
  });

  it('has the values in their places, and Slipway’s where the template says, or in a comment at its end', () => {
    expect(render('#!/bin/sh\necho {{ host }} {{host}}', { host: 'db.globex.test:5432' })).toBe(
      `#!/bin/sh\necho db.globex.test:5432 db.globex.test:5432\n# ${OWN}\n`,
    );
    expect(render('#cloud-config\nslipway: {{slipway}}\n')).toBe(`#cloud-config\nslipway: ${OWN}\n`);
    const files = parse(render('#cloud-config\nwrite_files:\n- encoding: b64\n  content: {{slipway|base64}}\n'));
    expect(Buffer.from(files.write_files[0].content, 'base64').toString()).toBe(OWN);
  });

  it('asks for what the template names, each once', () => {
    expect(settingsOf('#!/bin/sh\n{{admin}} {{password|json}} {{admin|base64}} {{slipway}}')).toEqual(['admin', 'password']);
    expect(settingsOf(null)).toEqual([]);
    expect(problemsOf('#!/bin/sh\n{{admin}}', {})).toBe('userData.admin: is missing');
  });

  it('is refused where it is longer than EC2 takes', () => {
    expect(problemsOf('#!/bin/sh\n{{a|json}}', { a: 'x'.repeat(USER_DATA_BYTES) })).toContain('EC2 takes 16384');
    expect(problemOfTemplate(`#!/bin/sh\n${'x'.repeat(USER_DATA_BYTES)}`)).toContain('longer than the 16384 bytes');
  });
});

describe('a template', () => {
  it('is refused with what is wrong in it', () => {
    expect(problemOfTemplate('#!/bin/sh\necho {{Name}}')).toContain('"{{Name}}" is no placeholder');
    expect(problemOfTemplate('#!/bin/sh\necho {{name|shell}}')).toContain('"{{name|shell}}" is no placeholder');
    expect(problemOfTemplate('<powershell>')).toContain('{{slipway}}');
    expect(problemOfTemplate('{{slipway}}')).toBeNull();
    expect(problemOfTemplate('#cloud-config\nhostname: {{name}}\n')).toBeNull();
  });
});

describe('a value', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0') && !/[\ud800-\udfff]/.test(text)),
    fc
      .array(
        fc.constantFrom(
          '"',
          "'",
          '\\',
          '`',
          '$(id)',
          '\n',
          ': ',
          '- ',
          '#',
          '{',
          '}',
          ',',
          '!',
          '%',
          'a',
          ';',
          '|',
          '&',
          '\u0085',
          '\u2028',
        ),
      )
      .map((parts) => parts.join('')),
  );

  it('that stands as it is has nothing in it that means anything to YAML or a shell', () => {
    for (const value of [
      'a b',
      "a'b",
      'a"b',
      '$(id)',
      '`id`',
      'a;b',
      'a:',
      '-n',
      '',
      'a\nb',
      '#a',
      '{a}',
      '&a',
      '*a',
      '!a',
      '%a',
      'a,b',
      '~',
    ]) {
      expect(problemsOf('#!/bin/sh\n{{it}}', { it: value }), value).toContain('userData.it: may hold');
    }
    for (const value of ['a', '/srv/data', 'https://globex.test/x', 'a+b@globex.test', '10.0.0.1:80', 'key=1']) {
      expect(problemsOf('#!/bin/sh\n{{it}}', { it: value }), value).toBe('');
    }
  });

  it('comes out of YAML as it went in, by JSON and by base64, and changes nothing beside it', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const text = render('#cloud-config\na: {{it|json}}\nb: [x, {{it|json}}, {c: "{{it|base64}}"}]\nd: last\n', { it: value });
        const read = parse(text);
        expect(read).toEqual({ a: value, b: ['x', value, { c: read.b[2].c }], d: 'last' });
        expect(Buffer.from(read.b[2].c, 'base64').toString()).toBe(value);
      }),
    );
  });

  it('may be any text in base64, and has to be one', () => {
    expect(render('#!/bin/sh\n{{it|base64}}', { it: '🙂' })).toContain('8J+Zgg==');
    expect(problemsOf('#!/bin/sh\n{{it|json}}', { it: '🙂' })).toContain('beyond U+FFFF');
    expect(problemsOf('#!/bin/sh\n{{it|base64}}', { it: 'a\ud800' })).toContain('is not text');
    expect(problemsOf('#!/bin/sh\n{{it|base64}}', { it: 'a\u0000' })).toContain('is not text');
  });

  it('ends nothing in a shell, inside of quotes of either kind or none', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const script = `a={{it|base64}}; b="{{it|base64}}"; c='{{it|base64}}'; : {{it|json}} "{{it|json}}" '{{it|json}}'; printf %s "$a|$b|$c"`;
        const { stdout, status, stderr } = spawnSync('sh', ['-c', render(`#!/bin/sh\n${script}`, { it: value })], {
          encoding: 'utf8',
        });
        const coded = Buffer.from(value).toString('base64');
        expect({ stdout, status, stderr }).toEqual({ stdout: `${coded}|${coded}|${coded}`, status: 0, stderr: '' });
      }),
      { numRuns: 40 },
    );
  });
});
