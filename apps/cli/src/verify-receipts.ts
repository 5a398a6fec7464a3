/**
 * `slipway verify-receipts`: says whether an export of receipts is whole and unchanged, from the file and the public keys alone. It asks
 * nobody, and least of all the marketplace that wrote the file.
 */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import { z } from 'zod';
import { ReceiptChain, type Finding, type KnownEnd } from '#domain/receipt-chain.ts';
import { publicKeysOf } from '#platform/receipt-keys.ts';
import { readLine, type Keys } from './receipt-line.ts';

/** So many signatures are verified at a time, on libuv's threads. */
const LINES_AT_ONCE = 256;
const PROGRESS_EVERY_MS = 500;

export function addVerifyReceipts(program: Command): void {
  program
    .command('verify-receipts')
    .description(
      'Check an export of usage receipts (GET /v1/usage/receipts.ndjson): names what was changed, dropped, moved or not signed',
    )
    .argument('<export>', 'the .ndjson file, or - for standard input')
    .requiredOption('--keys <file>', 'public keys: PEM, or the JSON of GET /v1/receipt-keys')
    .option('--earlier <file>', 'an export that was kept: this one has to go on from where it ended')
    .addHelpText('after', '\nExits with 0 when all is well, 1 when something is not, 2 when the command makes no sense.')
    .action(async (file: string, options: { keys: string; earlier?: string }, command: Command) => {
      const misuse = (message: string): never => command.error(`error: ${message}`, { exitCode: 2 });
      let keys: Keys;
      let known: KnownEnd | undefined;
      let input: Readable;
      try {
        keys = readKeys(options.keys);
        known = options.earlier === undefined ? undefined : await endOf(options.earlier, keys);
        input = await opened(file);
      } catch (error) {
        return misuse((error as Error).message);
      }
      const { isOk } = await verify(input, keys, known);
      if (!isOk) process.exitCode = 1;
    });
}

/** What an export was found to hold. */
export interface Summary {
  receipts: number;
  /** Hours of use, as the lines say them; empty when there is none. */
  first: string;
  last: string;
}

/** Of which line something was found; null after the last. */
export interface Found {
  line: number | null;
  finding: Finding;
}

/** Prints what is found as it is found, then how much there was. */
async function verify(input: Readable, keys: Keys, known: KnownEnd | undefined): Promise<{ isOk: boolean }> {
  const progress = progressOn(process.stderr);
  let findings = 0;
  const examination = examine(linesOf(input), keys, {
    known,
    progress: (receipts) => progress.show(`${receipts} receipts …`),
  });
  let step = await examination.next();
  for (; !step.done; step = await examination.next()) {
    progress.clear();
    findings += 1;
    console.log(written(step.value));
  }
  progress.clear();
  const { receipts, first, last } = step.value;
  const hours = receipts > 0 ? `, of the hours ${first} to ${last}` : '';
  const verdict = findings === 0 ? 'all as they were signed' : `${findings} ${findings === 1 ? 'finding' : 'findings'}`;
  console.log(`${receipts} receipts${hours}: ${verdict}.`);
  return { isOk: findings === 0 };
}

/** Goes through an export line by line, however long it is. Yields what is wrong and returns what there was. */
export async function* examine(
  input: AsyncIterable<string>,
  keys: Keys,
  { known, progress }: { known?: KnownEnd; progress?: (receipts: number) => void } = {},
): AsyncGenerator<Found, Summary> {
  const chain = new ReceiptChain(known);
  const summary: Summary = { receipts: 0, first: '', last: '' };
  let [number, isEnded] = [0, false];
  for await (const lines of chunked(input)) {
    for (const line of await Promise.all(lines.map((text) => readLine(text, keys)))) {
      number += 1;
      let findings: Finding[] = [];
      if (isEnded) findings = [unlike('wrong end', 'Something stands after the head.')];
      else if (line.is === 'unreadable') findings = [unlike('changed', line.why)];
      else if (line.is === 'head') {
        isEnded = true;
        findings = chain.end(line.head);
      } else {
        summary.receipts += 1;
        if (!summary.first || line.hour < summary.first) summary.first = line.hour;
        if (line.hour > summary.last) summary.last = line.hour;
        findings = chain.row(line.row);
      }
      for (const finding of findings) yield { line: number, finding };
    }
    progress?.(summary.receipts);
  }
  if (!isEnded) for (const finding of chain.end(undefined)) yield { line: null, finding };
  return summary;
}

function written({ line, finding: { kind, sequence, recordId, detail } }: Found): string {
  const where = [line === null ? 'end' : `line ${line}`];
  if (sequence !== null) where.push(`receipt ${sequence}`);
  if (recordId !== null) where.push(`record ${recordId}`);
  return `${where.join(', ')}: ${kind.toUpperCase()}. ${detail}`;
}

/** @throws Error saying what is wrong with the file. */
export function readKeys(file: string): Keys {
  const text = readFileSync(file, 'utf8');
  let pem = text;
  if (!text.includes('-----BEGIN PUBLIC KEY-----\n') || text.trimStart().startsWith('{')) {
    const published = z.object({ items: z.array(z.object({ publicKeyPem: z.string() })) }).safeParse(asJson(text));
    if (!published.success) throw new Error(`${file} is neither PEM nor the JSON of GET /v1/receipt-keys.`);
    pem = published.data.items.map((key) => key.publicKeyPem).join('\n');
  }
  const keys = publicKeysOf(pem);
  if (keys.size === 0) throw new Error(`${file} holds no public key.`);
  return keys;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where an export ends. @throws Error when its last line is not a head that was signed. */
async function endOf(file: string, keys: Keys): Promise<KnownEnd> {
  let last = '';
  for await (const line of linesOf(await opened(file))) last = line;
  const read = await readLine(last, keys);
  if (read.is !== 'head' || read.head.signature !== 'good')
    throw new Error(`The last line of ${file} is not a head signed by one of the keys.`);
  return read.head;
}

/** @throws Error when there is no such file. */
async function opened(file: string): Promise<Readable> {
  if (file === '-') return process.stdin;
  const stream = createReadStream(file, { highWaterMark: 1 << 20 });
  await new Promise((resolve, reject) => stream.once('open', resolve).once('error', reject));
  return stream;
}

const linesOf = (input: Readable): AsyncIterable<string> => createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });

async function* chunked(lines: AsyncIterable<string>): AsyncGenerator<string[]> {
  let chunk: string[] = [];
  for await (const line of lines) {
    chunk.push(line);
    if (chunk.length < LINES_AT_ONCE) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** A line that is written over, where there is a terminal to write it on. */
function progressOn(terminal: NodeJS.WriteStream): { show: (text: string) => void; clear: () => void } {
  let shownAt = performance.now();
  let isShown = false;
  return {
    show(text) {
      if (!terminal.isTTY || performance.now() - shownAt < PROGRESS_EVERY_MS) return;
      shownAt = performance.now();
      isShown = true;
      terminal.write(`\r${text}`);
    },
    clear() {
      if (isShown) terminal.write('\r\u001B[K');
      isShown = false;
    },
  };
}

const unlike = (kind: Finding['kind'], detail: string): Finding => ({ kind, sequence: null, recordId: null, detail });
