/**
 * The limit for the wire: a bare node:http server that checks the same signatures and runs the same SQL, in groups too, and does
 * nothing else. It believes whatever it is sent. Environment: DATABASE_URL, PORT, KEYS (a file with access keys and what they stand for).
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Pool } from 'pg';
import { canonicalUsage, hourOf } from '#domain/usage.ts';
import { sha256 } from '#platform/seal.ts';
import { insertStatement, type UsageRow } from '../../apps/metering/src/usage/insert-usage.ts';
import { isSignedWith, readSignature, signingKey } from '../../apps/metering/src/wire/sigv4.ts';
import { REGION } from './marketplace.ts';

const GROUPS_AT_ONCE = 3;
const ROWS_PER_GROUP = 2_000;

interface Known {
  secretAccessKey: string;
  subscriptionId?: string;
  instanceId?: string;
}

interface Waiting {
  rows: UsageRow[];
  answer: () => void;
  fail: (error: unknown) => void;
}

const { keys, customers } = JSON.parse(readFileSync(process.env.KEYS!, 'utf8')) as {
  keys: Record<string, Known>;
  customers: Record<string, string>;
};
const signingKeys = new Map<string, ReturnType<typeof signingKey>>();
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: GROUPS_AT_ONCE });
const waiting: Waiting[] = [];
let groups = 0;

function write(): void {
  if (groups >= GROUPS_AT_ONCE || waiting.length === 0) return;
  groups += 1;
  setImmediate(() => {
    const group: Waiting[] = [];
    for (let size = 0; waiting.length > 0 && size < ROWS_PER_GROUP; size += group.at(-1)!.rows.length)
      group.push(waiting.shift()!);
    const rows = group.flatMap((one) => one.rows).sort((a, b) => (a.subscriptionId < b.subscriptionId ? -1 : 1));
    const statement = insertStatement(rows, { receivedAt: new Date(), mark: randomUUID() });
    (rows.length === 0 ? Promise.resolve() : pool.query(statement))
      .then(
        () => group.forEach((one) => one.answer()),
        (error: unknown) => group.forEach((one) => one.fail(error)),
      )
      .finally(() => {
        groups -= 1;
        write();
      });
  });
}

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { method = '', url = '', rawHeaders } = request;
  const signature = readSignature(
    { method, url, rawHeaders, body },
    { now: new Date(), skewSeconds: 900, service: 'aws-marketplace', regions: [REGION] },
  );
  const known = keys[signature.accessKeyId]!;
  let key = signingKeys.get(signature.accessKeyId);
  if (!key) signingKeys.set(signature.accessKeyId, (key = signingKey(known.secretAccessKey, signature)));
  if (!isSignedWith(key, signature)) {
    response.writeHead(403).end();
    return;
  }
  const parsed = JSON.parse(body.toString('utf8')) as {
    UsageRecords?: Array<{ CustomerIdentifier: string; Timestamp: number; Dimension: string; Quantity: number }>;
    Timestamp: number;
    UsageDimension: string;
    UsageQuantity: number;
    ClientToken: string;
  };
  const row = (
    subscriptionId: string,
    sourceId: string,
    time: number,
    dimension: string,
    quantity: number,
    token?: string,
  ): UsageRow => ({
    subscriptionId,
    sourceId,
    hour: hourOf(new Date(time * 1000)),
    dimension,
    quantity,
    allocations: [],
    recordId: randomUUID(),
    requestSha: sha256(canonicalUsage(quantity, [])),
    signedBy: signature.accessKeyId,
    clientToken: token === undefined ? undefined : { token, sha: sha256(token) },
  });
  const rows = parsed.UsageRecords
    ? parsed.UsageRecords.map((record) => {
        const subscriptionId = customers[record.CustomerIdentifier]!;
        return row(subscriptionId, subscriptionId, record.Timestamp, record.Dimension, record.Quantity);
      })
    : [
        row(
          known.subscriptionId!,
          known.instanceId!,
          parsed.Timestamp,
          parsed.UsageDimension,
          parsed.UsageQuantity,
          parsed.ClientToken,
        ),
      ];
  waiting.push({
    rows,
    answer: () => {
      const text = parsed.UsageRecords
        ? JSON.stringify({
            Results: rows.map(({ recordId }, index) => ({
              UsageRecord: parsed.UsageRecords![index],
              MeteringRecordId: recordId,
              Status: 'Success',
            })),
            UnprocessedRecords: [],
          })
        : JSON.stringify({ MeteringRecordId: rows[0]!.recordId });
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': Buffer.byteLength(text) })
        .end(text);
    },
    fail: (error) => response.writeHead(500, { 'content-length': 0 }).end(String(error)),
  });
  write();
}

createServer((request, response) => {
  if (request.url === '/health/live') return void response.end('ok');
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    try {
      answer(request, response, Buffer.concat(chunks));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
