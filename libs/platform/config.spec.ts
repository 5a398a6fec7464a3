/** Settings: every problem at once, and no demo secrets where real machines or money are at stake. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commonSettings, ConfigError, DEMO_MARK, loadConfig, refuseDemoSecrets } from './config.ts';

const settings = z.object({ ...commonSettings, PORT: z.coerce.number().int().default(1) });

describe('settings', () => {
  it('lists every problem at once, each by its name', () => {
    const load = (): unknown =>
      loadConfig(settings, { DATABASE_URL: 'mysql://x', DATABASE_POOL: 'many', CALLER_SECRET: 'short' });
    expect(load).toThrow(ConfigError);
    try {
      load();
    } catch (error) {
      const { problems } = error as ConfigError;
      expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
        'DATABASE_URL',
        'DATABASE_POOL',
        'SECRETS_KEY',
        'CALLER_SECRET',
      ]);
      expect(problems.find((problem) => problem.startsWith('SECRETS_KEY'))).toContain('32 bytes');
    }
  });

  it('takes an empty value for a missing one', () => {
    const config = loadConfig(settings, {
      DATABASE_URL: 'postgres://a:b@c/d',
      SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
      CALLER_SECRET: 'c'.repeat(32),
      PORT: '',
    });
    expect(config.PORT).toBe(1);
  });

  it("refuses the demo's secrets once an endpoint is the vendor's own", () => {
    const secrets = {
      CALLER_SECRET: `${DEMO_MARK}-abc`,
      SECRETS_KEY: Buffer.from(`${DEMO_MARK}-and-twenty-more!!`).toString('base64'),
      AUTH_SECRET: 'my own',
    };
    expect(refuseDemoSecrets(['http://127.0.0.1:4110', 'http://sandbox:4100'], secrets)).toEqual([]);
    for (const real of [undefined, 'https://api.stripe.com', 'https://ec2.us-east-1.amazonaws.com']) {
      const problems = refuseDemoSecrets([real], secrets);
      expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['CALLER_SECRET', 'SECRETS_KEY']);
    }
  });
});
