/** Whether a machine at EC2 was launched from a vendor's product, and for whom. Reads launcher's machines through Core. */
import { Injectable } from '@nestjs/common';
import type { Caller } from '#platform/auth.ts';
import { Core } from '../core.ts';
import type { InstanceConfirmation, InstanceToConfirm } from './confirm.schema.ts';

@Injectable()
export class ConfirmInstance {
  constructor(private readonly core: Core) {}

  /** Says no, and nothing else, to whatever is not a machine of the caller's product: foreign ones look like none. */
  async confirm(caller: Caller, { productCode, instanceId, region }: InstanceToConfirm): Promise<InstanceConfirmation> {
    const [product] = await this.core.products([productCode]);
    if (product?.vendorId !== caller.organizationId) return { confirmed: false };
    const instance = await this.core.instanceOfProduct(product.id, instanceId, region);
    const subscription = instance && (await this.core.subscription(instance.subscriptionId));
    if (!instance || !subscription) return { confirmed: false };
    return {
      confirmed: true,
      ownerId: instance.ec2AccountId,
      subscriptionId: subscription.id,
      customerIdentifier: subscription.customerIdentifier,
      state: instance.state,
    };
  }
}
