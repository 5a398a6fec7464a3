/** Migrations only go forward: what was wrong is put right by the next one, since data may already rest on it. */
export async function forwardOnly(): Promise<void> {
  throw new Error('Slipway migrations only go forward. Restore a backup, or write the next migration.');
}
