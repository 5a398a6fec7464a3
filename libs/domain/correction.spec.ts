import { describe, expect, it } from 'vitest';
import { assertCorrectable, assertMayDecide, assertNotBelowZero } from './correction.ts';

const code = (name: string) => expect.objectContaining({ code: name });

describe('who decides a correction', () => {
  const less = { delta: -5n, proposedBy: 'ann' };
  const more = { delta: 5n, proposedBy: 'ann' };

  it('is another person of the vendor where the buyer pays less, never who proposed it', () => {
    assertMayDecide(less, { kind: 'vendor', userId: 'bob' });
    expect(() => assertMayDecide(less, { kind: 'vendor', userId: 'ann' })).toThrow(code('needs_another_person'));
  });

  it('is no API key of the vendor, nor the vendor for what a key proposed', () => {
    expect(() => assertMayDecide(less, { kind: 'vendor', userId: null })).toThrow(code('needs_another_person'));
    expect(() => assertMayDecide({ delta: -5n, proposedBy: null }, { kind: 'vendor', userId: 'bob' })).toThrow(
      code('needs_another_person'),
    );
  });

  it('is the buyer where the buyer pays more, and never the vendor', () => {
    assertMayDecide(more, { kind: 'buyer', userId: 'gus' });
    assertMayDecide(more, { kind: 'buyer', userId: null });
    expect(() => assertMayDecide(more, { kind: 'vendor', userId: 'bob' })).toThrow(code('needs_the_buyer'));
    expect(() => assertMayDecide(less, { kind: 'buyer', userId: 'gus' })).toThrow(code('needs_the_vendor'));
  });

  it('is the operator in every case', () => {
    for (const correction of [less, more, { delta: -5n, proposedBy: null }])
      expect(() => assertMayDecide(correction, { kind: 'operator', userId: null })).not.toThrow();
  });
});

describe('what can be corrected', () => {
  it('is no more than was used, to the last unit and past what a number holds', () => {
    assertNotBelowZero(5n, -5n);
    assertNotBelowZero(0n, 5n);
    expect(() => assertNotBelowZero(5n, -6n)).toThrow(code('below_zero'));
    assertNotBelowZero(2n ** 63n, -(2n ** 53n) + 1n);
  });

  const subscription = { startedAt: new Date('2026-01-05T09:20:00Z'), endedAt: new Date('2026-03-01T12:00:00Z') };
  const at = (hour: string, now = '2026-03-02T00:10:00Z') =>
    assertCorrectable({ ...subscription, hour: new Date(hour), now: new Date(now), usageDays: 400 });

  it('is from the hour in which the subscription began to the one in which it ended', () => {
    at('2026-01-05T09:00:00Z');
    at('2026-03-01T12:00:00Z');
    expect(() => at('2026-01-05T08:00:00Z')).toThrow(code('hour_not_correctable'));
    expect(() => at('2026-03-01T13:00:00Z')).toThrow(code('hour_not_correctable'));
  });

  it('has begun, and is not about to be archived', () => {
    at('2026-02-01T10:00:00Z', '2026-02-01T10:00:00Z');
    expect(() => at('2026-02-01T11:00:00Z', '2026-02-01T10:59:59Z')).toThrow(code('hour_not_correctable'));
    at('2026-02-01T00:00:00Z', '2027-03-07T00:00:00Z');
    expect(() => at('2026-02-01T00:00:00Z', '2027-03-07T00:00:01Z')).toThrow(code('hour_not_correctable'));
  });
});
