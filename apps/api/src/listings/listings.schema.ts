/** Shapes of the storefront. */
import { z } from 'zod';
import { OfferView } from '../offers/offers.schema.ts';
import { DataVolumeView, PortView } from '../versions/versions.schema.ts';

export const Slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by dashes')
  .min(2)
  .max(60);

export const NewListing = z
  .object({
    slug: Slug,
    summary: z.string().trim().min(1).max(200),
    description: z.string().trim().min(1).max(50_000).describe('Markdown'),
    category: z.enum(['database', 'developer-tools', 'analytics', 'security', 'networking', 'content', 'business', 'other']),
    versionId: z.uuid().describe('the version that new launches run; its image must be ready in every region'),
  })
  .meta({ id: 'NewListing' });
export type NewListing = z.output<typeof NewListing>;

export const ListingSummary = z
  .object({
    productId: z.uuid(),
    slug: z.string(),
    name: z.string(),
    vendor: z.string(),
    summary: z.string(),
    category: z.string(),
    state: z.enum(['public', 'restricted']),
    listedAt: z.iso.datetime(),
  })
  .meta({ id: 'ListingSummary' });
export type ListingSummary = z.output<typeof ListingSummary>;

export const ListingView = ListingSummary.extend({
  description: z.string(),
  version: z.object({
    id: z.uuid(),
    title: z.string(),
    regions: z.array(z.string()),
    instanceTypes: z.array(z.string()),
    recommendedInstanceType: z.string().nullable(),
    ports: z.array(PortView).describe("what is open besides the URL's port"),
    settings: z.array(z.string()).describe('values that a launch has to give as userData'),
    dataVolumes: z.array(DataVolumeView).describe('disks for data, which outlive the machine'),
  }),
  offer: OfferView,
}).meta({ id: 'Listing' });
export type ListingView = z.output<typeof ListingView>;

export const ListingQuery = z.object({
  q: z.string().max(100).optional().describe('words in the name or summary'),
  category: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  offset: z.coerce.number().int().min(0).max(10_000).default(0),
});
export type ListingQuery = z.output<typeof ListingQuery>;

export const ListingList = z.object({ items: z.array(ListingSummary) }).meta({ id: 'ListingList' });
