/** ResolveCustomer: a vendor exchanges the token that a buyer's browser brought for who that buyer is. */
import { Injectable } from '@nestjs/common';
import { Clock } from '#platform/clock.ts';
import { sha256 } from '#platform/seal.ts';
import { Core } from '../../core.ts';
import type { Signer } from '../signers.ts';
import { refused, WireError } from '../wire.errors.ts';
import { read, ResolveCustomerInput } from '../wire.schema.ts';
import type { Operation } from './operation.ts';

export interface ResolvedCustomer {
  CustomerIdentifier: string;
  CustomerAWSAccountId: string;
  ProductCode: string;
  LicenseArn: string;
}

@Injectable()
export class ResolveCustomer implements Operation {
  constructor(
    private readonly core: Core,
    private readonly clock: Clock,
  ) {}

  /** The same token has the same answer until it expires: a vendor's page may be reloaded. */
  async answer(signer: Signer, body: unknown): Promise<ResolvedCustomer> {
    const { RegistrationToken } = read(ResolveCustomerInput, body);
    if (signer.kind !== 'vendor') throw refused('AccessDeniedException', 'ResolveCustomer is called with a vendor key.');
    const token = await this.core.registrationToken(sha256(RegistrationToken).toString('hex'));
    const subscription = token && (await this.core.subscription(token.subscriptionId));
    // Another vendor's token must look like none at all.
    if (!token || subscription?.vendorId !== signer.vendorId)
      throw new WireError('InvalidTokenException', 'The registration token is not valid.');
    if (token.expiresAt <= this.clock.now())
      throw new WireError('ExpiredTokenException', 'The registration token has expired; the buyer has to come again.');
    const [buyer, product] = await Promise.all([
      this.core.organization(subscription.buyerId),
      this.core.productById(subscription.productId),
    ]);
    return {
      CustomerIdentifier: subscription.customerIdentifier,
      CustomerAWSAccountId: buyer?.awsAccountId ?? '',
      ProductCode: product!.productCode,
      LicenseArn: subscription.licenseArn,
    };
  }
}
