/** Shapes of private offers: prices, terms and time for the buyers that they name. */
import { z } from 'zod';
import { assertOffer, newPrivateOffer, OfferView } from './offers.schema.ts';

export const NewPrivateOffer = newPrivateOffer
  .extend({
    name: z.string().trim().min(1).max(120).describe('as both of you call it'),
    buyerIds: z
      .array(z.uuid())
      .min(1)
      .max(50)
      .refine((ids) => new Set(ids).size === ids.length, 'each buyer is named once')
      .describe('organisations that may accept it; they find their id in their account'),
    expiresAt: z.iso.datetime().describe('until when it can be accepted, exclusive'),
    months: z
      .int()
      .min(1)
      .max(60)
      .optional()
      .describe('how long an agreement to it lasts from the day it is accepted; as long as both like when left out'),
  })
  .superRefine(assertOffer)
  .meta({ id: 'NewPrivateOffer' });
export type NewPrivateOffer = z.output<typeof NewPrivateOffer>;

export const PrivateOfferView = OfferView.extend({
  name: z.string(),
  product: z.string(),
  vendor: z.string(),
  state: z.enum(['open', 'expired', 'withdrawn']),
  expiresAt: z.iso.datetime(),
  months: z.int().nullable().describe('how long an agreement to it lasts'),
  buyers: z
    .array(z.object({ id: z.uuid(), name: z.string() }))
    .optional()
    .describe('whom it is for, as its vendor sees it'),
}).meta({ id: 'PrivateOffer' });
export type PrivateOfferView = z.output<typeof PrivateOfferView>;

export const PrivateOfferList = z.object({ items: z.array(PrivateOfferView) }).meta({ id: 'PrivateOfferList' });
