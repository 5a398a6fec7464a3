/** Shape of a vendor's payout forecast. Minor units in decimal strings. */
import { z } from 'zod';
import { FORECAST_STAGES } from '#domain/payout-forecast.ts';

const instant = z.iso.datetime();

export const PayoutForecastView = z
  .object({
    asOf: instant,
    interval: z.enum(['daily', 'weekly', 'monthly']),
    items: z
      .array(
        z.object({
          kind: z.enum(['share', 'reserve', 'part']).describe("part: of another's line, as its reseller or the project inside"),
          lineId: z.uuid(),
          invoice: z.string(),
          product: z.string(),
          description: z.string(),
          dimension: z.string(),
          usedFrom: instant.describe('every usage record of the dimension from then on is in this line'),
          usedTo: instant.describe('exclusive'),
          currency: z.string(),
          amountMinor: z.string().describe('net of what went back, and for a share of what is kept in reserve'),
          waitsFor: z.enum(FORECAST_STAGES),
          expectedAt: instant.nullable().describe('when it is on its way to your bank; null where that depends on people'),
        }),
      )
      .describe('what is invoiced and not at your bank yet, oldest first, at most 500'),
    days: z.array(z.object({ day: z.string(), currency: z.string(), amountMinor: z.string() })).describe('the same by UTC day'),
    undated: z.array(z.object({ currency: z.string(), amountMinor: z.string() })),
  })
  .meta({ id: 'PayoutForecast' });
export type PayoutForecastView = z.output<typeof PayoutForecastView>;
