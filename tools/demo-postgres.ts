/** Acme's second product in the seeded marketplace: a database, whose data is on a volume apart from the image. */
import type { Account } from '#testing/account.ts';
import { imagesReady } from '../story/market.ts';

export const POSTGRES = {
  name: 'Acme PostgreSQL',
  slug: 'acme-postgresql',
  title: '18.0',
  imageId: 'ami-0acce550000000518',
  imageRegion: 'us-east-1',
  regions: ['us-east-1'],
  hourly: '0.0462',
  dataVolumes: [{ name: 'data', device: '/dev/sdf', sizeGib: 50, type: 'gp3', mountPath: '/var/lib/postgresql' }],
} as const;

interface Product {
  id: string;
  name: string;
  state: string;
}

/** Publishes what is missing of it; a second start finds the first one's. */
export async function openPostgres(vendor: Account, appliancePort: number): Promise<void> {
  const { items: products } = await vendor.get<{ items: Product[] }>('/v1/products');
  const product =
    products.find(({ name }) => name === POSTGRES.name) ?? (await vendor.post<Product>('/v1/products', { name: POSTGRES.name }));
  if (product.state === 'public') return;
  const versions = `/v1/products/${product.id}/versions`;
  const { items } = await vendor.get<{ items: Array<{ id: string; title: string }> }>(versions);
  const { title, imageId, imageRegion, regions, dataVolumes, hourly, slug } = POSTGRES;
  const version =
    items.find((candidate) => candidate.title === title) ??
    (await vendor.post<{ id: string }>(versions, {
      title,
      notes: 'PostgreSQL 18, with its data on a volume apart.',
      imageId,
      imageRegion,
      regions,
      instanceTypes: ['t3.micro', 't3.small'],
      urlTemplate: `http://{address}:${appliancePort}/`,
      healthPath: '/health',
      operatingSystem: 'Debian 13',
      ports: [{ port: 5432, protocol: 'tcp', description: 'PostgreSQL' }],
      dataVolumes,
    }));
  await imagesReady(vendor, { productId: product.id, versionId: version.id });
  await vendor.put(`/v1/products/${product.id}/offer`, {
    currency: 'usd',
    terms: 'Acme PostgreSQL licence\n\nYou may run it for as long as you are subscribed. Your data is yours.',
    prices: [{ model: 'hourly', rate: hourly, description: 'Running machine' }],
  });
  await vendor.put(`/v1/products/${product.id}/listing`, {
    slug,
    summary: 'A PostgreSQL server whose data outlives its machine.',
    description:
      'The data is on a volume of its own.\n\n- snapshots as often as you say\n- restored from any of them, and tested before you need it\n- a lost machine is replaced with its data',
    category: 'database',
    versionId: version.id,
  });
}
