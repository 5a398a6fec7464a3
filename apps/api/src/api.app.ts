/** The app `api`, as platform runs it. */
import type { AppDefinition } from '#platform/app.ts';
import { AwsConnection } from '#tables/api/aws-connection.ts';
import { EntitlementGrant } from '#tables/api/entitlement-grant.ts';
import { Commitment } from '#tables/api/commitment.ts';
import { Coupon, CouponRedemption } from '#tables/api/coupon.ts';
import { Fleet } from '#tables/api/fleet.ts';
import { Launch } from '#tables/api/launch.ts';
import { Listing } from '#tables/api/listing.ts';
import { Offer, OfferBuyer } from '#tables/api/offer.ts';
import { Organization } from '#tables/api/organization.ts';
import { Price, PriceVersion } from '#tables/api/price-version.ts';
import { ProductKey } from '#tables/api/product-key.ts';
import { Product } from '#tables/api/product.ts';
import { RegistrationToken } from '#tables/api/registration-token.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { VendorKey } from '#tables/api/vendor-key.ts';
import { Version } from '#tables/api/version.ts';
import { ConnectionCheck } from '#tables/launcher/connection-check.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { FleetState } from '#tables/launcher/fleet-state.ts';
import { Image } from '#tables/launcher/image.ts';
import { mountAuth } from './accounts/mount.ts';
import { SignedInCallers } from './accounts/callers.ts';
import { ApiModule } from './api.module.ts';
import { ApiConfig, loadApiConfig } from './config.ts';
import { servePortal } from './front/portal.ts';
import { proxyApps } from './front/proxy.ts';

export const api: AppDefinition<ApiConfig> = {
  name: 'api',
  module: ApiModule,
  entities: [
    Organization,
    Product,
    ProductKey,
    Version,
    Listing,
    Offer,
    OfferBuyer,
    PriceVersion,
    Price,
    Commitment,
    Coupon,
    CouponRedemption,
    EntitlementGrant,
    Subscription,
    RegistrationToken,
    AwsConnection,
    Launch,
    Fleet,
    VendorKey,
    ConnectionCheck,
    Image,
    Instance,
    FleetState,
    InfrastructurePrice,
  ],
  config: loadApiConfig,
  configToken: ApiConfig,
  callers: SignedInCallers,
  prepare: async (app, config) => {
    mountAuth(app);
    await proxyApps(app, config);
    await servePortal(app, config);
  },
};
