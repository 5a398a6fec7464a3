/**
 * The recording endpoint: stands before the metering service, writes down what comes, and lets a scenario decide what becomes of
 * it. Signatures cover the Host header, so requests go on with every header as it came.
 */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as forwardSafely } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isObject, isPassing, operationOf, reportsOf, type Call, type Operation, type Outcome, type Report } from './calls.ts';
import type { Arriving, Fate, Scenario } from './scenarios.ts';

const WIRE_TYPE = 'application/x-amz-json-1.1';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface Endpoint {
  url: string;
  /** From now on calls are this scenario's. */
  begin: (scenario: Scenario) => void;
  /** The next run of the command; after the first nothing goes wrong any more. */
  nextRun: () => void;
  calls: () => Call[];
  close: () => Promise<void>;
}

/** @param market URL of the metering service. */
export async function openEndpoint(market: string, port = 0): Promise<Endpoint> {
  let scenario: Scenario;
  let calls: Call[] = [];
  let first: { at: number; operation: Operation; reports: Report[] } | undefined;
  let run = 1;

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const at = Date.now();
    const body = Buffer.concat(await incoming.toArray());
    const operation = operationOf(incoming.headers['x-amz-target']?.toString());
    const told = operation && parsed(body);
    if (!told || told.DryRun === true) return send(outgoing, await passedOn(market, incoming, body));
    const reports = reportsOf(operation, told);
    first ??= { at, operation, reports };
    const number = calls.length + 1;
    const invocation = incoming.headers['amz-sdk-invocation-id']?.toString() ?? `call ${number}`;
    const triesBefore = new Set(calls.map((call) => call.invocation).filter((other) => other !== invocation)).size;
    const arriving: Arriving = { operation, reports, callsBefore: calls.length, triesBefore, elapsedMs: at - first.at, first };
    const fate: Fate = run === 1 ? scenario.fate(arriving) : { do: 'pass' };
    const call: Call = {
      number,
      run,
      at,
      operation,
      clientToken: typeof told.ClientToken === 'string' ? told.ClientToken : undefined,
      invocation,
      reports: reports.map((report) => ({ ...report, outcome: 'failed', said: 'no answer' })),
      market: undefined,
    };
    // Written down before it is answered, so that calls which come at once are told apart.
    calls.push(call);
    if (fate.do === 'hang up') return void outgoing.destroy();
    if (fate.do === 'answer') {
      judged(call, fate.status, { __type: fate.type });
      return send(outgoing, {
        status: fate.status,
        headers: { 'content-type': WIRE_TYPE },
        body: JSON.stringify({ __type: fate.type, message: fate.message }),
      });
    }
    const answered = await passedOn(market, incoming, body);
    const said = parsed(Buffer.from(answered.body)) ?? {};
    if (answered.status !== 200) call.market = { type: typeOf(said), message: String(said.message ?? answered.body) };
    const changed = answered.status === 200 ? changedBy(fate, call, said) : said;
    judged(call, answered.status, changed);
    if (fate.do === 'lose the answer') {
      for (const report of call.reports) if (report.outcome === 'accepted') report.outcome = 'unheard';
      return void outgoing.destroy();
    }
    return send(outgoing, changed === said ? answered : { ...answered, body: JSON.stringify(changed) });
  }

  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin: (next) => {
      [scenario, calls, first, run] = [next, [], undefined, 1];
    },
    nextRun: () => {
      run += 1;
    },
    calls: () => calls,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What the answer says of each report, written into the call. */
function judged(call: Call, status: number, said: Record<string, unknown>): void {
  const set = (index: number, outcome: Outcome, why: string): void =>
    void Object.assign(call.reports[index]!, { outcome, said: why });
  if (status !== 200) {
    const type = typeOf(said) || `status ${status}`;
    for (const index of call.reports.keys()) set(index, isPassing(status, type) ? 'failed' : 'refused', type);
    return;
  }
  if (call.operation === 'MeterUsage') return set(0, 'accepted', '');
  const results = list(said.Results);
  const unprocessed = keysOf(list(said.UnprocessedRecords));
  const statuses = new Map(results.map((result) => [keysOf([result.UsageRecord])[0], String(result.Status)]));
  for (const [index, { key }] of call.reports.entries()) {
    const told = statuses.get(key);
    if (unprocessed.includes(key)) set(index, 'unprocessed', 'UnprocessedRecords');
    else if (told === 'Success') set(index, 'accepted', '');
    else set(index, 'refused', told ?? 'no result');
  }
}

function changedBy(fate: Fate, call: Call, said: Record<string, unknown>): Record<string, unknown> {
  if (call.operation !== 'BatchMeterUsage') return said;
  const results = list(said.Results);
  const isOf = (keys: string[], result: Record<string, unknown>): boolean => keys.includes(keysOf([result.UsageRecord])[0] ?? '');
  if (fate.do === 'leave unprocessed') {
    const [left, done] = [results.filter((one) => isOf(fate.keys, one)), results.filter((one) => !isOf(fate.keys, one))];
    return { ...said, Results: done, UnprocessedRecords: left.map((result) => result.UsageRecord) };
  }
  if (fate.do === 'refuse one')
    return {
      ...said,
      Results: results.map((one) => (isOf([fate.key], one) ? { UsageRecord: one.UsageRecord, Status: fate.status } : one)),
    };
  return said;
}

const list = (value: unknown): Array<Record<string, unknown>> => (Array.isArray(value) ? value.filter(isObject) : []);

const keysOf = (records: unknown[]): string[] => reportsOf('BatchMeterUsage', { UsageRecords: records }).map(({ key }) => key);

const typeOf = (said: Record<string, unknown>): string => String(said['__type'] ?? '').replace(/^.*#/, '');

function parsed(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function passedOn(market: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const url = new URL(incoming.url ?? '/', market);
  const send = url.protocol === 'https:' ? forwardSafely : forward;
  const onward = send(url, { method: incoming.method, headers: incoming.rawHeaders });
  onward.end(body);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  return {
    status: answer.statusCode ?? 502,
    headers: answer.headers,
    body: Buffer.concat(await answer.toArray()).toString(),
  };
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...rest } = headers;
  outgoing.writeHead(status, { ...rest, 'content-length': Buffer.byteLength(body) });
  outgoing.end(body);
}
