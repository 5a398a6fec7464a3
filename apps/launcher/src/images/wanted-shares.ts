/** Which images should be shared with which AWS accounts, as the rows say it: of subscriptions, organisations, connections and listings. */

/**
 * SQL: image_id and account_id. Who has a running subscription has the listed version in every region where it is ready, and the
 * versions that it wants to run or runs, in its organisation's account and in those that it has connected.
 */
export const WANTED_SHARES = `
  select distinct image.id as image_id, account.account_id, version.product_id
    from launcher.image
    join api.version on version.id = image.version_id
    join api.subscription on subscription.product_id = version.product_id and subscription.ended_at is null
    join lateral (
      select organization."awsAccountId" as account_id from api.organization
       where organization.id = subscription.buyer_id and organization."awsAccountId" is not null
      union
      select aws_connection.account_id from api.aws_connection
       where aws_connection.buyer_id = subscription.buyer_id and aws_connection.removed_at is null
    ) account on true
   where image.state = 'ready' and image.ami_id is not null
     and (exists (select from api.listing where listing.version_id = version.id)
          or exists (select from api.launch where launch.subscription_id = subscription.id and launch.version_id = version.id
                       and launch.desired <> 'terminated')
          or exists (select from api.fleet where fleet.subscription_id = subscription.id and fleet.version_id = version.id
                       and fleet.ended_at is null)
          or exists (select from launcher.instance where instance.subscription_id = subscription.id and instance.version_id = version.id
                       and instance.state not in ('terminated', 'failed')))`;

/** SQL: what is wanted beside what is written down, of one product ($1) or of all. */
export const sharesBeside = (ofProduct: boolean): string => `
  select coalesce(wanted.image_id, share.image_id) as image_id, coalesce(wanted.account_id, share.account_id) as account_id,
         coalesce(wanted.product_id, share.product_id) as product_id, share.state, share.checked_at, wanted.image_id is not null as is_wanted
    from (${WANTED_SHARES} ${ofProduct ? 'and version.product_id = $1' : ''}) wanted
    full join (
      select image_share.*, version.product_id from launcher.image_share
        join launcher.image on image.id = image_share.image_id join api.version on version.id = image.version_id
       where image_share.state <> 'unshared' ${ofProduct ? 'and version.product_id = $1' : ''}
    ) share on share.image_id = wanted.image_id and share.account_id = wanted.account_id`;
