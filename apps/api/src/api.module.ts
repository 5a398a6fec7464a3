/** What `api` is made of: people publish, list, offer, subscribe and launch here. Only agreements whose time is over end by themselves. */
import { Module } from '@nestjs/common';
import { AccountsController } from './accounts/accounts.controller.ts';
import { Accounts } from './accounts/accounts.ts';
import { AuthProvider } from './accounts/callers.ts';
import { VendorKeysController } from './accounts/vendor-keys.controller.ts';
import { VendorKeys } from './accounts/vendor-keys.ts';
import { AwsConnectionsController } from './aws-connections/aws-connections.controller.ts';
import { AwsConnections } from './aws-connections/aws-connections.ts';
import { EstimatesController } from './estimates/estimates.controller.ts';
import { Estimates } from './estimates/estimates.ts';
import { CouponsController } from './coupons/coupons.controller.ts';
import { Coupons } from './coupons/coupons.ts';
import { FleetsController } from './fleets/fleets.controller.ts';
import { Fleets } from './fleets/fleets.ts';
import { AppsBehind } from './front/ready.ts';
import { LaunchesController } from './launches/launches.controller.ts';
import { Launches } from './launches/launches.ts';
import { ListingsController } from './listings/listings.controller.ts';
import { Listings } from './listings/listings.ts';
import { OffersController } from './offers/offers.controller.ts';
import { Offers } from './offers/offers.ts';
import { PriceVersionsController } from './offers/price-versions.controller.ts';
import { PriceVersions } from './offers/price-versions.ts';
import { PrivateOffersController } from './offers/private-offers.controller.ts';
import { PrivateOffers } from './offers/private-offers.ts';
import { ProductKeysController } from './products/product-keys.controller.ts';
import { ProductKeys } from './products/product-keys.ts';
import { ProductsController } from './products/products.controller.ts';
import { Products } from './products/products.ts';
import { SnippetsController } from './snippets/snippets.controller.ts';
import { Snippets } from './snippets/snippets.ts';
import { CommitmentsController } from './subscriptions/commitments.controller.ts';
import { Commitments } from './subscriptions/commitments.ts';
import { EndSubscription } from './subscriptions/end-subscription.ts';
import { SubscriptionsController } from './subscriptions/subscriptions.controller.ts';
import { Subscriptions } from './subscriptions/subscriptions.ts';
import { RegionsController } from './versions/regions.controller.ts';
import { VersionsController } from './versions/versions.controller.ts';
import { Versions } from './versions/versions.ts';
import { ReadyCheck } from '#platform/health.ts';
import { stages } from '#platform/stage.ts';

@Module({
  controllers: [
    AccountsController,
    VendorKeysController,
    ProductsController,
    ProductKeysController,
    VersionsController,
    RegionsController,
    OffersController,
    PriceVersionsController,
    PrivateOffersController,
    CouponsController,
    ListingsController,
    SubscriptionsController,
    CommitmentsController,
    AwsConnectionsController,
    LaunchesController,
    FleetsController,
    EstimatesController,
    SnippetsController,
  ],
  providers: [
    AuthProvider,
    Accounts,
    VendorKeys,
    Products,
    ProductKeys,
    Versions,
    Offers,
    PriceVersions,
    PrivateOffers,
    Coupons,
    Listings,
    Subscriptions,
    Commitments,
    AwsConnections,
    Launches,
    Fleets,
    Estimates,
    Snippets,
    ...stages(EndSubscription),
    { provide: ReadyCheck, useClass: AppsBehind },
  ],
  exports: [AuthProvider, Accounts, ReadyCheck],
})
export class ApiModule {}
