/** Money as people read it: exact, and with the decimals of its currency. */
import { describe, expect, it } from 'vitest';
import { counting, grouped, money, monthly, price, running } from './format.ts';

describe('money', () => {
  it('has the decimals of its currency, and thousands set apart', () => {
    expect(money('123456789', 'usd')).toBe('1,234,567.89 USD');
    expect(money('-5', 'usd')).toBe('-0.05 USD');
    expect(money('1234', 'jpy')).toBe('1,234 JPY');
  });

  it('stays exact beyond what a floating-point number holds', () => {
    expect(money('90071992547409931', 'usd')).toBe('900,719,925,474,099.31 USD');
  });

  it('shows a rate with as many places as it needs, and no fewer than its currency has', () => {
    expect(price('1.5', 'usd')).toBe('1.50 USD');
    expect(price('0.000125', 'usd')).toBe('0.000125 USD');
    expect(price('3', 'jpy')).toBe('3 JPY');
  });

  it('estimates a month of 730 hours', () => {
    expect(monthly('0.25', 'usd')).toBe('182.50 USD');
    expect(monthly('0.0001', 'usd')).toBe('0.07 USD');
  });

  it('sets no thousands apart behind the point', () => {
    expect(grouped('1234.56789')).toBe('1,234.56789');
  });
});

describe('running', () => {
  it('is shown to the second', () => {
    expect(['263525', '60', '3600', '0', '36000001'].map(running)).toEqual([
      '73 h 12 min 5 s',
      '1 min',
      '1 h',
      '0 s',
      '10,000 h 1 s',
    ]);
  });

  it('is counted as the price says', () => {
    expect(counting({ increment: 'hour' })).toBe('each hour begun');
    expect(counting({ increment: 'second', minimumSeconds: 0 })).toBe('per second');
    expect([60, 90, 600, 3600].map((minimumSeconds) => counting({ increment: 'second', minimumSeconds }))).toEqual([
      'per second, at least one minute for each start',
      'per second, at least 90 seconds for each start',
      'per second, at least 10 minutes for each start',
      'per second, at least one hour for each start',
    ]);
  });
});
