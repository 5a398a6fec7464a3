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
    reseller: z
      .strictObject({
        organizationId: z.uuid(),
        basisPoints: z.int().min(1).max(9_000).describe('its margin of each invoice line, next to the fee; 1000 is 10 %'),
      })
      .optional()
      .describe('another vendor here that may sell this offer for you, and is paid its margin with each invoice'),
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
  reseller: z
    .object({ id: z.uuid(), name: z.string(), basisPoints: z.int() })
    .nullable()
    .optional()
    .describe('who resells it, as its vendor sees it'),
}).meta({ id: 'PrivateOffer' });
export type PrivateOfferView = z.output<typeof PrivateOfferView>;

export const PrivateOfferList = z.object({ items: z.array(PrivateOfferView) }).meta({ id: 'PrivateOfferList' });
