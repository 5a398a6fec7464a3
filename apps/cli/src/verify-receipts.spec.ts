/** Exports as metering writes them, and whatever may be done to them afterwards. */
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headText, NO_RECEIPT_BEFORE, receiptText } from '#domain/receipt.ts';
import { newId } from '#platform/ids.ts';
import { publicKeysOf, signingKey, type SigningKey } from '#platform/receipt-keys.ts';
import { sha256 } from '#platform/seal.ts';
import { examine, readKeys, type Found } from './verify-receipts.ts';

const key = signingKey(Buffer.alloc(32, 1).toString('base64'));
const stranger = signingKey(Buffer.alloc(32, 2).toString('base64'));
const keys = publicKeysOf(key.publicKeyPem);
const subscriptionId = newId();

type Line = Record<string, string>;

async function chain(length: number, by: SigningKey = key): Promise<{ lines: Line[]; head: Line }> {
  const lines: Line[] = [];
  let previous = NO_RECEIPT_BEFORE;
  for (let index = 1; index <= length; index += 1) {
    const content = {
      subscriptionId,
      sequence: String(index),
      previous,
      recordId: newId(),
      hour: `2026-01-05T${String(index % 24).padStart(2, '0')}:00:00Z`,
      source: subscriptionId,
      dimension: 'users',
      quantity: String(index * 3),
      receivedAt: '2026-01-05T23:10:00.123000Z',
      signedBy: 'AKIATEST',
      requestSha: sha256(`request ${index}`).toString('hex'),
    };
    const sha = sha256(receiptText(content));
    previous = sha.toString('hex');
    lines.push({ ...content, sha: previous, signature: (await by.sign(sha)).toString('base64'), keyId: by.keyId });
  }
  const said = {
    subscriptionId,
    sequence: String(length),
    sha: previous,
    count: String(length),
    exportedAt: '2026-01-06T00:00:00.000Z',
  };
  const signature = (await by.sign(sha256(headText(said)))).toString('base64');
  return { lines, head: { ...said, signature, keyId: by.keyId } };
}

async function findings(lines: Line[], head: Line | undefined): Promise<Found[]> {
  const text = [...lines, ...(head ? [{ head }] : [])].map((line) => JSON.stringify(line));
  const found: Found[] = [];
  for await (const each of examine(
    (async function* () {
      yield* text;
    })(),
    keys,
  ))
    found.push(each);
  return found;
}

/** Another text in place of one: a digit more, a letter less, nothing at all. */
const otherThan = (value: string) =>
  fc
    .oneof(
      fc.string(),
      fc
        .nat({ max: value.length - 1 })
        .chain((at) =>
          fc.constantFrom(...'0123456789abcdefXYZ=+/ ').map((letter) => value.slice(0, at) + letter + value.slice(at + 1)),
        ),
      fc.constant(`${value}0`),
      fc.constant(value.slice(0, -1)),
    )
    .filter((other) => other !== value);

describe('an export of receipts', () => {
  it('is found whole when nothing was done to it, whatever its length', async () => {
    for (const length of [0, 1, 2, 600]) {
      const { lines, head } = await chain(length);
      expect(await findings(lines, head)).toEqual([]);
    }
  });

  it('has every change to any text of any line named, with its line', async () => {
    const { lines, head } = await chain(6);
    const change = fc.record({ line: fc.nat({ max: 6 }), field: fc.nat({ max: 20 }) }).chain(({ line, field }) => {
      const changed = line < 6 ? lines[line]! : head;
      const name = Object.keys(changed)[field % Object.keys(changed).length]!;
      return otherThan(changed[name]!).map((value) => ({ line, name, value }));
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ line, name, value }) => {
        const changed = lines.map((each, index) => (index === line ? { ...each, [name]: value } : each));
        const found = await findings(changed, line === 6 ? { ...head, [name]: value } : head);
        expect(found.map((each) => each.line)).toContain(line + 1);
      }),
      { numRuns: 400 },
    );
  });

  it('has every receipt named that was dropped', async () => {
    const { lines, head } = await chain(8);
    await fc.assert(
      fc.asyncProperty(fc.subarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), async (dropped) => {
        const found = await findings(
          lines.filter((_, index) => !dropped.includes(index)),
          head,
        );
        expect(found.every(({ finding }) => finding.kind === 'missing')).toBe(true);
        const starts = dropped.filter((index) => !dropped.includes(index - 1)).map((index) => BigInt(index + 1));
        expect(found.map(({ finding }) => finding.sequence)).toEqual(starts);
      }),
    );
  });

  it('has two receipts that changed places named, and every other order too', async () => {
    const { lines, head } = await chain(7);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(lines, { minLength: 7 }), async (shuffled) => {
        const found = await findings(shuffled, head);
        const late = shuffled.filter((line, index) =>
          shuffled.slice(0, index).some((before) => Number(before.sequence) > Number(line.sequence)),
        );
        expect(found.map(({ finding }) => [finding.kind, String(finding.sequence)])).toEqual(
          late.map((line) => ['out of order', line.sequence]),
        );
      }),
    );
  });

  it('has a receipt named that was written twice, one of another key, and one that the marketplace signed anew', async () => {
    const { lines, head } = await chain(4);
    expect(await findings([...lines.slice(0, 2), lines[1]!, ...lines.slice(2)], head)).toMatchObject([
      { line: 3, finding: { kind: 'repeated', sequence: 2n, recordId: lines[1]!.recordId } },
    ]);
    const theirs = await chain(4, stranger);
    expect(await findings([...lines.slice(0, 3), theirs.lines[3]!], head)).toMatchObject([
      { line: 4, finding: { kind: 'unknown key', sequence: 4n } },
    ]);
    // Who has the key can sign another second receipt, but the third names the first one's sha.
    const anew = await chain(4);
    expect(await findings([lines[0]!, anew.lines[1]!, ...lines.slice(2)], head)).toMatchObject([
      { line: 2, finding: { kind: 'does not follow', sequence: 2n } },
      { line: 3, finding: { kind: 'does not follow', sequence: 3n } },
    ]);
  });

  it('is not whole without its end', async () => {
    const { lines, head } = await chain(3);
    expect(await findings(lines, undefined)).toMatchObject([{ line: null, finding: { kind: 'no end' } }]);
    const shorter = await chain(2);
    expect(await findings(lines.slice(0, 2), head)).toMatchObject([{ line: 3, finding: { kind: 'missing', sequence: 3n } }]);
    expect(await findings(lines.slice(0, 2), { ...head, sequence: '2', sha: lines[1]!.sha!, count: '2' })).toMatchObject([
      { line: 3, finding: { kind: 'wrong end' } },
    ]);
    expect(await findings(lines, shorter.head)).toMatchObject([{ line: 4, finding: { kind: 'wrong end' } }]);
  });
});

describe('slipway verify-receipts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-receipts-'));
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const exported = (lines: Line[], head: Line): string =>
    [...lines, { head }].map((line) => `${JSON.stringify(line)}\n`).join('');

  it('says how many there are and of which hours, and exits with 0', async () => {
    const { lines, head } = await chain(3);
    const pem = put('keys.pem', key.publicKeyPem);
    expect(await slipway(['verify-receipts', put('whole.ndjson', exported(lines, head)), '--keys', pem])).toEqual({
      code: 0,
      out: '3 receipts, of the hours 2026-01-05T01:00:00Z to 2026-01-05T03:00:00Z: all as they were signed.\n',
      err: '',
    });
    const json = put(
      'keys.json',
      JSON.stringify({ items: [stranger, key].map(({ keyId, publicKeyPem }) => ({ keyId, publicKeyPem })) }),
    );
    expect(await slipway(['verify-receipts', '-', '--keys', json], exported(lines, head))).toMatchObject({ code: 0, err: '' });
  });

  it('names a changed line on its own and exits with 1', async () => {
    const { lines, head } = await chain(3);
    const changed = lines.map((line, index) => (index === 1 ? { ...line, quantity: '7' } : line));
    const file = put('changed.ndjson', exported(changed, head));
    const { code, out } = await slipway(['verify-receipts', file, '--keys', put('keys.pem', key.publicKeyPem)]);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe(
      `line 2, receipt 2, record ${lines[1]!.recordId}: CHANGED. What it says is not what was signed.`,
    );
    expect(out).toContain('3 receipts, of the hours 2026-01-05T01:00:00Z to 2026-01-05T03:00:00Z: 1 finding.');
  });

  it('holds an export against an earlier one, also when the whole chain was written and signed anew', async () => {
    const [kept, later] = [await chain(2), await chain(3)];
    const earlier = put('earlier.ndjson', exported(kept.lines, kept.head));
    const pem = put('keys.pem', key.publicKeyPem);
    const file = put('later.ndjson', exported(later.lines, later.head));
    expect(await slipway(['verify-receipts', file, '--keys', pem])).toMatchObject({ code: 0 });
    expect(await slipway(['verify-receipts', file, '--keys', pem, '--earlier', earlier])).toMatchObject({
      code: 1,
      out: expect.stringContaining(`line 2, receipt 2, record ${later.lines[1]!.recordId}: REWRITTEN.`),
    });
    expect(await slipway(['verify-receipts', earlier, '--keys', pem, '--earlier', earlier])).toMatchObject({ code: 0 });
    const headless = put('headless.ndjson', JSON.stringify(kept.lines[0]));
    expect(await slipway(['verify-receipts', file, '--keys', pem, '--earlier', headless])).toMatchObject({ code: 2 });
  });

  it('exits with 2 when the command makes no sense, and says why', async () => {
    const pem = put('keys.pem', key.publicKeyPem);
    expect(await slipway(['verify-receipts', 'x.ndjson'])).toMatchObject({ code: 2, err: expect.stringContaining('--keys') });
    expect(await slipway(['verify-receipts', join(folder, 'none.ndjson'), '--keys', pem])).toMatchObject({
      code: 2,
      err: expect.stringContaining('none.ndjson'),
    });
    expect(await slipway(['verify-receipts', pem, '--keys', put('no-keys', 'nothing')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('neither PEM nor the JSON'),
    });
    expect(await slipway(['verify'])).toMatchObject({ code: 2 });
  });

  it('reads keys as PEM and as JSON', () => {
    const both = `${key.publicKeyPem}\n${stranger.publicKeyPem}`;
    expect([...readKeys(put('both.pem', both)).keys()]).toEqual([key.keyId, stranger.keyId]);
  });
});

/** The program as it is installed, from a folder that is not the checkout. */
function slipway(args: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const program = join(import.meta.dirname, '../slipway.mjs');
    const child = execFile(process.execPath, [program, ...args], { cwd: tmpdir() }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
    child.stdin!.end(input);
  });
}
