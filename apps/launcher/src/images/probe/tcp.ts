/** Opens TCP connections to a machine that is looked at from outside. */
import { connect, type Socket } from 'node:net';

/** A connection, or null when none is accepted within `patienceMs`. The caller ends it. Never throws. */
export function tcpConnection(address: string, port: number, patienceMs: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const give = (found: Socket | null): void => {
      clearTimeout(patience);
      socket.removeListener('connect', accepted);
      if (!found) socket.destroy();
      resolve(found);
    };
    const accepted = (): void => give(socket);
    const patience = setTimeout(() => give(null), patienceMs);
    socket.once('connect', accepted);
    // Stays: a connection may also break after it was accepted, which must not end the process.
    socket.on('error', () => give(null));
  });
}

/** Those of `ports` that accept a connection within `patienceMs`, in their order. */
export async function openPorts(address: string, ports: readonly number[], patienceMs: number): Promise<number[]> {
  const sockets = await Promise.all(ports.map((port) => tcpConnection(address, port, patienceMs)));
  for (const socket of sockets) socket?.destroy();
  return ports.filter((_, index) => sockets[index] !== null);
}
