/** Which images a buyer's AWS accounts may launch. Reads launcher.image_share and the buyer's subscriptions, account and connections. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '#platform/auth.ts';
import type { ImageShareView } from './image-shares.schema.ts';

interface Row {
  product_id: string;
  product: string;
  version: string;
  region: string;
  ami_id: string;
  account_id: string;
  state: ImageShareView['state'];
  failure: string | null;
  changed_at: Date;
}

@Injectable()
export class ImageShares {
  constructor(private readonly db: DataSource) {}

  /** Of products that the buyer has subscribed to, in its own accounts: at most 1,000. */
  async list({ organizationId }: Caller): Promise<ImageShareView[]> {
    const rows: Row[] = await this.db.query(
      `select product.id as product_id, product.name as product, version.title as version, image.region, image.ami_id,
              image_share.account_id, image_share.state, image_share.failure, image_share.changed_at
         from launcher.image_share
         join launcher.image on image.id = image_share.image_id
         join api.version on version.id = image.version_id
         join api.product on product.id = version.product_id
        where image_share.state <> 'unshared'
          and exists (select from api.subscription where subscription.product_id = product.id and subscription.buyer_id = $1)
          and (image_share.account_id in (select organization."awsAccountId" from api.organization where organization.id = $1)
               or image_share.account_id in (select aws_connection.account_id from api.aws_connection where aws_connection.buyer_id = $1))
        order by product.name, version.created_at desc, image.region, image_share.account_id
        limit 1000`,
      [organizationId],
    );
    return rows.map((row) => ({
      productId: row.product_id,
      product: row.product,
      version: row.version,
      region: row.region,
      imageId: row.ami_id,
      accountId: row.account_id,
      state: row.state,
      failure: row.failure,
      since: row.changed_at.toISOString(),
    }));
  }
}
