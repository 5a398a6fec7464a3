/** Which addresses of its own this system has. */
import { createServer } from 'node:net';
import { listening } from './listening.ts';

/** 127.0.0.1 where the system has no other loopback address, as macOS unless told otherwise; undefined where it has them all. */
export async function onlyLoopbackAddress(): Promise<string | undefined> {
  const probe = createServer();
  try {
    await listening(probe, 0, '127.31.255.254');
    return undefined;
  } catch {
    console.warn('This system has no loopback address but 127.0.0.1, so all machines share it.');
    return '127.0.0.1';
  } finally {
    probe.close();
  }
}
