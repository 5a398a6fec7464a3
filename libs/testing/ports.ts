/** Ports for things under test. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range from which systems give out ports by themselves, so that nobody else is handed the one we chose. */
const FIRST = 10_240;
const LAST = 32_000;
const given = new Set<number>();

/** A port that nothing listens on at the moment; never the same twice in a process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (!given.has(port) && (await isFree(port))) {
      given.add(port);
      return port;
    }
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer();
    server.on('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
