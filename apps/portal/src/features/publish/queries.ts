/** A vendor's questions about its own products. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask, askMaybe, type Schemas } from '../../lib/api.ts';

export type Version = Schemas['Version'];
export type ImageState = Version['images'][number]['state'];

export const productsQuery = queryOptions({ queryKey: ['products'], queryFn: () => ask(api.GET('/v1/products')) });

/** Null when it is not one's own. */
export const productQuery = (id: string) =>
  queryOptions({
    queryKey: ['products', id],
    queryFn: () => askMaybe(api.GET('/v1/products/{id}', { params: { path: { id } } })),
  });

const isUnderWay = (state: ImageState): boolean => state !== 'ready' && state !== 'rejected';

/** Asked again each second while an image is on its way. */
export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['products', id, 'versions'],
    queryFn: () => ask(api.GET('/v1/products/{id}/versions', { params: { path: { id } } })),
    refetchInterval: ({ state: { data } }) =>
      data?.items.some(({ images }) => images.some(({ state }) => isUnderWay(state))) && 1_000,
  });

/** What was checked of a version's image, region by region. */
export const imagesQuery = (versionId: string, isMoving: boolean) =>
  queryOptions({
    queryKey: ['images', versionId],
    queryFn: () => ask(api.GET('/v1/images', { params: { query: { versionId } } })),
    refetchInterval: isMoving && 1_000,
  });

/** What is wrong now with images that are sold. */
export const imageNoticesQuery = queryOptions({
  queryKey: ['image-notices'],
  queryFn: () => ask(api.GET('/v1/image-notices', { params: { query: { state: 'open' } } })),
  refetchInterval: 60_000,
});

/** Null while there is no price. */
export const offerQuery = (id: string) =>
  queryOptions({
    queryKey: ['products', id, 'offer'],
    queryFn: () => askMaybe(api.GET('/v1/products/{id}/offer', { params: { path: { id } } })),
  });

/** Version 1 is made when a product has none. */
export const productKeysQuery = (id: string) =>
  queryOptions({
    queryKey: ['products', id, 'keys'],
    queryFn: () => ask(api.GET('/v1/products/{id}/keys', { params: { path: { id } } })),
  });

/** The product's public listing, found on the storefront; null while it has none there. */
export const ownListingQuery = (product: Schemas['Product']) =>
  queryOptions({
    queryKey: ['products', product.id, 'listing', product.state],
    queryFn: async () => {
      if (product.state !== 'public') return null;
      const { items } = await ask(api.GET('/v1/listings', { params: { query: { q: product.name, limit: 100 } } }));
      const found = items.find(({ productId }) => productId === product.id);
      return found ? askMaybe(api.GET('/v1/listings/{slug}', { params: { path: { slug: found.slug } } })) : null;
    },
  });

export const isReady = ({ images }: Version): boolean => images.length > 0 && images.every(({ state }) => state === 'ready');
export const isMoving = ({ images }: Version): boolean => images.some(({ state }) => isUnderWay(state));

/** Machines that run the vendor's products. */
export const instancesQuery = queryOptions({
  queryKey: ['instances'],
  queryFn: () => ask(api.GET('/v1/instances')),
  refetchInterval: 30_000,
});

export const isAlive = ({ state }: Schemas['Instance']): boolean => state !== 'terminated' && state !== 'failed';
