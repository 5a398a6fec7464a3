/** Reads server-sent events as a browser's EventSource does: ids, types and JSON data, as they come. */

export interface StreamEvent {
  id: string;
  /** `message` unless the server says otherwise. */
  type: string;
  data: Record<string, unknown>;
}

export interface EventStream {
  /** Those that have come so far. */
  events: StreamEvent[];
  /** Resolves with all of them when the server ends the stream. */
  ended: Promise<StreamEvent[]>;
  /** Resolves once one is there that fits. @throws when the stream ends without. */
  until(fits: (event: StreamEvent) => boolean): Promise<StreamEvent>;
  close(): void;
}

/** @throws the answer, when it is no event stream. */
export async function openEvents(url: string, headers: Record<string, string>): Promise<EventStream> {
  const cut = new AbortController();
  const answer = await fetch(url, { headers: { ...headers, accept: 'text/event-stream' }, signal: cut.signal });
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) throw answer;
  const events: StreamEvent[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((look) => look());
  let isOver = false;
  const read = async (): Promise<StreamEvent[]> => {
    let rest = '';
    try {
      for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop()!;
        events.push(...blocks.flatMap(eventsIn));
        wake();
      }
    } finally {
      isOver = true;
      wake();
    }
    return events;
  };
  const ended = read();
  ended.catch(() => {}); // who waits for it is told
  return {
    events,
    ended,
    until: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const event = events.find(fits);
          if (!event && !isOver) return;
          waiting.delete(look);
          if (event) resolve(event);
          else reject(new Error(`The stream ended without it, after ${events.map(({ data }) => String(data.kind)).join(', ')}.`));
        };
        waiting.add(look);
        look();
      }),
    close: () => cut.abort(),
  };
}

/** A block of lines is one event, or none when it is a comment. */
function eventsIn(block: string): StreamEvent[] {
  const fields = new Map<string, string[]>();
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  const data = fields.get('data')?.join('\n');
  if (data === undefined) return [];
  return [
    {
      id: fields.get('id')?.[0] ?? '',
      type: fields.get('event')?.[0] ?? 'message',
      data: JSON.parse(data) as StreamEvent['data'],
    },
  ];
}
