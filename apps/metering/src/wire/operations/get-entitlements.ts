/** GetEntitlements: a vendor asks what the buyers of its product are entitled to now. */
import { Injectable } from '@nestjs/common';
import { Clock } from '#platform/clock.ts';
import { MeteringConfig } from '../../config.ts';
import { Entitlements, type GrantedEntitlement } from '../../entitlements.ts';
import { Facts } from '../../facts.ts';
import type { Signer } from '../signers.ts';
import { refused } from '../wire.errors.ts';
import { invalidParameter, readGetEntitlements, type EntitlementFilter } from './entitlements.schema.ts';
import { nextToken, placeOf } from './next-token.ts';
import type { Operation } from './operation.ts';

export interface EntitlementValue {
  IntegerValue?: number;
  DoubleValue?: number;
  BooleanValue?: boolean;
  StringValue?: string;
}

export interface EntitlementAnswer {
  ProductCode: string;
  Dimension: string;
  CustomerIdentifier: string;
  CustomerAWSAccountId?: string;
  Value: EntitlementValue;
  /** Epoch seconds; none when no end is known. */
  ExpirationDate?: number;
  LicenseArn: string;
}

export interface EntitlementsAnswer {
  Entitlements: EntitlementAnswer[];
  NextToken?: string;
}

@Injectable()
export class GetEntitlements implements Operation {
  constructor(
    private readonly facts: Facts,
    private readonly entitlements: Entitlements,
    private readonly clock: Clock,
    private readonly config: MeteringConfig,
  ) {}

  /**
   * Values of a key are alternatives, keys narrow down. A page looks at MaxResults entitlements of the customers asked for and then
   * leaves out other dimensions, as AWS does: it may be empty and still have a NextToken.
   */
  async answer(signer: Signer, body: unknown): Promise<EntitlementsAnswer> {
    const { ProductCode, Filter, NextToken, MaxResults } = readGetEntitlements(body);
    if (signer.kind !== 'vendor') throw refused('AccessDeniedException', 'GetEntitlements is called with a vendor key.');
    const product = await this.facts.product(ProductCode);
    // Another vendor's product must look like none at all.
    if (product?.vendorId !== signer.vendorId) throw invalidParameter('The product code is not that of a product of yours.');
    const list = `${product.id}:${canonical(Filter)}`;
    const found = await this.entitlements.of(
      product.id,
      {
        customerIdentifiers: Filter.CUSTOMER_IDENTIFIER,
        awsAccountIds: Filter.CUSTOMER_AWS_ACCOUNT_ID,
        licenseArns: Filter.LICENSE_ARN,
      },
      {
        now: this.clock.now(),
        after: NextToken === undefined ? null : placeOf(this.config.SECRETS_KEY, list, NextToken),
        most: MaxResults + 1,
      },
    );
    const page = found.slice(0, MaxResults);
    return {
      Entitlements: page
        .filter(({ dimension }) => Filter.DIMENSION?.includes(dimension) ?? true)
        .map((entitlement) => view(ProductCode, entitlement)),
      ...(found.length > MaxResults && { NextToken: nextToken(this.config.SECRETS_KEY, list, page.at(-1)!) }),
    };
  }
}

/** The same text for every way to write the same filter. */
const canonical = (filter: EntitlementFilter): string =>
  JSON.stringify(
    [filter.CUSTOMER_IDENTIFIER, filter.CUSTOMER_AWS_ACCOUNT_ID, filter.LICENSE_ARN, filter.DIMENSION].map((values) =>
      values ? [...new Set(values)].toSorted() : null,
    ),
  );

const view = (productCode: string, entitlement: GrantedEntitlement): EntitlementAnswer => ({
  ProductCode: productCode,
  Dimension: entitlement.dimension,
  CustomerIdentifier: entitlement.customerIdentifier,
  ...(entitlement.awsAccountId !== null && { CustomerAWSAccountId: entitlement.awsAccountId }),
  Value: valueOf(entitlement),
  ...(entitlement.endedAt && { ExpirationDate: entitlement.endedAt.getTime() / 1000 }),
  LicenseArn: entitlement.licenseArn,
});

const valueOf = ({ integerValue, doubleValue, booleanValue, stringValue }: GrantedEntitlement): EntitlementValue => ({
  ...(integerValue !== null && { IntegerValue: integerValue }),
  ...(doubleValue !== null && { DoubleValue: doubleValue }),
  ...(booleanValue !== null && { BooleanValue: booleanValue }),
  ...(stringValue !== null && { StringValue: stringValue }),
});
