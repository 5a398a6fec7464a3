/** Starts a server and waits until it listens, or says why it cannot. */
import type { Server } from 'node:net';

/** @throws the system's error, EADDRINUSE when the port is taken. */
export function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
