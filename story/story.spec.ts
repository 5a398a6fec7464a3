/** The month ends the same to the cent, whichever process is killed in its middle. */
import { describe, expect, it } from 'vitest';
import { playStory } from './play.ts';
import { VICTIMS } from './world.ts';

describe('the story', () => {
  it('ends the same when metering has a database of its own', { timeout: 120_000 }, async () => {
    const { ok, output } = await playStory(['--separate-metering']);
    expect(ok, output).toBe(true);
  });

  for (const victim of VICTIMS) {
    it(`ends as docs/STORY.md tells when ${victim} is killed and started again in mid-run`, { timeout: 120_000 }, async () => {
      const { ok, output } = await playStory(['--kill', victim]);
      expect(ok, output).toBe(true);
      expect(output).toMatch(new RegExp(`${victim} was killed [1-9]`));
    });
  }
});
