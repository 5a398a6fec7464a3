/** Billing does not start with what everybody knows where real money is moved. */
import { describe, expect, it } from 'vitest';
import { ConfigError, DEMO_MARK } from '#platform/config.ts';
import { loadBillingConfig } from './config.ts';

const settings = {
  DATABASE_URL: 'postgres://billing:secret@127.0.0.1/slipway',
  SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
  CALLER_SECRET: 'c'.repeat(32),
  STRIPE_API_KEY: 'sk_live_of_our_own',
  STRIPE_WEBHOOK_SECRET: 'whsec_1,whsec_2',
};

const problemsOf = (env: Record<string, string>): string[] => {
  try {
    loadBillingConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map((problem) => problem.split(' ')[0]!);
  }
};

describe('settings of billing', () => {
  it('have defaults, but for Stripe’s secrets', () => {
    expect(loadBillingConfig(settings)).toMatchObject({
      PORT: 4030,
      FEE_BASIS_POINTS: 2000,
      CLOSE_GRACE_HOURS: 6,
      HOLD_DAYS: 0,
      PAYOUT_MINIMUM_MINOR: '100',
    });
    expect(loadBillingConfig(settings).STRIPE_WEBHOOK_SECRET).toEqual(['whsec_1', 'whsec_2']);
    expect(problemsOf({ ...settings, STRIPE_API_KEY: '', STRIPE_WEBHOOK_SECRET: '' })).toEqual([
      'STRIPE_API_KEY',
      'STRIPE_WEBHOOK_SECRET',
    ]);
  });

  it('are refused when they are the demo’s and Stripe is the real one', () => {
    const demo = { ...settings, STRIPE_API_KEY: 'sk_test_slipway_sandbox', STRIPE_WEBHOOK_SECRET: `whsec_${DEMO_MARK}` };
    expect(problemsOf(demo).sort()).toEqual(['STRIPE_API_KEY', 'STRIPE_WEBHOOK_SECRET']);
    expect(problemsOf({ ...demo, STRIPE_API_BASE: 'http://127.0.0.1:4110' })).toEqual([]);
  });
});
