/** Machines as their buyer, their product's vendor and operators may see them. Reads launcher.instance and api.product. */
import { Injectable } from '@nestjs/common';
import { DataSource, In, type FindOptionsWhere } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import type { AccountKind, Caller } from '#platform/auth.ts';
import { Product } from '#tables/api/product.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { Places } from '../connections/places.ts';
import { Ec2Error, isDenied, isGone } from '../ec2/ec2.errors.ts';
import { Ec2Machines } from '../ec2/machines.ts';
import type { ConsoleView, InstanceView } from './instances.schema.ts';

@Injectable()
export class Instances {
  constructor(
    private readonly db: DataSource,
    private readonly machines: Ec2Machines,
    private readonly places: Places,
  ) {}

  /** The newest 500 that the caller may see. */
  async list(caller: Caller): Promise<InstanceView[]> {
    const instances = await this.db.manager.find(Instance, { where: visibleTo(caller), order: { createdAt: 'desc' }, take: 500 });
    return this.views(instances, caller.kind);
  }

  /** @throws DomainError `missing` for a foreign machine. */
  async get(caller: Caller, id: string): Promise<InstanceView> {
    const [view] = await this.views([await this.visible(caller, id)], caller.kind);
    return view!;
  }

  /**
   * What the machine wrote on its console so far.
   * @throws DomainError `missing` for a foreign machine, `ec2_denied`, `ec2_unavailable`.
   */
  async console(caller: Caller, id: string): Promise<ConsoleView> {
    const instance = await this.visible(caller, id);
    const { ec2InstanceId } = instance;
    if (!ec2InstanceId) return { output: null };
    try {
      return { output: await this.machines.consoleOutput(await this.places.of(instance), ec2InstanceId) };
    } catch (error) {
      // EC2 forgets a machine about an hour after its end.
      if (isGone(error)) return { output: null };
      if (isDenied(error))
        throw new DomainError(
          'conflict',
          'ec2_denied',
          'AWS does not let us look; test the connection, which says what is missing.',
        );
      if (error instanceof Ec2Error)
        throw new DomainError('unavailable', 'ec2_unavailable', 'EC2 does not answer at the moment; try again shortly.');
      throw error;
    }
  }

  private async visible(caller: Caller, id: string): Promise<Instance> {
    const instance = await this.db.manager.findOneBy(Instance, { id, ...visibleTo(caller) });
    if (!instance) throw missing('instance');
    return instance;
  }

  private async views(instances: Instance[], kind: AccountKind): Promise<InstanceView[]> {
    const products = await this.db.manager.findBy(Product, {
      id: In([...new Set(instances.map((instance) => instance.productId))]),
    });
    const names = new Map(products.map((product) => [product.id, product.name]));
    return instances.map((instance) => view(instance, names.get(instance.productId) ?? '', kind));
  }
}

const VISIBLE: Record<AccountKind, (organizationId: string) => FindOptionsWhere<Instance>> = {
  buyer: (buyerId) => ({ buyerId }),
  vendor: (vendorId) => ({ vendorId }),
  operator: () => ({}),
  auditor: () => ({}),
};

const visibleTo = ({ kind, organizationId }: Caller): FindOptionsWhere<Instance> => VISIBLE[kind](organizationId);

/** Where a buyer's machine answers is the buyer's business, not the vendor's. */
const view = (instance: Instance, product: string, kind: AccountKind): InstanceView => ({
  id: instance.id,
  origin: instance.origin,
  launchId: instance.launchId,
  fleetId: instance.fleetId,
  subscriptionId: instance.subscriptionId,
  productId: instance.productId,
  product,
  region: instance.region,
  zone: instance.zone,
  instanceType: instance.instanceType,
  state: instance.state,
  ec2InstanceId: instance.ec2InstanceId,
  amiId: instance.amiId,
  runsTestedImage: instance.runsAmiId === null ? null : instance.runsAmiId === instance.amiId,
  publicAddress: kind === 'buyer' ? instance.publicAddress : null,
  url: kind === 'buyer' && instance.state === 'healthy' ? instance.url : null,
  failure: instance.failure,
  createdAt: instance.createdAt.toISOString(),
  launchedAt: instance.launchedAt?.toISOString() ?? null,
  healthyAt: instance.healthyAt?.toISOString() ?? null,
  terminatedAt: instance.terminatedAt?.toISOString() ?? null,
  observedAt: instance.observedAt?.toISOString() ?? null,
});
