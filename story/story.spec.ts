/** The month ends the same to the cent, whichever process is killed in its middle. Each by itself: `npm run faults`. */
import { describe, expect, it } from 'vitest';
import { playStory } from './play.ts';

describe('the story', () => {
  it('ends the same when metering has a database of its own', { timeout: 240_000 }, async () => {
    const { ok, output } = await playStory(['--separate-metering']);
    expect(ok, output).toBe(true);
  });

  it('ends as docs/STORY.md tells when each process is killed and started again in mid-run', { timeout: 240_000 }, async () => {
    const { ok, output } = await playStory(['--kill', 'everyone']);
    expect(ok, output).toBe(true);
    expect(output).toContain('everyone was killed 10 times');
  });
});
