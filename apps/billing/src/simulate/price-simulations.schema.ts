/** Shapes of what the last 90 days would have cost at other prices. */
import { z } from 'zod';
import { priceList } from '#platform/price-list.schema.ts';

export const NewPriceSimulation = z
  .object({ offerId: z.uuid().describe('of yours'), ...priceList })
  .meta({ id: 'NewPriceSimulation' });
export type NewPriceSimulation = z.output<typeof NewPriceSimulation>;

const minor = z.string().describe('minor units');
const amounts = { beforeMinor: minor, afterMinor: minor, differenceMinor: minor };
const line = z.object({
  dimension: z.string(),
  description: z.string(),
  quantity: z.string().describe('as counted'),
  ...amounts,
});

export const PriceSimulationView = z
  .object({
    offerId: z.uuid(),
    currency: z.string(),
    from: z.iso.datetime().describe('90 whole UTC days; months at their edges are rated as far as they go'),
    to: z.iso.datetime(),
    change: z.enum(['decrease', 'increase']).describe('what it would be to the prices in force'),
    earliestFrom: z.iso.datetime().describe('when these prices could hold, announced now'),
    ...amounts,
    lines: z.array(line).describe('of all buyers, by dimension'),
    buyers: z
      .array(
        z.object({
          buyerId: z.uuid(),
          name: z.string(),
          subscriptions: z.int(),
          ...amounts,
          lines: z.array(line),
        }),
      )
      .describe('those for whom it changes most, first; 200 at most, the sums are of all'),
    buyersInAll: z.int(),
  })
  .meta({ id: 'PriceSimulation' });
export type PriceSimulationView = z.output<typeof PriceSimulationView>;
