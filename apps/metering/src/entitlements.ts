/** What the buyers of a product are entitled to, from their price versions. Like ./core.ts, a query over api's tables alone. */
import { Injectable } from '@nestjs/common';
import { OtherDatabase } from '#platform/tokens.ts';

export interface GrantedEntitlement {
  subscriptionId: string;
  dimension: string;
  customerIdentifier: string;
  awsAccountId: string | null;
  licenseArn: string;
  /** When it ends, if that is known already. */
  endedAt: Date | null;
  integerValue: number | null;
  doubleValue: number | null;
  booleanValue: boolean | null;
  stringValue: string | null;
}

/** Of whom; what is not given does not matter. */
export interface OfWhom {
  customerIdentifiers?: string[];
  awsAccountIds?: string[];
  licenseArns?: string[];
}

/** The last entitlement of the page before. */
export interface Place {
  subscriptionId: string;
  dimension: string;
}

@Injectable()
export class Entitlements {
  constructor(private readonly db: OtherDatabase) {}

  /** Those of subscriptions that run at `now`, always in the same order. @param after where to go on; null for the beginning. */
  of(
    productId: string,
    { customerIdentifiers, awsAccountIds, licenseArns }: OfWhom,
    { now, after, most }: { now: Date; after: Place | null; most: number },
  ): Promise<GrantedEntitlement[]> {
    return this.db.query(
      `select subscription.id as "subscriptionId", entitlement.dimension, subscription.customer_identifier as "customerIdentifier",
              organization."awsAccountId", subscription.license_arn as "licenseArn", subscription.ended_at as "endedAt",
              entitlement.integer_value as "integerValue", entitlement.double_value as "doubleValue",
              entitlement.boolean_value as "booleanValue", entitlement.string_value as "stringValue"
         from api.subscription
         join api.entitlement_grant entitlement on entitlement.price_version_id = subscription.price_version_id
         join api.organization on organization.id = subscription.buyer_id
        where subscription.product_id = $1 and subscription.started_at <= $2 and (subscription.ended_at is null or subscription.ended_at > $2)
          and ($3::text[] is null or subscription.customer_identifier = any($3))
          and ($4::text[] is null or organization."awsAccountId" = any($4))
          and ($5::text[] is null or subscription.license_arn = any($5))
          and ($6::uuid is null or subscription.id >= $6 and (subscription.id > $6 or entitlement.dimension > $7))
        order by subscription.id, entitlement.dimension limit $8`,
      [
        productId,
        now,
        customerIdentifiers ?? null,
        awsAccountIds ?? null,
        licenseArns ?? null,
        after?.subscriptionId ?? null,
        after?.dimension ?? null,
        most,
      ],
    );
  }
}
