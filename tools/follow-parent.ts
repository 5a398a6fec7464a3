/** Loaded before a child's own code: when whoever started it is gone, however it went, the child ends too. */
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
// Waiting for that must not itself keep the process alive.
(process.stdin as unknown as { unref?: () => void }).unref?.();
