/** Generated from docs/openapi by "npm run generate". */
export interface paths {
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Accounts_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vendor-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["VendorKeys_list"];
        put?: never;
        post: operations["VendorKeys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vendor-keys/{accessKeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["VendorKeys_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Products_list"];
        put?: never;
        post: operations["Products_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Products_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProductKeys_list"];
        put?: never;
        post: operations["ProductKeys_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Versions_list"];
        put?: never;
        post: operations["Versions_submit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/versions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Regions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/versions/{id}/regions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Regions_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/versions/{id}/regions/{region}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["Regions_restrict"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/offer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Offers_get"];
        put: operations["Offers_make"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/offers/{id}/price-versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PriceVersions_list"];
        put?: never;
        post: operations["PriceVersions_change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/offers/{id}/price-versions/{versionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["PriceVersions_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/private-offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["PrivateOffers_make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/private-offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PrivateOffers_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/private-offers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PrivateOffers_get"];
        put?: never;
        post?: never;
        delete: operations["PrivateOffers_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Coupons_list"];
        put?: never;
        post: operations["Coupons_make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/coupons/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["Coupons_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/coupons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Coupons_redeemed"];
        put?: never;
        post: operations["Coupons_redeem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Listings_browse"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/listings/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Listings_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}/listing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["Listings_publish"];
        post?: never;
        delete: operations["Listings_restrict"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Subscriptions_list"];
        put?: never;
        post: operations["Subscriptions_subscribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Subscriptions_get"];
        put?: never;
        post?: never;
        delete: operations["Subscriptions_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/trial-conversion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["Subscriptions_convertTrial"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/registration-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Subscriptions_registrationToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/commitments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Commitments_list"];
        put?: never;
        post: operations["Commitments_make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/commitments/{commitmentId}/additions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Commitments_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/commitments/{commitmentId}/renewal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["Commitments_stopRenewal"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/aws-connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AwsConnections_list"];
        put?: never;
        post: operations["AwsConnections_connect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/aws-connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AwsConnections_get"];
        put?: never;
        post?: never;
        delete: operations["AwsConnections_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/aws-connections/{id}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["AwsConnections_nameRole"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/aws-connections/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["AwsConnections_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/aws-connections/{id}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AwsConnections_policy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/aws-connections/{id}/trust-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AwsConnections_trustPolicy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/aws-connections/{id}/template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AwsConnections_template"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/launches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Launches_list"];
        put?: never;
        post: operations["Launches_launch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/launches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Launches_get"];
        put?: never;
        post?: never;
        delete: operations["Launches_terminate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/launches/{id}/desired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["Launches_want"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/launches/{id}/reboots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Launches_reboot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/launches/{id}/ending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["Launches_settleEnding"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/launches/{id}/snapshot-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["Launches_schedule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Fleets_list"];
        put?: never;
        post: operations["Fleets_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Fleets_get"];
        put?: never;
        post?: never;
        delete: operations["Fleets_end"];
        options?: never;
        head?: never;
        patch: operations["Fleets_change"];
        trace?: never;
    };
    "/v1/fleets/{id}/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Fleets_machines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{id}/wake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Fleets_wake"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/estimates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Estimates_estimate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/snippets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Snippets_write"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Images_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/image-shares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ImageShares_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/images/{id}/scans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Scans_ofImage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/image-notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Scans_notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Instances_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Instances_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{id}/console": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Instances_console"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/launches/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Events_ofLaunch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instances/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Events_ofInstance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Volumes_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Volumes_get"];
        put?: never;
        post?: never;
        delete: operations["Volumes_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["Volumes_release"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Snapshots_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/snapshots/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Snapshots_get"];
        put?: never;
        post?: never;
        delete: operations["Snapshots_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes/{id}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Snapshots_take"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/volumes/{id}/restores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Restores_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Restores_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restores/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Restores_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/snapshots/{id}/tests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["RestoreTests_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restore-tests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RestoreTests_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/restore-tests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RestoreTests_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upgrades": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Upgrades_list"];
        put?: never;
        post: operations["Upgrades_upgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/upgrades/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Upgrades_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleet-upgrades": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["FleetUpgrades_list"];
        put?: never;
        post: operations["FleetUpgrades_upgrade"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleet-upgrades/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["FleetUpgrades_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/infrastructure-prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["InfrastructurePrices_list"];
        put?: never;
        post: operations["InfrastructurePrices_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/infrastructure-cost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["InfrastructureCost_of"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/strays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Strays_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vendor-key-uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["KeyUse_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instance-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["InstanceSessions_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/instance-sessions/{instanceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["InstanceSessions_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Usage_list"];
        put?: never;
        post: operations["Usage_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Events_take"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage-corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Corrections_list"];
        put?: never;
        post: operations["Corrections_propose"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage-corrections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Corrections_get"];
        put?: never;
        post?: never;
        delete: operations["Corrections_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage-corrections/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["Corrections_decide"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/confirm-instance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["ConfirmInstance_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** @description For machines: signed with AWS Signature Version 4 for the service aws-marketplace, with the credentials of POST /v1/instance-sessions. Sent to metering itself, with {} as its body. */
        post: operations["Heartbeats_alive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/silences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Silences_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Receipts_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage/receipts.ndjson": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Receipts_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/receipt-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Receipts_listKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Invoices_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Invoices_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Invoices_pay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Invoices_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Invoices_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/payment-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PaymentLinks_get"];
        put: operations["PaymentLinks_make"];
        post?: never;
        delete: operations["PaymentLinks_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/live-costs/{subscriptionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["LiveCosts_of"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/explain/{lineId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Explain_line"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/explain/{lineId}/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Explain_records"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/held-closes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["HeldCloses_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/held-closes/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["HeldCloses_decide"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credit-notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["CreditNotes_list"];
        put?: never;
        post: operations["CreditNotes_issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credit-notes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["CreditNotes_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credit-notes/{id}/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["CreditNotes_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credit-notes/{id}/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["CreditNotes_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/price-simulations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["PriceSimulations_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Credits_list"];
        put?: never;
        post: operations["Credits_grant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payment-method": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PaymentMethods_get"];
        put: operations["PaymentMethods_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/billing-details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["BillingDetails_get"];
        put: operations["BillingDetails_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payment-terms/{buyerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PaymentTerms_get"];
        put: operations["PaymentTerms_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payout-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PayoutAccounts_get"];
        put: operations["PayoutAccounts_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Refunds_list"];
        put?: never;
        post: operations["Refunds_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/refunds/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Refunds_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Disputes_atBanks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/line-disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Disputes_list"];
        put?: never;
        post: operations["Disputes_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/line-disputes/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["Disputes_decide"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/line-disputes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["Disputes_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dunning": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Dunning_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/write-offs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["WriteOffs_list"];
        put?: never;
        post: operations["WriteOffs_write"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fee-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["FeeRules_list"];
        put?: never;
        post: operations["FeeRules_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fee-rules/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["FeeRules_addVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fee-receipts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["FeeRules_receipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/earnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Earnings_earned"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Earnings_payouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payout-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PayoutPolicies_own"];
        put: operations["PayoutPolicies_setOwn"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payout-policies/{vendorId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PayoutPolicies_of"];
        put: operations["PayoutPolicies_set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payout-approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PayoutPolicies_large"];
        put?: never;
        post: operations["PayoutPolicies_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payout-approvals/{payoutId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["PayoutPolicies_decide"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payout-forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PayoutForecast_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Statements_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statements/{period}/{currency}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Statements_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statements/{period}/{currency}/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Statements_pdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statements/{period}/{currency}/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Statements_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/revenue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reports_revenue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reports_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reports_customers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/churn": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reports_churn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/forecast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reports_forecast"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/volume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reports_volume"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/receivables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reports_receivables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/cost-by-product": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reports_costByProduct"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/cost-by-day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reports_costByDay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/cost-by-tag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reports_costByTag"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Ledger_chain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/proofs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Ledger_proofs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/trial-balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Ledger_trialBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reconciliations_list"];
        put?: never;
        post: operations["Reconciliations_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reconciliations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reconciliations_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reconciliations/{id}/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Reconciliations_csv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/platform": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Platform_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Me: {
            user: {
                id: string;
                name: string;
                email: string;
            } | null;
            organization: {
                /** Format: uuid */
                id: string;
                name: string;
                slug: string;
                /** @enum {string} */
                kind: "buyer" | "vendor" | "operator" | "auditor";
                awsAccountId: string | null;
            };
        };
        NewVendorKey: {
            accessKeyId: string;
            /** @description shown only now; keep it where your software reads it */
            secretAccessKey: string;
        };
        VendorKeyList: {
            items: components["schemas"]["VendorKey"][];
        };
        VendorKey: {
            accessKeyId: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            revokedAt: string | null;
        };
        NewProduct: {
            name: string;
        };
        Product: {
            /** Format: uuid */
            id: string;
            /** @description names the product on the metering wire */
            productCode: string;
            name: string;
            /** @enum {string} */
            state: "draft" | "public" | "restricted";
            /** Format: date-time */
            createdAt: string;
        };
        ProductList: {
            items: components["schemas"]["Product"][];
        };
        ProductKeyList: {
            items: components["schemas"]["ProductKey"][];
        };
        ProductKey: {
            /** @description PublicKeyVersion of RegisterUsage */
            version: number;
            /** @description RSA public key in PEM; put it into the software that verifies what RegisterUsage signs (PS256) */
            publicKeyPem: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description when a newer version took its place; it still signs
             */
            rotatedAt: string | null;
        };
        NewVersion: {
            /** @description unique within the product, e.g. 1.2.0 */
            title: string;
            /** @default  */
            notes: string;
            imageId: string;
            /** @description where the image is now */
            imageRegion: string;
            /** @description where it shall be sold; it is copied to each */
            regions: string[];
            instanceTypes: string[];
            /** @description where the appliance answers; {address} is the public address of the machine */
            urlTemplate: string;
            /**
             * @description answers 2xx when the appliance is well
             * @default /health
             */
            healthPath: string;
            /**
             * @description what the image runs, such as Ubuntu 24.04; one that nobody mends any more is refused
             * @default null
             */
            operatingSystem: string | null;
            /**
             * @description what the appliance listens on besides its URL's port; opened to everybody, except for SSH
             * @default []
             */
            ports: {
                port: number;
                /** @enum {string} */
                protocol: "tcp" | "udp";
                description: string;
            }[];
            /**
             * @description user data of its machines, with {{name}} where a value of the buyer goes
             * @default null
             */
            userDataTemplate: string | null;
            /**
             * @description disks for data, apart from the image; they outlive the machine
             * @default []
             */
            dataVolumes: {
                name: string;
                device: string;
                sizeGib: number;
                /**
                 * @default gp3
                 * @enum {string}
                 */
                type: "gp3" | "gp2" | "st1" | "sc1" | "standard";
                mountPath: string;
            }[];
            /** @default null */
            recommendedInstanceType: string | null;
            /**
             * @description posted to before a machine leaves a fleet or stops
             * @default null
             */
            drainPath: string | null;
            /**
             * @description answers with numbers by name, such as {"queue_depth": 12}
             * @default null
             */
            metricsPath: string | null;
        };
        Version: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            productId: string;
            title: string;
            notes: string;
            imageId: string;
            imageRegion: string;
            instanceTypes: string[];
            urlTemplate: string;
            healthPath: string;
            /** @description what the image runs, such as Ubuntu 24.04; one that nobody mends any more is refused */
            operatingSystem: string | null;
            /** @description what the appliance listens on besides its URL's port; opened to everybody, except for SSH */
            ports: {
                port: number;
                /** @enum {string} */
                protocol: "tcp" | "udp";
                description: string;
            }[];
            /** @description user data of its machines, with {{name}} where a value of the buyer goes */
            userDataTemplate: string | null;
            /** @description disks for data, apart from the image; they outlive the machine */
            dataVolumes: {
                name: string;
                device: string;
                sizeGib: number;
                /**
                 * @default gp3
                 * @enum {string}
                 */
                type: "gp3" | "gp2" | "st1" | "sc1" | "standard";
                mountPath: string;
            }[];
            recommendedInstanceType: string | null;
            /** @description posted to before a machine leaves a fleet or stops */
            drainPath: string | null;
            /** @description answers with numbers by name, such as {"queue_depth": 12} */
            metricsPath: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description how far the image is in each region, those it was offered in before included */
            images: {
                region: string;
                /** @enum {string} */
                state: "waiting" | "copying" | "testing" | "ready" | "rejected";
                /** @description per cent of the copy; null where EC2 does not say */
                progress: number | null;
                rejection: string | null;
                /** @description no longer offered there; what runs keeps running */
                restricted: boolean;
            }[];
        };
        VersionList: {
            items: components["schemas"]["Version"][];
        };
        NewRegions: {
            regions: string[];
        };
        NewOffer: {
            currency: string;
            /** @description the licence text that buyers accept */
            terms: string;
            prices: ({
                /** @enum {string} */
                model: "free";
            } | {
                /** @enum {string} */
                model: "byol";
            } | {
                /** @enum {string} */
                model: "hourly";
                /** @default Running machine */
                description: string;
                /**
                 * @default hour
                 * @enum {string}
                 */
                unit: "hour";
                /** @description for an hour of a machine of any type that has no price of its own */
                rate: string;
                /** @description for an hour of machines of single types, by type */
                rates?: {
                    [key: string]: string;
                };
                /**
                 * @description what running is counted in: each hour begun, or each second as a fraction of the hour
                 * @default hour
                 * @enum {string}
                 */
                increment: "hour" | "second";
                /** @description with increment "second": what each start of a machine costs at least; 60 unless said otherwise */
                minimumSeconds?: number;
                /** @description hours of each month that cost nothing, of types without a price of their own */
                included?: number;
            } | {
                /** @enum {string} */
                model: "metered";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                rate: string;
            } | {
                /** @enum {string} */
                model: "graduated";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                tiers: {
                    /** @description the last unit of the tier, counted from the first of the month; null for the last tier */
                    upTo: number | null;
                    /** @description for one unit */
                    rate: string;
                    /**
                     * @description once, when the tier is entered
                     * @default 0
                     */
                    flat: string;
                }[];
            } | {
                /** @enum {string} */
                model: "volume";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                tiers: {
                    /** @description the last unit of the tier, counted from the first of the month; null for the last tier */
                    upTo: number | null;
                    /** @description for one unit */
                    rate: string;
                    /**
                     * @description once, when the tier is entered
                     * @default 0
                     */
                    flat: string;
                }[];
            } | {
                /** @enum {string} */
                model: "package";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                /** @description units in a package */
                size: number;
                rate: string;
            } | {
                /** @enum {string} */
                model: "flat";
                /** @default flat */
                dimension: string;
                /** @default Monthly fee */
                description: string;
                /** @default month */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "monthly";
                /** @default monthly */
                dimension: string;
                /** @default Monthly fee */
                description: string;
                /** @default month */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "one_time";
                /** @default one_time */
                dimension: string;
                /** @default Set-up fee */
                description: string;
                /** @default set-up */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "annual";
                /** @default Machine for a year */
                description: string;
                /**
                 * @default machine
                 * @enum {string}
                 */
                unit: "machine";
                /** @description for 12 months of one machine, by type; what runs beyond is charged by the hour */
                rates: {
                    [key: string]: string;
                };
            } | {
                /** @enum {string} */
                model: "contract";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                options: {
                    months: number;
                    /** @description for one unit and the whole time */
                    rate: string;
                    /** @description so many equal parts, one a month, or amounts for one unit that sum to the rate; all at once when left out */
                    instalments?: number | {
                        afterMonths: number;
                        amount: string;
                    }[];
                }[];
            } | {
                /** @enum {string} */
                model: "infrastructure";
                /** @default infrastructure */
                dimension: string;
                /** @default Share of infrastructure */
                description: string;
                /**
                 * @default %
                 * @enum {string}
                 */
                unit: "%";
                percent: string;
            })[];
            /** @description what a month of usage costs at least */
            minimumSpend?: string;
            /** @description for a buyer's first subscription to the product */
            trial?: components["schemas"]["Trial"];
            /**
             * @description what subscribers are entitled to, as GetEntitlements says it to your software
             * @default []
             */
            entitlements: components["schemas"]["Entitlement"][];
        };
        Trial: {
            days: number;
            /**
             * @description what comes after: nothing, unless the buyer says yes; or it is charged
             * @default ends
             * @enum {string}
             */
            afterwards: "ends" | "converts";
        } | {
            dimension: string;
            /** @description units of the dimension, once */
            quantity: number;
            /**
             * @description what comes after: nothing, unless the buyer says yes; or it is charged
             * @default ends
             * @enum {string}
             */
            afterwards: "ends" | "converts";
        };
        Entitlement: {
            /** @description the vendor's own name for what buyers are entitled to */
            dimension: string;
            integerValue?: number;
            doubleValue?: number;
            booleanValue?: boolean;
            stringValue?: string;
        };
        Offer: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            productId: string;
            currency: string;
            terms: string;
            /** @description send it back when you subscribe: it says which text was accepted */
            termsSha256: string;
            prices: components["schemas"]["Price"][];
            /** @description what a month of usage costs at least */
            minimumSpend?: string;
            trial?: components["schemas"]["Trial"];
            /** @description prices that will hold from a later day on */
            announced?: components["schemas"]["AnnouncedPrices"][];
            entitlements: components["schemas"]["Entitlement"][];
            /** Format: date-time */
            createdAt: string;
        };
        Price: {
            /** @enum {string} */
            model: "free" | "byol" | "hourly" | "metered" | "graduated" | "volume" | "package" | "flat" | "monthly" | "one_time" | "annual" | "contract" | "infrastructure";
            dimension: string;
            description: string;
            unit: string;
            /** @description for one unit, where there is a single one */
            rate?: string;
            /** @description by instance type, for types with a price of their own */
            rates?: {
                [key: string]: string;
            };
            /**
             * @description of an hourly price
             * @enum {string}
             */
            increment?: "hour" | "second";
            /** @description of an hourly price by the second */
            minimumSeconds?: number;
            /** @description units (of an hourly price: hours) of each month that cost nothing */
            included?: number;
            tiers?: {
                upTo: number | null;
                rate: string;
                flat: string;
            }[];
            /** @description units in a package */
            size?: number;
            /** @description lengths of a contract */
            options?: {
                months: number;
                rate: string;
                instalments?: {
                    afterMonths: number;
                    amount: string;
                }[];
            }[];
            /** @description of infrastructure */
            percent?: string;
        };
        AnnouncedPrices: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            effectiveFrom: string;
            prices: components["schemas"]["Price"][];
            minimumSpend?: string;
        };
        NewPriceVersion: {
            prices: ({
                /** @enum {string} */
                model: "free";
            } | {
                /** @enum {string} */
                model: "byol";
            } | {
                /** @enum {string} */
                model: "hourly";
                /** @default Running machine */
                description: string;
                /**
                 * @default hour
                 * @enum {string}
                 */
                unit: "hour";
                /** @description for an hour of a machine of any type that has no price of its own */
                rate: string;
                /** @description for an hour of machines of single types, by type */
                rates?: {
                    [key: string]: string;
                };
                /**
                 * @description what running is counted in: each hour begun, or each second as a fraction of the hour
                 * @default hour
                 * @enum {string}
                 */
                increment: "hour" | "second";
                /** @description with increment "second": what each start of a machine costs at least; 60 unless said otherwise */
                minimumSeconds?: number;
                /** @description hours of each month that cost nothing, of types without a price of their own */
                included?: number;
            } | {
                /** @enum {string} */
                model: "metered";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                rate: string;
            } | {
                /** @enum {string} */
                model: "graduated";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                tiers: {
                    /** @description the last unit of the tier, counted from the first of the month; null for the last tier */
                    upTo: number | null;
                    /** @description for one unit */
                    rate: string;
                    /**
                     * @description once, when the tier is entered
                     * @default 0
                     */
                    flat: string;
                }[];
            } | {
                /** @enum {string} */
                model: "volume";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                tiers: {
                    /** @description the last unit of the tier, counted from the first of the month; null for the last tier */
                    upTo: number | null;
                    /** @description for one unit */
                    rate: string;
                    /**
                     * @description once, when the tier is entered
                     * @default 0
                     */
                    flat: string;
                }[];
            } | {
                /** @enum {string} */
                model: "package";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                /** @description units in a package */
                size: number;
                rate: string;
            } | {
                /** @enum {string} */
                model: "flat";
                /** @default flat */
                dimension: string;
                /** @default Monthly fee */
                description: string;
                /** @default month */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "monthly";
                /** @default monthly */
                dimension: string;
                /** @default Monthly fee */
                description: string;
                /** @default month */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "one_time";
                /** @default one_time */
                dimension: string;
                /** @default Set-up fee */
                description: string;
                /** @default set-up */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "annual";
                /** @default Machine for a year */
                description: string;
                /**
                 * @default machine
                 * @enum {string}
                 */
                unit: "machine";
                /** @description for 12 months of one machine, by type; what runs beyond is charged by the hour */
                rates: {
                    [key: string]: string;
                };
            } | {
                /** @enum {string} */
                model: "contract";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                options: {
                    months: number;
                    /** @description for one unit and the whole time */
                    rate: string;
                    /** @description so many equal parts, one a month, or amounts for one unit that sum to the rate; all at once when left out */
                    instalments?: number | {
                        afterMonths: number;
                        amount: string;
                    }[];
                }[];
            } | {
                /** @enum {string} */
                model: "infrastructure";
                /** @default infrastructure */
                dimension: string;
                /** @default Share of infrastructure */
                description: string;
                /**
                 * @default %
                 * @enum {string}
                 */
                unit: "%";
                percent: string;
            })[];
            /** @description what a month of usage costs at least */
            minimumSpend?: string;
            /**
             * Format: date-time
             * @description the start of a UTC day, for an increase of a month; the earliest possible when left out
             */
            effectiveFrom?: string;
        };
        PriceVersion: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            offerId: string;
            /**
             * @description what it is to the prices before it
             * @enum {string}
             */
            change: "first" | "decrease" | "increase";
            /** Format: date-time */
            effectiveFrom: string;
            /**
             * Format: date-time
             * @description when those who had subscribed were told; null for the first prices
             */
            noticeGivenAt: string | null;
            /**
             * Format: date-time
             * @description when it was taken back, before it began
             */
            withdrawnAt: string | null;
            prices: components["schemas"]["Price"][];
            minimumSpend?: string;
        };
        PriceVersionList: {
            items: components["schemas"]["PriceVersion"][];
        };
        NewPrivateOffer: {
            currency: string;
            /** @description the licence text that buyers accept */
            terms: string;
            prices: ({
                /** @enum {string} */
                model: "free";
            } | {
                /** @enum {string} */
                model: "byol";
            } | {
                /** @enum {string} */
                model: "hourly";
                /** @default Running machine */
                description: string;
                /**
                 * @default hour
                 * @enum {string}
                 */
                unit: "hour";
                /** @description for an hour of a machine of any type that has no price of its own */
                rate: string;
                /** @description for an hour of machines of single types, by type */
                rates?: {
                    [key: string]: string;
                };
                /**
                 * @description what running is counted in: each hour begun, or each second as a fraction of the hour
                 * @default hour
                 * @enum {string}
                 */
                increment: "hour" | "second";
                /** @description with increment "second": what each start of a machine costs at least; 60 unless said otherwise */
                minimumSeconds?: number;
                /** @description hours of each month that cost nothing, of types without a price of their own */
                included?: number;
            } | {
                /** @enum {string} */
                model: "metered";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                rate: string;
            } | {
                /** @enum {string} */
                model: "graduated";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                tiers: {
                    /** @description the last unit of the tier, counted from the first of the month; null for the last tier */
                    upTo: number | null;
                    /** @description for one unit */
                    rate: string;
                    /**
                     * @description once, when the tier is entered
                     * @default 0
                     */
                    flat: string;
                }[];
            } | {
                /** @enum {string} */
                model: "volume";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                tiers: {
                    /** @description the last unit of the tier, counted from the first of the month; null for the last tier */
                    upTo: number | null;
                    /** @description for one unit */
                    rate: string;
                    /**
                     * @description once, when the tier is entered
                     * @default 0
                     */
                    flat: string;
                }[];
            } | {
                /** @enum {string} */
                model: "package";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                /** @description units in a package */
                size: number;
                rate: string;
            } | {
                /** @enum {string} */
                model: "flat";
                /** @default flat */
                dimension: string;
                /** @default Monthly fee */
                description: string;
                /** @default month */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "monthly";
                /** @default monthly */
                dimension: string;
                /** @default Monthly fee */
                description: string;
                /** @default month */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "one_time";
                /** @default one_time */
                dimension: string;
                /** @default Set-up fee */
                description: string;
                /** @default set-up */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "annual";
                /** @default Machine for a year */
                description: string;
                /**
                 * @default machine
                 * @enum {string}
                 */
                unit: "machine";
                /** @description for 12 months of one machine, by type; what runs beyond is charged by the hour */
                rates: {
                    [key: string]: string;
                };
            } | {
                /** @enum {string} */
                model: "contract";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                options: {
                    months: number;
                    /** @description for one unit and the whole time */
                    rate: string;
                    /** @description so many equal parts, one a month, or amounts for one unit that sum to the rate; all at once when left out */
                    instalments?: number | {
                        afterMonths: number;
                        amount: string;
                    }[];
                }[];
            } | {
                /** @enum {string} */
                model: "infrastructure";
                /** @default infrastructure */
                dimension: string;
                /** @default Share of infrastructure */
                description: string;
                /**
                 * @default %
                 * @enum {string}
                 */
                unit: "%";
                percent: string;
            })[];
            /** @description what a month of usage costs at least */
            minimumSpend?: string;
            /** @description for a buyer's first subscription to the product */
            trial?: components["schemas"]["Trial"];
            /**
             * @description what subscribers are entitled to, as GetEntitlements says it to your software
             * @default []
             */
            entitlements: components["schemas"]["Entitlement"][];
            /** @description as both of you call it */
            name: string;
            /** @description organisations that may accept it; they find their id in their account */
            buyerIds: string[];
            /**
             * Format: date-time
             * @description until when it can be accepted, exclusive
             */
            expiresAt: string;
            /** @description how long an agreement to it lasts from the day it is accepted; as long as both like when left out */
            months?: number;
            /** @description another vendor here that may sell this offer for you, and is paid its margin with each invoice */
            reseller?: {
                /** Format: uuid */
                organizationId: string;
                /** @description its margin of each invoice line, next to the fee; 1000 is 10 % */
                basisPoints: number;
            };
        };
        PrivateOffer: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            productId: string;
            currency: string;
            terms: string;
            /** @description send it back when you subscribe: it says which text was accepted */
            termsSha256: string;
            prices: components["schemas"]["Price"][];
            /** @description what a month of usage costs at least */
            minimumSpend?: string;
            trial?: components["schemas"]["Trial"];
            /** @description prices that will hold from a later day on */
            announced?: components["schemas"]["AnnouncedPrices"][];
            entitlements: components["schemas"]["Entitlement"][];
            /** Format: date-time */
            createdAt: string;
            name: string;
            product: string;
            vendor: string;
            /** @enum {string} */
            state: "open" | "expired" | "withdrawn";
            /** Format: date-time */
            expiresAt: string;
            /** @description how long an agreement to it lasts */
            months: number | null;
            /** @description whom it is for, as its vendor sees it */
            buyers?: {
                /** Format: uuid */
                id: string;
                name: string;
            }[];
            /** @description who resells it, as its vendor sees it */
            reseller?: {
                /** Format: uuid */
                id: string;
                name: string;
                basisPoints: number;
            } | null;
        };
        PrivateOfferList: {
            items: components["schemas"]["PrivateOffer"][];
        };
        NewCoupon: {
            code: string;
            percent?: string;
            /** @description off each invoice, at most; in minor units of the currency */
            amountMinor?: string;
            /** @description of the amount */
            currency?: string;
            /**
             * Format: uuid
             * @description one of your products; all when left out
             */
            productId?: string;
            /** @description off one dimension; off all that the subscription costs when left out */
            dimension?: string;
            /** @description off so many invoices; off all when left out */
            invoices?: number;
            /**
             * Format: date-time
             * @description until when it can be redeemed, exclusive
             */
            redeemBy?: string;
            mostRedemptions?: number;
        };
        Coupon: {
            /** Format: uuid */
            id: string;
            code: string;
            percent?: string;
            amountMinor?: string;
            currency?: string;
            /** Format: uuid */
            productId: string | null;
            dimension: string | null;
            invoices: number | null;
            /** Format: date-time */
            redeemBy: string | null;
            mostRedemptions: number | null;
            redemptions: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            withdrawnAt: string | null;
        };
        CouponList: {
            items: components["schemas"]["Coupon"][];
        };
        NewRedemption: {
            code: string;
        };
        Redemption: {
            code: string;
            percent?: string;
            amountMinor?: string;
            currency?: string;
            dimension: string | null;
            invoices: number | null;
            /** Format: date-time */
            redeemedAt: string;
        };
        RedemptionList: {
            items: components["schemas"]["Redemption"][];
        };
        ListingList: {
            items: components["schemas"]["ListingSummary"][];
        };
        ListingSummary: {
            /** Format: uuid */
            productId: string;
            slug: string;
            name: string;
            vendor: string;
            summary: string;
            category: string;
            /** @enum {string} */
            state: "public" | "restricted";
            /** Format: date-time */
            listedAt: string;
        };
        Listing: {
            /** Format: uuid */
            productId: string;
            slug: string;
            name: string;
            vendor: string;
            summary: string;
            category: string;
            /** @enum {string} */
            state: "public" | "restricted";
            /** Format: date-time */
            listedAt: string;
            description: string;
            version: {
                /** Format: uuid */
                id: string;
                title: string;
                regions: string[];
                instanceTypes: string[];
                recommendedInstanceType: string | null;
                /** @description what is open besides the URL's port */
                ports: {
                    port: number;
                    /** @enum {string} */
                    protocol: "tcp" | "udp";
                    description: string;
                }[];
                /** @description values that a launch has to give as userData */
                settings: string[];
                /** @description disks for data, which outlive the machine */
                dataVolumes: {
                    name: string;
                    device: string;
                    sizeGib: number;
                    /**
                     * @default gp3
                     * @enum {string}
                     */
                    type: "gp3" | "gp2" | "st1" | "sc1" | "standard";
                    mountPath: string;
                }[];
            };
            offer: components["schemas"]["Offer"];
        };
        NewListing: {
            slug: string;
            summary: string;
            /** @description Markdown */
            description: string;
            /** @enum {string} */
            category: "database" | "developer-tools" | "analytics" | "security" | "networking" | "content" | "business" | "other";
            /**
             * Format: uuid
             * @description the version that new launches run; its image must be ready in every region
             */
            versionId: string;
        };
        NewSubscription: {
            /** Format: uuid */
            offerId: string;
            /** @description of the terms as they were shown; subscribing accepts them */
            termsSha256: string;
            /**
             * @description what you take of contract and annual prices; at least one where there is a contract price
             * @default []
             */
            commitments: components["schemas"]["NewCommitment"][];
            coupon?: string;
        };
        NewCommitment: {
            /** @description of a contract price, or "annual.<type>" of an annual one */
            dimension: string;
            /** @description units, or machines */
            quantity: number;
            /** @description one of the lengths that the price offers; 12 for an annual one */
            months: number;
            /**
             * @description whether each term is followed by another
             * @default false
             */
            renews: boolean;
        };
        Subscription: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            productId: string;
            product: string;
            slug: string | null;
            vendor: string;
            buyer: string;
            /** Format: uuid */
            offerId: string;
            /**
             * Format: uuid
             * @description the prices as accepted
             */
            priceVersionId: string;
            /** @description the terms as accepted */
            termsSha256: string;
            currency: string;
            customerIdentifier: string;
            licenseArn: string;
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            endedAt: string | null;
            /**
             * Format: date-time
             * @description when it ends by itself: with its trial, or with the time a private offer is for
             */
            endsAt: string | null;
            /** @description whether it began with its offer's trial */
            hasTrial: boolean;
            /**
             * Format: date-time
             * @description when you chose to go on after a trial that ends
             */
            trialConvertedAt: string | null;
        };
        SubscriptionList: {
            items: components["schemas"]["Subscription"][];
        };
        RegistrationToken: {
            /** @description the x-amzn-marketplace-token a vendor resolves */
            registrationToken: string;
            /** Format: date-time */
            expiresAt: string;
        };
        Commitment: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            subscriptionId: string;
            /** Format: uuid */
            priceVersionId: string;
            dimension: string;
            quantity: string;
            months: number;
            /** Format: date-time */
            startsAt: string;
            /**
             * Format: date-time
             * @description of the first term
             */
            endsAt: string;
            renews: boolean;
            /** Format: date-time */
            renewalStoppedAt: string | null;
            /**
             * Format: uuid
             * @description the commitment that it ends with
             */
            addedTo: string | null;
            /** @description what the first term costs, and when; each is a line of the invoice of its month */
            instalments: {
                /** Format: date-time */
                dueAt: string;
                amountMinor: string;
            }[];
        };
        CommitmentList: {
            items: components["schemas"]["Commitment"][];
        };
        /** @description so many more, for the rest of the term that runs */
        AddedCommitment: {
            quantity: number;
        };
        NewAwsConnection: {
            accountId: string;
            /**
             * @description what you call it
             * @default AWS
             */
            name: string;
        };
        AwsConnection: {
            /** Format: uuid */
            id: string;
            name: string;
            accountId: string;
            /** @description what the role's trust policy has to ask for; random, and only for this connection */
            externalId: string;
            /** @description the marketplace's AWS account, which the role has to trust */
            platformAccountId: string;
            /** @description null until you have made the role and named it */
            roleArn: string | null;
            /**
             * @description unfinished: no role yet; testing: being tried; ok: machines can run through it; failing: see problems
             * @enum {string}
             */
            state: "unfinished" | "testing" | "ok" | "failing";
            /** @description what is missing, a sentence each */
            problems: string[];
            /** @description where machines can run through it */
            regions: string[];
            /** Format: date-time */
            checkedAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        AwsConnectionList: {
            items: components["schemas"]["AwsConnection"][];
        };
        AwsConnectionRole: {
            roleArn: string;
        };
        NewLaunch: {
            /** Format: uuid */
            subscriptionId: string;
            region: string;
            instanceType: string;
            /**
             * Format: uuid
             * @description run it in your own AWS account, by this connection; without it in the marketplace's
             * @default null
             */
            awsConnectionId: string | null;
            /**
             * @description what you call it
             * @default null
             */
            name: string | null;
            /**
             * @description where it has to be; without one EC2 chooses
             * @default null
             */
            zone: string | null;
            /**
             * @description an EC2 key pair in that account and region, for SSH
             * @default null
             */
            keyName: string | null;
            /**
             * @description a subnet of your own AWS account; the default network without one
             * @default null
             */
            subnetId: string | null;
            /**
             * Format: cidrv4
             * @description whence SSH is open; closed without one
             * @default null
             */
            sshFrom: string | null;
            /**
             * @description say so when sshFrom is every address there is
             * @default false
             */
            sshFromAnywhere: boolean;
            /**
             * @description spread: on other hardware than the rest of the fleet, or than your other machines of the product; partition: in racks of its own partition
             * @default none
             * @enum {string}
             */
            placement: "none" | "spread" | "partition";
            /**
             * @description spot: at a lower price, and taken back by AWS at two minutes’ notice; another machine then takes its place
             * @default on-demand
             * @enum {string}
             */
            market: "on-demand" | "spot";
            /**
             * @description for cost allocation: put on the machine and its volumes
             * @default {}
             */
            tags: {
                [key: string]: string;
            };
            /**
             * @description the product's settings, by name; not shown again
             * @default {}
             */
            userData: {
                [key: string]: string;
            };
            /**
             * @description whether its data volumes are snapshotted when it ends
             * @default false
             */
            snapshotOnEnd: boolean;
            /**
             * @description what becomes of its data volumes when it ends
             * @default delete
             * @enum {string}
             */
            volumesOnEnd: "delete" | "keep";
            /**
             * @description how often its data volumes are snapshotted; never without it
             * @default null
             */
            snapshotEveryHours: number | null;
            /**
             * @description how many of those are kept of each volume; the oldest go first
             * @default 7
             */
            snapshotsKept: number;
        };
        Launch: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            subscriptionId: string;
            product: string;
            version: string;
            region: string;
            instanceType: string;
            name: string | null;
            /** @description as asked for */
            zone: string | null;
            keyName: string | null;
            subnetId: string | null;
            sshFrom: string | null;
            /** @enum {string} */
            placement: "none" | "spread" | "partition";
            /** @enum {string} */
            market: "on-demand" | "spot";
            tags: {
                [key: string]: string;
            };
            /** @description which of the product's settings were given */
            settings: string[];
            ending: components["schemas"]["Ending"];
            snapshotSchedule: components["schemas"]["SnapshotSchedule"];
            /**
             * Format: uuid
             * @description the connection that it runs through; null: the marketplace's own account
             */
            awsConnectionId: string | null;
            /** @description why that connection does not work at the moment */
            connectionProblem: string | null;
            /** @enum {string} */
            desired: "running" | "stopped" | "terminated";
            /** Format: date-time */
            desiredAt: string;
            /**
             * Format: date-time
             * @description when a reboot was last asked for
             */
            rebootAt: string | null;
            /** @enum {string} */
            state: "accepted" | "planned" | "pending" | "running" | "healthy" | "stopping" | "stopped" | "terminating" | "terminated" | "failed";
            /** @description where the appliance answers, once it is healthy */
            url: string | null;
            /**
             * Format: uuid
             * @description its machine now; another one after that was lost
             */
            instanceId: string | null;
            ec2InstanceId: string | null;
            failure: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            launchedAt: string | null;
            /** Format: date-time */
            healthyAt: string | null;
            /** Format: date-time */
            terminatedAt: string | null;
        };
        Ending: {
            /** @description whether its data volumes are snapshotted first */
            snapshot: boolean;
            /**
             * @description what becomes of them then
             * @enum {string}
             */
            volumes: "delete" | "keep";
        };
        SnapshotSchedule: {
            /** @description how often its data volumes are snapshotted; null: never */
            everyHours: number | null;
            /** @description how many of those are kept of each volume; the oldest go first, the newest that is good never */
            kept: number;
        };
        LaunchList: {
            items: components["schemas"]["Launch"][];
        };
        DesiredState: {
            /** @enum {string} */
            state: "running" | "stopped";
        };
        NewFleet: {
            /** Format: uuid */
            subscriptionId: string;
            region: string;
            instanceType: string;
            /**
             * Format: uuid
             * @description run it in your own AWS account, by this connection; without it in the marketplace's
             * @default null
             */
            awsConnectionId: string | null;
            /**
             * @description what you call it
             * @default null
             */
            name: string | null;
            /**
             * @description where it has to be; without one EC2 chooses
             * @default null
             */
            zone: string | null;
            /**
             * @description an EC2 key pair in that account and region, for SSH
             * @default null
             */
            keyName: string | null;
            /**
             * @description a subnet of your own AWS account; the default network without one
             * @default null
             */
            subnetId: string | null;
            /**
             * Format: cidrv4
             * @description whence SSH is open; closed without one
             * @default null
             */
            sshFrom: string | null;
            /**
             * @description say so when sshFrom is every address there is
             * @default false
             */
            sshFromAnywhere: boolean;
            /**
             * @description spread: on other hardware than the rest of the fleet, or than your other machines of the product; partition: in racks of its own partition
             * @default none
             * @enum {string}
             */
            placement: "none" | "spread" | "partition";
            /**
             * @description spot: at a lower price, and taken back by AWS at two minutes’ notice; another machine then takes its place
             * @default on-demand
             * @enum {string}
             */
            market: "on-demand" | "spot";
            /**
             * @description for cost allocation: put on the machine and its volumes
             * @default {}
             */
            tags: {
                [key: string]: string;
            };
            /**
             * @description the product's settings, by name; not shown again
             * @default {}
             */
            userData: {
                [key: string]: string;
            };
            /**
             * @description the fewest machines it may have
             * @default 1
             */
            min: number;
            /** @description the most machines it may have, schedules included */
            max: number;
            /**
             * @description so many, whatever is reported; null lets the target decide
             * @default null
             */
            fixed: number | null;
            /**
             * @description needs a version that reports metrics
             * @default null
             */
            target: components["schemas"]["FleetTarget"] | null;
            /**
             * @description other bounds in weekly windows; where windows overlap, the largest min and the largest max of them
             * @default []
             */
            schedules: components["schemas"]["FleetSchedule"][];
            /**
             * @description between two steps out
             * @default 60
             */
            scaleOutSeconds: number;
            /**
             * @description how long fewer machines have to be enough, and how long after any step, before there are fewer
             * @default 300
             */
            scaleInSeconds: number;
            /**
             * @description the most it may cost an hour, in the subscription's currency: software, and machines where their price is known
             * @default null
             */
            hourlyCeiling: string | null;
            /**
             * @description how long all machines have to be idle before there are none; null for never; needs a target and min 0
             * @default null
             */
            idleMinutes: number | null;
            /**
             * @description how long a machine may finish its work before it goes; it is not metered meanwhile
             * @default 120
             */
            drainSeconds: number;
        };
        FleetTarget: {
            /** @description a number that the appliance reports, by its name there */
            metric: string;
            /** @description how much of it one machine shall have */
            perMachine: number;
            /**
             * @description machine: each reports its own part, they add up; fleet: all report the same whole, such as a queue they share
             * @default machine
             * @enum {string}
             */
            scope: "machine" | "fleet";
            /**
             * @description a machine that reports this or less is idle
             * @default 0
             */
            idleAt: number;
        };
        FleetSchedule: {
            days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
            from: string;
            /** @description exclusive; not after `from`: on the next day */
            to: string;
            /** @default UTC */
            timeZone: string;
            min: number;
            max: number;
        };
        Fleet: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            subscriptionId: string;
            product: string;
            version: string;
            name: string | null;
            /** Format: uuid */
            awsConnectionId: string | null;
            /** @description why that connection does not work at the moment */
            connectionProblem: string | null;
            region: string;
            zone: string | null;
            instanceType: string;
            keyName: string | null;
            subnetId: string | null;
            sshFrom: string | null;
            /** @enum {string} */
            placement: "none" | "spread" | "partition";
            /** @enum {string} */
            market: "on-demand" | "spot";
            tags: {
                [key: string]: string;
            };
            /** @description which of the product's settings were given */
            settings: string[];
            /** @description the fewest machines it may have */
            min: number;
            /** @description the most machines it may have, schedules included */
            max: number;
            /** @description so many, whatever is reported; null lets the target decide */
            fixed: number | null;
            /** @description needs a version that reports metrics */
            target: components["schemas"]["FleetTarget"] | null;
            /** @description other bounds in weekly windows; where windows overlap, the largest min and the largest max of them */
            schedules: components["schemas"]["FleetSchedule"][];
            /** @description between two steps out */
            scaleOutSeconds: number;
            /** @description how long fewer machines have to be enough, and how long after any step, before there are fewer */
            scaleInSeconds: number;
            /** @description the most it may cost an hour, in the subscription's currency: software, and machines where their price is known */
            hourlyCeiling: string | null;
            /** @description how long all machines have to be idle before there are none; null for never; needs a target and min 0 */
            idleMinutes: number | null;
            /** @description how long a machine may finish its work before it goes; it is not metered meanwhile */
            drainSeconds: number;
            /** @description of the ceiling */
            currency: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            changedAt: string;
            /** Format: date-time */
            wakeRequestedAt: string | null;
            /** Format: date-time */
            endedAt: string | null;
            /** @description what the launcher made of it */
            state: {
                /** @description how many machines it shall have now; null until it was looked at */
                desired: number | null;
                why: string;
                /** @description that are not gone, those on their way in or out included */
                machines: number;
                /** @description that take work */
                healthy: number;
                draining: number;
                /** @description the target's metric over all machines, as far as they report it */
                load: number | null;
                /**
                 * Format: date-time
                 * @description when it last grew or shrank
                 */
                scaledAt: string | null;
                /** Format: date-time */
                asleepSince: string | null;
                /**
                 * Format: date-time
                 * @description when it was last looked at
                 */
                decidedAt: string | null;
            };
        };
        FleetList: {
            items: components["schemas"]["Fleet"][];
        };
        FleetMachineList: {
            items: components["schemas"]["FleetMachine"][];
        };
        FleetMachine: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            state: "planned" | "pending" | "running" | "healthy" | "stopping" | "stopped" | "terminating" | "terminated" | "failed";
            ec2InstanceId: string | null;
            zone: string | null;
            url: string | null;
            failure: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            healthyAt: string | null;
            /**
             * Format: date-time
             * @description since when it takes no new work and is not metered
             */
            drainingAt: string | null;
            /** Format: date-time */
            terminatedAt: string | null;
        };
        FleetChange: {
            /** @description the fewest machines it may have */
            min?: number;
            /** @description the most machines it may have, schedules included */
            max?: number;
            /** @description so many, whatever is reported; null lets the target decide */
            fixed?: number | null;
            /** @description needs a version that reports metrics */
            target?: components["schemas"]["FleetTarget"] | null;
            /** @description other bounds in weekly windows; where windows overlap, the largest min and the largest max of them */
            schedules?: components["schemas"]["FleetSchedule"][];
            /** @description between two steps out */
            scaleOutSeconds?: number;
            /** @description how long fewer machines have to be enough, and how long after any step, before there are fewer */
            scaleInSeconds?: number;
            /** @description the most it may cost an hour, in the subscription's currency: software, and machines where their price is known */
            hourlyCeiling?: string | null;
            /** @description how long all machines have to be idle before there are none; null for never; needs a target and min 0 */
            idleMinutes?: number | null;
            /** @description how long a machine may finish its work before it goes; it is not metered meanwhile */
            drainSeconds?: number;
        };
        Estimate: {
            /** Format: uuid */
            productId: string;
            /** Format: uuid */
            offerId: string;
            /** Format: uuid */
            priceVersionId: string;
            region: string;
            instanceType: string;
            machines: number;
            hoursPerMonth: number;
            software: {
                currency: string;
                lines: {
                    dimension: string;
                    description: string;
                    unit: string;
                    /** @description of a unit; null where there is no single one, as with tiers */
                    rate: string | null;
                    /** @description in a month, in units */
                    quantity: string;
                    /** @description false: no quantity was given, so it is counted as none */
                    isGiven: boolean;
                    /** @description of an hour in which the machines run; null for what does not follow from running */
                    perHour: string | null;
                    /** @description major units, exact */
                    perMonth: string;
                }[];
                /** @description major units, exact */
                perHour: string;
                /** @description major units, exact */
                perMonth: string;
            };
            infrastructure: {
                /** @description the offer's where AWS's prices are known in it; nothing is converted */
                currency: string | null;
                lines: {
                    /** @enum {string} */
                    kind: "instance" | "volume" | "snapshot";
                    type: string;
                    /** @description GiB of a volume or of snapshots, 1 for a machine; of each machine */
                    amount: string;
                    /** @description for an hour of a machine, for a month of a GiB; null when it is not known */
                    rate: string | null;
                    /** @description where the price was read */
                    source: string | null;
                    /** Format: date-time */
                    effectiveFrom: string | null;
                    /** @description of an hour in which the machines run; null for what does not follow from running */
                    perHour: string | null;
                    /** @description major units, exact */
                    perMonth: string | null;
                }[];
                /** @description null when a price by the hour is not known */
                perHour: string | null;
                /** @description null when a price is not known */
                perMonth: string | null;
            };
            /** @description null when a price is not known or the currencies differ */
            total: {
                currency: string;
                /** @description major units, exact */
                perHour: string;
                /** @description major units, exact */
                perMonth: string;
            } | null;
        };
        NewSnippet: {
            /** Format: uuid */
            subscriptionId: string;
            region: string;
            instanceType: string;
            /**
             * Format: uuid
             * @description run it in your own AWS account, by this connection; without it in the marketplace's
             * @default null
             */
            awsConnectionId: string | null;
            /**
             * @description what you call it
             * @default null
             */
            name: string | null;
            /**
             * @description where it has to be; without one EC2 chooses
             * @default null
             */
            zone: string | null;
            /**
             * @description an EC2 key pair in that account and region, for SSH
             * @default null
             */
            keyName: string | null;
            /**
             * @description a subnet of your own AWS account; the default network without one
             * @default null
             */
            subnetId: string | null;
            /**
             * Format: cidrv4
             * @description whence SSH is open; closed without one
             * @default null
             */
            sshFrom: string | null;
            /**
             * @description say so when sshFrom is every address there is
             * @default false
             */
            sshFromAnywhere: boolean;
            /**
             * @description spread: on other hardware than the rest of the fleet, or than your other machines of the product; partition: in racks of its own partition
             * @default none
             * @enum {string}
             */
            placement: "none" | "spread" | "partition";
            /**
             * @description spot: at a lower price, and taken back by AWS at two minutes’ notice; another machine then takes its place
             * @default on-demand
             * @enum {string}
             */
            market: "on-demand" | "spot";
            /**
             * @description for cost allocation: put on the machine and its volumes
             * @default {}
             */
            tags: {
                [key: string]: string;
            };
            /**
             * @description the product's settings, by name; not shown again
             * @default {}
             */
            userData: {
                [key: string]: string;
            };
            /**
             * @description whether its data volumes are snapshotted when it ends
             * @default false
             */
            snapshotOnEnd: boolean;
            /**
             * @description what becomes of its data volumes when it ends
             * @default delete
             * @enum {string}
             */
            volumesOnEnd: "delete" | "keep";
            /**
             * @description how often its data volumes are snapshotted; never without it
             * @default null
             */
            snapshotEveryHours: number | null;
            /**
             * @description how many of those are kept of each volume; the oldest go first
             * @default 7
             */
            snapshotsKept: number;
            /** @enum {string} */
            format: "cloudformation-yaml" | "cloudformation-json" | "terraform" | "aws-cli";
        };
        Snippet: {
            /** @enum {string} */
            format: "cloudformation-yaml" | "cloudformation-json" | "terraform" | "aws-cli";
            fileName: string;
            text: string;
            region: string;
            /** @description the image in that region: an AWS account has to have it shared with it, which GET /v1/image-shares tells */
            imageId: string;
        };
        ImageList: {
            items: components["schemas"]["Image"][];
        };
        Image: {
            /**
             * Format: uuid
             * @description null until its turn has come
             */
            id: string | null;
            region: string;
            /** @enum {string} */
            state: "waiting" | "copying" | "testing" | "ready" | "rejected";
            /** @description per cent of the copy; null where EC2 does not say */
            progress: number | null;
            /** @description no longer offered there; what runs keeps running */
            restricted: boolean;
            /** @description what was tested once it is ready; launches take nothing else */
            amiId: string | null;
            /** @description what that is made of */
            snapshotIds: string[];
            /** @description sha256:…, where the description of the vendor's image has one */
            sourceDigest: string | null;
            /** @description the latest result of each control, over all runs */
            checks: {
                /** @enum {string} */
                control: "exists" | "available" | "ebs_root" | "hvm" | "architecture" | "unencrypted" | "ena" | "imds_v2" | "product_codes" | "root_size" | "supported_os" | "copies" | "boots" | "imds_v2_only" | "ssh_passwords" | "ssh_root" | "default_credentials" | "open_ports" | "unchanged" | "authorized_keys" | "shell_history";
                /** @enum {string} */
                result: "PASS" | "FAIL" | "NOT_EXECUTED";
                reason: string;
            }[];
            /** @description why it is not sold in this region */
            rejection: string | null;
            /** Format: date-time */
            readyAt: string | null;
        };
        ImageShareList: {
            items: components["schemas"]["ImageShare"][];
        };
        ImageShare: {
            /** Format: uuid */
            productId: string;
            product: string;
            version: string;
            region: string;
            /** @description EC2's id of the image, which the account may launch */
            imageId: string;
            /** @description the AWS account that it is shared with */
            accountId: string;
            /** @enum {string} */
            state: "sharing" | "shared" | "unsharing" | "refused";
            /** @description why EC2 does not share it with this account */
            failure: string | null;
            /** Format: date-time */
            since: string;
        };
        ImageScanList: {
            items: components["schemas"]["ImageScan"][];
        };
        ImageScan: {
            /** Format: uuid */
            id: string;
            /**
             * @description first: before it is sold; again: while it is
             * @enum {string}
             */
            reason: "first" | "again";
            /** @description whether a machine was part of it */
            bootTest: boolean;
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            endedAt: string | null;
            /** @description null while it is under way */
            passed: boolean | null;
            failure: string | null;
            checks: {
                /** @enum {string} */
                control: "exists" | "available" | "ebs_root" | "hvm" | "architecture" | "unencrypted" | "ena" | "imds_v2" | "product_codes" | "root_size" | "supported_os" | "copies" | "boots" | "imds_v2_only" | "ssh_passwords" | "ssh_root" | "default_credentials" | "open_ports" | "unchanged" | "authorized_keys" | "shell_history";
                /** @enum {string} */
                result: "PASS" | "FAIL" | "NOT_EXECUTED";
                reason: string;
            }[];
        };
        ImageNoticeList: {
            items: components["schemas"]["ImageNotice"][];
        };
        ImageNotice: {
            /** Format: uuid */
            id: string;
            /**
             * @description scan_failed: a control fails that passed before; other_image_runs: a machine runs something else than what was tested
             * @enum {string}
             */
            kind: "scan_failed" | "other_image_runs";
            /** Format: uuid */
            imageId: string;
            /** Format: uuid */
            versionId: string;
            version: string;
            /** Format: uuid */
            productId: string;
            product: string;
            region: string;
            /**
             * Format: uuid
             * @description the run that found it
             */
            scanId: string | null;
            /**
             * Format: uuid
             * @description the machine that it is about
             */
            instanceId: string | null;
            reason: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            resolvedAt: string | null;
        };
        InstanceList: {
            items: components["schemas"]["Instance"][];
        };
        Instance: {
            /** Format: uuid */
            id: string;
            /**
             * @description outside: started by its buyer with other tools from a shared image; metered as any other, and otherwise left alone
             * @enum {string}
             */
            origin: "launched" | "outside";
            /**
             * Format: uuid
             * @description the launch it serves; null for a machine of a fleet, and for one from outside
             */
            launchId: string | null;
            /**
             * Format: uuid
             * @description the fleet it is a member of; null for the machine of a launch
             */
            fleetId: string | null;
            /** Format: uuid */
            subscriptionId: string;
            /** Format: uuid */
            productId: string;
            product: string;
            region: string;
            /** @description where EC2 put it */
            zone: string | null;
            instanceType: string;
            /** @enum {string} */
            state: "planned" | "pending" | "running" | "healthy" | "stopping" | "stopped" | "terminating" | "terminated" | "failed";
            ec2InstanceId: string | null;
            /** @description what it was launched from: the version's image that was tested in its region */
            amiId: string | null;
            /** @description whether EC2 says that it runs that image; null until it was seen */
            runsTestedImage: boolean | null;
            /** @description shown to the buyer only */
            publicAddress: string | null;
            /** @description where the appliance answers, once it is healthy; shown to the buyer only */
            url: string | null;
            failure: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            launchedAt: string | null;
            /** Format: date-time */
            healthyAt: string | null;
            /** Format: date-time */
            terminatedAt: string | null;
            /**
             * Format: date-time
             * @description when EC2 was last asked about it
             */
            observedAt: string | null;
        };
        ConsoleOutput: {
            /** @description null while the machine has written nothing */
            output: string | null;
        };
        ProgressEvent: {
            /** Format: date-time */
            at: string;
            /** @description one word for programs: accepted, pending, running, healthy, failed, waiting, console, … */
            kind: string;
            /** @description a sentence for a person, with what to do next where there is anything */
            message: string;
            /**
             * Format: uuid
             * @description the machine that it tells of
             */
            instanceId: string | null;
        };
        VolumeList: {
            items: components["schemas"]["Volume"][];
        };
        Volume: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            launchId: string | null;
            name: string;
            device: string;
            sizeGib: number;
            type: string;
            region: string;
            zone: string | null;
            /**
             * Format: uuid
             * @description the connection to the account that it is in; null: the marketplace's own
             */
            awsConnectionId: string | null;
            ec2VolumeId: string | null;
            /** @enum {string} */
            state: "planned" | "creating" | "available" | "attaching" | "attached" | "detaching" | "lost" | "released" | "deleted";
            /**
             * @description attached: on its launch’s machine; kept: without one; released: yours; deleted
             * @enum {string}
             */
            wanted: "attached" | "kept" | "released" | "deleted";
            /**
             * Format: uuid
             * @description the machine that holds it
             */
            instanceId: string | null;
            failure: string | null;
            /** @description the AWS account that it was handed to */
            releasedTo: string | null;
            /** @description EC2’s id of the snapshot that was taken last before it was let go */
            snapshotId: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            endedAt: string | null;
        };
        ReleaseVolume: {
            /** @description to whom a volume in the marketplace's account is handed; your organisation's own account unless said otherwise */
            awsAccountId?: string;
        };
        SnapshotList: {
            items: components["schemas"]["Snapshot"][];
        };
        Snapshot: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            launchId: string | null;
            /** Format: uuid */
            volumeId: string;
            /** @description the name of its volume */
            volume: string;
            sizeGib: number;
            region: string;
            /**
             * Format: uuid
             * @description the connection to the account that it is in; null: the marketplace's own
             */
            awsConnectionId: string | null;
            ec2SnapshotId: string | null;
            /**
             * @description by schedule; asked for; before an upgrade; before its volume went
             * @enum {string}
             */
            reason: "scheduled" | "asked" | "upgrade" | "final";
            /** @enum {string} */
            state: "planned" | "pending" | "completed" | "failed" | "deleting" | "deleted";
            /** @description per cent */
            progress: number;
            failure: string | null;
            /** @description the AWS account that may make volumes of it */
            sharedWith: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            completedAt: string | null;
            /** Format: date-time */
            deletedAt: string | null;
        };
        NewRestore: {
            /**
             * Format: uuid
             * @description one of yours, in the same region and account, of a volume no larger
             */
            snapshotId: string;
            /**
             * @description what becomes of the old volume once the machine is healthy with the new one
             * @default keep
             * @enum {string}
             */
            oldVolume: "keep" | "delete";
            /**
             * @description how long the machine may take to be healthy, before the old volume is put back
             * @default 900
             */
            patienceSeconds: number;
        };
        Restore: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            launchId: string;
            /**
             * Format: uuid
             * @description the old volume
             */
            volumeId: string;
            /**
             * Format: uuid
             * @description the one that is made of the snapshot
             */
            newVolumeId: string;
            /** Format: uuid */
            snapshotId: string;
            /** @enum {string} */
            oldVolume: "keep" | "delete";
            patienceSeconds: number;
            /**
             * @description done: the machine is healthy with the new volume; undone: it is not, and failure says why
             * @enum {string}
             */
            state: "restoring" | "done" | "undone";
            failure: string | null;
            /** Format: date-time */
            askedAt: string;
            /** Format: date-time */
            endedAt: string | null;
        };
        RestoreList: {
            items: components["schemas"]["Restore"][];
        };
        RestoreTest: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            launchId: string;
            /** Format: uuid */
            snapshotId: string;
            /**
             * Format: uuid
             * @description of the version that was started on it
             */
            versionId: string;
            region: string;
            instanceType: string;
            /** @description what its disks were made of: the snapshot, and of other volumes the newest that is good; null: an empty disk */
            disks: {
                name: string;
                device: string;
                sizeGib: number;
                /** Format: uuid */
                snapshotId: string | null;
            }[];
            /** @enum {string} */
            state: "running" | "passed" | "failed";
            /** @description what came of it, in a sentence */
            finding: string | null;
            /** Format: date-time */
            askedAt: string;
            /**
             * Format: date-time
             * @description when EC2 was asked for its machine
             */
            startedAt: string | null;
            /** Format: date-time */
            endedAt: string | null;
            /** @description from asking EC2 for the machine to an appliance that is well */
            secondsToHealthy: number | null;
            /**
             * Format: date-time
             * @description when nothing of it was left in EC2
             */
            cleanedAt: string | null;
        };
        RestoreTestList: {
            items: components["schemas"]["RestoreTest"][];
        };
        NewUpgrade: {
            /** Format: uuid */
            launchId: string;
            /**
             * Format: uuid
             * @description the version that its product is sold in now
             */
            versionId: string;
            /**
             * @description how long the new version may take to be healthy, before everything goes back
             * @default 900
             */
            patienceSeconds: number;
        };
        Upgrade: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            launchId: string;
            /** Format: uuid */
            fromVersionId: string;
            /** Format: uuid */
            toVersionId: string;
            /**
             * @description preparing: the old machine ends and its data is snapshotted; replacing: the new version comes up; failed: neither version is well, and failure says why
             * @enum {string}
             */
            state: "preparing" | "replacing" | "rolling-back" | "done" | "rolled-back" | "failed";
            /** @description why it went back */
            failure: string | null;
            patienceSeconds: number;
            /** @description of the data, before */
            snapshots: {
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                volumeId: string;
                state: string;
            }[];
            /** Format: date-time */
            askedAt: string;
            /**
             * Format: date-time
             * @description when its state was entered
             */
            stepAt: string;
            /** Format: date-time */
            endedAt: string | null;
        };
        UpgradeList: {
            items: components["schemas"]["Upgrade"][];
        };
        NewFleetUpgrade: {
            /** Format: uuid */
            fleetId: string;
            /**
             * Format: uuid
             * @description the version that its product is sold in now
             */
            versionId: string;
            /**
             * @description how long each machine may take to be healthy, before everything goes back
             * @default 900
             */
            patienceSeconds: number;
        };
        FleetUpgrade: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            fleetId: string;
            /** Format: uuid */
            fromVersionId: string;
            /** Format: uuid */
            toVersionId: string;
            /**
             * @description failed: it could not go back either, and failure says why
             * @enum {string}
             */
            state: "replacing" | "rolling-back" | "done" | "rolled-back" | "failed";
            /** @description why it went back */
            failure: string | null;
            patienceSeconds: number;
            /** @description machines that still have to be replaced */
            remaining: number;
            /** @description the machines that were launched for it, in their order; those on the way back as well */
            replacements: {
                /** Format: uuid */
                instanceId: string;
                /** Format: uuid */
                replaces: string;
                /** Format: uuid */
                versionId: string;
                state: string;
                failure: string | null;
                /** Format: date-time */
                createdAt: string;
                /** Format: date-time */
                healthyAt: string | null;
            }[];
            /** Format: date-time */
            askedAt: string;
            /**
             * Format: date-time
             * @description when its state was entered
             */
            stepAt: string;
            /** Format: date-time */
            endedAt: string | null;
        };
        FleetUpgradeList: {
            items: components["schemas"]["FleetUpgrade"][];
        };
        InfrastructurePriceImport: {
            added: number;
            /** @description prices that were known already: the same list again adds nothing */
            unchanged: number;
        };
        InfrastructurePriceList: {
            items: components["schemas"]["InfrastructurePrice"][];
        };
        InfrastructurePrice: {
            region: string;
            /** @enum {string} */
            kind: "instance" | "volume" | "snapshot";
            type: string;
            currency: string;
            /** @description major units: for an hour of an instance, for a month of a GiB of a volume or a snapshot */
            rate: string;
            /** Format: date-time */
            effectiveFrom: string;
            source: string;
        };
        InfrastructureCost: {
            /** Format: uuid */
            subscriptionId: string;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            /** @description one for each currency that prices are in: the sum of seconds × price of the hour, rounded once */
            totals: {
                currency: string;
                /** @description major units, rounded once to twelve decimals */
                amount: string;
                /** @description what the machines that run now cost by the hour */
                perHour: string;
            }[];
            /** @description seconds that ran and for which no price is known: not in the amount, and not free */
            unpricedSeconds: string;
            /** @description the machines that ran, the newest first, 1,000 at most; the totals are of all */
            instances: {
                /** Format: uuid */
                id: string;
                /**
                 * Format: uuid
                 * @description null for a machine of a fleet
                 */
                launchId: string | null;
                region: string;
                instanceType: string;
                state: string;
                ec2InstanceId: string | null;
                /** @description null when no price is known */
                currency: string | null;
                /** @description major units, rounded once to twelve decimals */
                amount: string;
                /** @description while it runs: the price of this hour */
                perHour: string | null;
                /** @description seconds that ran and for which no price is known: not in the amount, and not free */
                unpricedSeconds: string;
                lines: {
                    seconds: string;
                    /** @description major units for an hour */
                    rate: string;
                    /** @description major units, rounded once to twelve decimals */
                    amount: string;
                    /** Format: date-time */
                    effectiveFrom: string;
                    source: string;
                }[];
            }[];
        };
        StrayList: {
            items: components["schemas"]["Stray"][];
        };
        Stray: {
            /** Format: uuid */
            id: string;
            /**
             * @description ended: made by us, and nobody wants it any more. unknown: looks like ours. unentitled: runs a product without a subscription. outside: started by its buyer with other tools, and metered. unseen: nobody has seen it for long
             * @enum {string}
             */
            kind: "ended" | "unknown" | "unentitled" | "outside" | "unseen";
            /** @description 12 digits, or platform for the marketplace's own */
            account: string;
            region: string;
            ec2InstanceId: string | null;
            /**
             * Format: uuid
             * @description as GET /v1/instances shows it
             */
            instanceId: string | null;
            imageId: string | null;
            /** Format: uuid */
            buyerId: string | null;
            /** Format: uuid */
            productId: string | null;
            /** Format: uuid */
            subscriptionId: string | null;
            reason: string;
            /** Format: date-time */
            foundAt: string;
            /** Format: date-time */
            seenAt: string;
            /**
             * Format: date-time
             * @description when EC2 was told to terminate it
             */
            endToldAt: string | null;
            /**
             * Format: date-time
             * @description when it was found to be so no longer
             */
            resolvedAt: string | null;
        };
        VendorKeyUses: {
            items: {
                accessKeyId: string;
                /**
                 * Format: date-time
                 * @description to the minute
                 */
                lastUsedAt: string;
            }[];
        };
        IdentityProof: components["schemas"]["DocumentProof"] | components["schemas"]["CallerProof"];
        DocumentProof: {
            /** @description latest/dynamic/instance-identity/document, as it came */
            identityDocument: string;
            /** @description latest/dynamic/instance-identity/rsa2048: PKCS #7 in base64, the document inside */
            signature: string;
            /** @description a secret the machine made; the first one it shows is the only one it may show from then on */
            nonce: string;
        };
        CallerProof: {
            /** @description a GetCallerIdentity signed with the credentials of the machine's role; it is sent on to STS */
            callerIdentity: {
                /**
                 * Format: uri
                 * @description STS of the machine's region
                 */
                url: string;
                /** @description as signed, with x-slipway-server-id among the signed ones */
                headers: {
                    [key: string]: string;
                };
                body: string;
            };
        };
        InstanceCredentials: {
            /** @enum {number} */
            Version: 1;
            AccessKeyId: string;
            SecretAccessKey: string;
            SessionToken: string;
            /** Format: date-time */
            Expiration: string;
        };
        Usage: {
            /** @description by subscription, hour, source and dimension */
            items: components["schemas"]["AcceptedUsage"][];
            /** @description of the next page; null when this is the last. A page may hold fewer records than the limit, even none */
            nextCursor: string | null;
            /** @description sums of all records and adjustments of one subscription, whatever the limit; with its first page, and not for several subscriptions */
            days: {
                /** Format: date */
                day: string;
                dimension: string;
                quantity: string;
                /**
                 * @description how far the money has come: available is what the vendor can be paid of it, paid what was sent to the vendor
                 * @enum {string}
                 */
                moneyState: "metered" | "rated" | "invoiced" | "collected" | "available" | "paid";
            }[];
        };
        AcceptedUsage: {
            /**
             * Format: uuid
             * @description MeteringRecordId on the AWS wire
             */
            recordId: string;
            /** Format: uuid */
            subscriptionId: string;
            /**
             * Format: date-time
             * @description start of the hour of use, UTC
             */
            hour: string;
            /** Format: date */
            day: string;
            /**
             * @description a machine of the buyer's, or the vendor's own account
             * @enum {string}
             */
            source: "instance" | "vendor";
            /**
             * Format: uuid
             * @description the machine's id, or the subscription's
             */
            sourceId: string;
            dimension: string;
            quantity: string;
            allocations: {
                quantity: string;
                tags: {
                    key: string;
                    value: string;
                }[];
            }[];
            /**
             * @description how far the money has come: available is what the vendor can be paid of it, paid what was sent to the vendor
             * @enum {string}
             */
            moneyState: "metered" | "rated" | "invoiced" | "collected" | "available" | "paid";
            /** Format: date-time */
            receivedAt: string;
        };
        UsageReports: {
            records: {
                /** Format: uuid */
                subscriptionId?: string;
                licenseArn?: string;
                productCode?: string;
                customerIdentifier?: string;
                customerAwsAccountId?: string;
                /** @description any time in the hour of use */
                at: string | number;
                dimension: string;
                quantity: number | string;
                /** @description EC2's id of a machine of the subscription's, or ours */
                instanceId?: string;
                /** @description how the quantity divides; the parts add up to it, and each has another set of tags */
                allocations?: {
                    quantity: number | string;
                    /** @default [] */
                    tags: {
                        key: string;
                        value: string;
                    }[];
                }[];
            }[];
        };
        UsageReportResults: {
            results: components["schemas"]["UsageReportResult"][];
        };
        UsageReportResult: {
            /** @description place of the record in the request */
            index: number;
            /**
             * @description conflict: another quantity stands for this hour, and stays; rejected: nothing was recorded
             * @enum {string}
             */
            status: "accepted" | "repeated" | "conflict" | "rejected";
            /**
             * Format: uuid
             * @description the record that stands for the hour; also of a conflict
             */
            recordId?: string;
            /** @description why it is a conflict or was rejected */
            code?: string;
            detail?: string;
        };
        NewUsageCorrection: {
            /** Format: uuid */
            subscriptionId: string;
            /**
             * Format: date-time
             * @description the hour of use that is corrected, by its start
             */
            hour: string;
            dimension: string;
            /** @description what is added to the hour; negative where the buyer pays less */
            delta: number;
            /** @description seen by both sides */
            reason: string;
        };
        UsageCorrection: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            subscriptionId: string;
            /** Format: uuid */
            productId: string;
            /** Format: date-time */
            hour: string;
            dimension: string;
            delta: string;
            reason: string;
            /**
             * @description only what is approved counts
             * @enum {string}
             */
            state: "proposed" | "approved" | "refused" | "withdrawn";
            /** Format: date-time */
            proposedAt: string;
            /** @description the vendor's person; null for an API key, and for the buyer */
            proposedBy: string | null;
            /** Format: date-time */
            decidedAt: string | null;
            /**
             * @description who approved, refused or withdrew it
             * @enum {string|null}
             */
            decidedKind: "buyer" | "vendor" | "operator" | null;
            /** @description the person, where it is one of your own company; the operator sees everybody */
            decidedBy: string | null;
            /** @description what whoever decided had to say */
            note: string;
        };
        UsageCorrectionList: {
            /** @description newest first, at most 200 */
            items: components["schemas"]["UsageCorrection"][];
        };
        CorrectionDecision: {
            /** @enum {string} */
            decision: "approved" | "refused";
            /** @default  */
            note: string;
        };
        InstanceToConfirm: {
            productCode: string;
            instanceId: string;
            /** @description looked for in all regions when not given */
            region?: string;
        };
        InstanceConfirmation: {
            /** @enum {boolean} */
            confirmed: true;
            /** @description the AWS account that the machine runs in */
            ownerId: string | null;
            /** Format: uuid */
            subscriptionId: string;
            customerIdentifier: string;
            /** @enum {string} */
            state: "planned" | "pending" | "running" | "healthy" | "stopping" | "stopped" | "terminating" | "terminated" | "failed";
        } | {
            /** @enum {boolean} */
            confirmed: false;
        };
        Heartbeat: {
            /** Format: uuid */
            instanceId: string;
            /**
             * Format: date-time
             * @description written down once a minute at most
             */
            lastAliveAt: string;
        };
        SilenceList: {
            /** @description newest first, at most 200 */
            items: components["schemas"]["Silence"][];
        };
        /** @description A running machine that reports nothing. Its usage of that time is missing, not zero. */
        Silence: {
            /** Format: uuid */
            subscriptionId: string;
            /**
             * Format: uuid
             * @description the launch's id
             */
            instanceId: string;
            /** Format: uuid */
            productId: string;
            ec2InstanceId: string | null;
            /**
             * Format: date-time
             * @description when it last reported usage or said that it is alive, or when it started
             */
            since: string;
            /** Format: date-time */
            noticedAt: string;
            /**
             * Format: date-time
             * @description when it spoke again or no longer ran; null while it is silent
             */
            endedAt: string | null;
        };
        UsageReceipts: {
            items: components["schemas"]["UsageReceipt"][];
            /** @description `after` of the next page; null when this is the last */
            nextAfter: string | null;
        };
        UsageReceipt: {
            /** Format: uuid */
            subscriptionId: string;
            /** @description 1, 2, 3 … */
            sequence: string;
            /** @description `sha` of the receipt before; zeros for the first; SHA-256, hex */
            previous: string;
            /**
             * Format: uuid
             * @description MeteringRecordId on the AWS wire
             */
            recordId: string;
            /** @description start of the hour of use, UTC */
            hour: string;
            /**
             * Format: uuid
             * @description the machine's id, or the subscription's
             */
            source: string;
            dimension: string;
            /** @description null when the record is no longer there */
            quantity: string | null;
            receivedAt: string | null;
            /** @description the access key that reported it, or `platform` */
            signedBy: string | null;
            /** @description what was asked for; SHA-256, hex */
            requestSha: string | null;
            /** @description all of the above; SHA-256, hex */
            sha: string;
            /** @description Ed25519 over `sha`, base64 */
            signature: string;
            /** @description of GET /v1/receipt-keys */
            keyId: string;
        };
        ReceiptKeys: {
            items: {
                /** @description first 16 hex digits of SHA-256 over the key in DER (SubjectPublicKeyInfo) */
                keyId: string;
                /** @description Ed25519 */
                publicKeyPem: string;
                /** @description whether it signs now; earlier keys stay published */
                isCurrent: boolean;
            }[];
        };
        InvoiceList: {
            items: components["schemas"]["InvoiceSummary"][];
        };
        InvoiceSummary: {
            /** Format: uuid */
            id: string;
            number: string;
            buyer: string;
            /** @enum {string} */
            state: "open" | "paid" | "written_off";
            currency: string;
            /** Format: date-time */
            periodStart: string;
            /** Format: date-time */
            periodEnd: string;
            totalMinor: string;
            /** @description of the total, what your credit paid; the rest is collected */
            creditMinor: string;
            /** @description of the total, what credit notes took off */
            creditedMinor: string;
            /** Format: date-time */
            finalisedAt: string;
            /** Format: date-time */
            dueAt: string;
            /** @description the buyer's number for the order */
            purchaseOrder: string | null;
            /** @description days between sending and falling due */
            termsDays: number;
            /** Format: date-time */
            paidAt: string | null;
            /** @description why the last attempt to collect failed */
            paymentFailure: string | null;
        };
        Invoice: {
            /** Format: uuid */
            id: string;
            number: string;
            buyer: string;
            /** @enum {string} */
            state: "open" | "paid" | "written_off";
            currency: string;
            /** Format: date-time */
            periodStart: string;
            /** Format: date-time */
            periodEnd: string;
            totalMinor: string;
            /** @description of the total, what your credit paid; the rest is collected */
            creditMinor: string;
            /** @description of the total, what credit notes took off */
            creditedMinor: string;
            /** Format: date-time */
            finalisedAt: string;
            /** Format: date-time */
            dueAt: string;
            /** @description the buyer's number for the order */
            purchaseOrder: string | null;
            /** @description days between sending and falling due */
            termsDays: number;
            /** Format: date-time */
            paidAt: string | null;
            /** @description why the last attempt to collect failed */
            paymentFailure: string | null;
            /** @description as printed; null on invoices of an earlier version */
            issuer: {
                name: string;
                address: string[];
                taxId: string | null;
            } | null;
            /** @description as printed; null on invoices of an earlier version */
            billTo: {
                name: string;
                address: string[];
                taxId: string | null;
            } | null;
            lines: components["schemas"]["InvoiceLine"][];
        };
        InvoiceLine: {
            /** Format: uuid */
            id: string;
            ordinal: number;
            product: string;
            vendor: string;
            description: string;
            /** @description as counted */
            quantity: string;
            /** @description how much of the quantity one unit is: 3600 for seconds that are priced by the hour; without parts the amount is quantity / unitSize * rate */
            unitSize: string;
            unit: string;
            /** @description for one unit; null where there is no single one */
            rate: string | null;
            /** @description how the amount comes about, where it is not quantity / unitSize * rate: the sum of what each part is by that formula */
            parts: {
                label: string;
                quantity: string;
                unitSize: string;
                rate: string;
            }[];
            /** @description what was taken off */
            discounts: {
                code: string | null;
                amountMinor: string;
            }[];
            /** @description net of discounts */
            amountMinor: string;
            /**
             * Format: uuid
             * @description the prices that were in force
             */
            priceVersionId: string;
            /**
             * Format: date-time
             * @description the period that it is of
             */
            usedFrom: string;
            /** Format: date-time */
            usedTo: string;
            /** @description UTC days of an earlier month whose usage was found or corrected after that month was billed */
            lateDays: {
                day: string;
                quantity: string;
            }[];
        };
        PaymentLink: {
            /** Format: uuid */
            paymentId: string;
            /** Format: uuid */
            invoiceId: string;
            /** @description minor units of the currency */
            amountMinor: string;
            currency: string;
            /**
             * @description succeeded: it was paid; failed: it is over
             * @enum {string}
             */
            state: "planned" | "processing" | "failed" | "succeeded";
            /** @description Stripe's page, for whoever pays; null when it was used, or is over */
            url: string | null;
            /**
             * Format: date-time
             * @description until when it can be paid there; ask for another one after that
             */
            expiresAt: string | null;
            failure: string | null;
        };
        LiveCost: {
            /** Format: uuid */
            subscriptionId: string;
            currency: string;
            /**
             * Format: date-time
             * @description reports count up to now, running machines up to when each was last seen: this is the oldest
             */
            asOf: string;
            /** @description those that are on no invoice yet, oldest first */
            periods: components["schemas"]["AccruedPeriod"][];
        };
        AccruedPeriod: {
            /** Format: date-time */
            from: string;
            /**
             * Format: date-time
             * @description now, or the end of a period that is over and not invoiced yet
             */
            to: string;
            software: {
                /** @description major units, rounded once to twelve decimals; an invoice rounds each line to minor units */
                amount: string;
                /** @description of the amount, what is short of the minimum spend of the time that has passed */
                missingSpend: string;
                /** @description before coupons and credit */
                lines: components["schemas"]["AccruedLine"][];
            };
            infrastructure: {
                /** @description that of the prices; nothing is converted */
                currency: string;
                /** @description what the machines cost at AWS; volumes and snapshots are not counted */
                amount: string;
                /** @description seconds that ran and for which no price is known: not in the amount, and not free */
                unpricedSeconds: string;
            };
            /** @description sums to the amounts above */
            instances: {
                /**
                 * Format: uuid
                 * @description null for what no machine stands for: fees, and what was reported of all together
                 */
                id: string | null;
                ec2InstanceId: string | null;
                region: string | null;
                instanceType: string | null;
                /** @description major units, rounded once to twelve decimals; an invoice rounds each line to minor units */
                software: string;
                /** @description of the software, by dimension */
                dimensions: {
                    [key: string]: string;
                };
                /** @description major units, rounded once to twelve decimals; an invoice rounds each line to minor units */
                infrastructure: string;
            }[];
            /** @description tags of launches and fleets, and those that usage was reported under; each key sums to the amounts above */
            tags: {
                key: string;
                /** @description null for what has no such tag */
                value: string | null;
                /** @description major units, rounded once to twelve decimals; an invoice rounds each line to minor units */
                software: string;
                /** @description major units, rounded once to twelve decimals; an invoice rounds each line to minor units */
                infrastructure: string;
            }[];
        };
        AccruedLine: {
            dimension: string;
            model: string;
            description: string;
            unit: string;
            /** Format: uuid */
            priceVersionId: string;
            /** @description as counted */
            quantity: string;
            /** @description how much of the quantity one unit is: 3600 for seconds that are priced by the hour */
            unitSize: string;
            /** @description for one unit; null where there is no single one */
            rate: string | null;
            /** @description how the amount comes about, where it is not quantity / unitSize * rate */
            parts: {
                label: string;
                quantity: string;
                unitSize: string;
                rate: string;
            }[];
            /** @description major units, rounded once to twelve decimals; an invoice rounds each line to minor units */
            amount: string;
        };
        Explanation: {
            line: {
                /** Format: uuid */
                id: string;
                ordinal: number;
                description: string;
                product: string;
                vendor: string;
                buyer: string;
                quantity: string;
                unitSize: string;
                unit: string;
                rate: string | null;
                parts: {
                    label: string;
                    quantity: string;
                    unitSize: string;
                    rate: string;
                }[];
                discounts: {
                    code: string | null;
                    amountMinor: string;
                }[];
                amountMinor: string;
                currency: string;
            };
            invoice: {
                /**
                 * Format: uuid
                 * @description of the buyer’s invoice; null for a vendor, who is not sent it
                 */
                id: string | null;
                number: string;
                state: string;
                /** Format: date-time */
                finalisedAt: string;
                /** Format: date-time */
                paidAt: string | null;
            };
            price: {
                /** Format: uuid */
                priceVersionId: string;
                /** Format: uuid */
                offerId: string;
                /** Format: date-time */
                effectiveFrom: string;
                /** Format: date-time */
                noticeGivenAt: string | null;
                dimension: string;
                model: string;
                /** @description the price as it is kept; null for a minimum spend */
                terms: {
                    [key: string]: unknown;
                } | null;
                minimumSpend: string | null;
            };
            rating: {
                /** Format: uuid */
                subscriptionId: string;
                /** Format: uuid */
                periodId: string;
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
                /** @description 0 for what the period was rated to, higher for what was found later */
                revision: number;
                /** Format: date-time */
                ratedAt: string | null;
                /** @description major units times the unit size, before the one rounding of the line */
                exactAmount: string;
                /** @description of all charges of the period, as it was rated; null where that was not kept */
                inputSha: string | null;
                /** @description of the charges of this revision as they are kept */
                keptSha: string;
                /** @description of what they rate to again, from what was kept */
                reratedSha: string;
                isSame: boolean;
            };
            /** @description roll-ups, by UTC day */
            days: {
                day: string;
                /** @description what the line charges of the day; of a late line, what it differs by */
                quantity: string;
                /** @description of the roll-up that it was rated from */
                rowsSha: string;
                /** @description what the records and corrections that were there by then sum to */
                sum: string;
                records: number;
                corrections: number;
                /** @description whether the records and corrections give that hash */
                isProven: boolean;
            }[];
            /** @description of a share of infrastructure: what machines cost */
            costs: {
                day: string;
                amount: string;
            }[];
            corrections: {
                /** Format: uuid */
                id: string;
                /** Format: date-time */
                hour: string;
                delta: string;
                reason: string;
                requestedBy: string;
                approvedBy: string;
                /** Format: date-time */
                createdAt: string;
            }[];
            /** @description the first of them; the rest is at /v1/explain/:lineId/records */
            records: components["schemas"]["ExplainedRecordPage"];
            journals: {
                /** Format: uuid */
                id: string;
                idemKey: string;
                kind: string;
                /** Format: date-time */
                effectiveAt: string;
                /** @description SHA-256, hex */
                bodySha: string;
                /** @description debit positive; on your own accounts, for the operator on all */
                postings: {
                    account: string;
                    currency: string;
                    amountMinor: string;
                }[];
            }[];
            /** @description the receipt; null for the buyer */
            fee: components["schemas"]["ExplainedFee"] | null;
            payment: {
                /** Format: uuid */
                id: string | null;
                state: string;
                amountMinor: string | null;
                stripePaymentIntentId: string | null;
                /** Format: date-time */
                settledAt: string | null;
            } | null;
            /** @description null for the buyer, and before there is one */
            transfer: {
                /** Format: uuid */
                id: string;
                stripeTransferId: string | null;
                failure: string | null;
            } | null;
            /** @description null for the buyer, and before there is one */
            payout: {
                /** Format: uuid */
                id: string;
                state: string;
                amountMinor: string;
                stripePayoutId: string | null;
                /** Format: date-time */
                sentAt: string | null;
                /** Format: date-time */
                paidAt: string | null;
            } | null;
        };
        ExplainedRecord: {
            /**
             * Format: uuid
             * @description MeteringRecordId
             */
            recordId: string;
            /** Format: date-time */
            hour: string;
            /**
             * Format: uuid
             * @description null for what the vendor reported of the subscription as a whole
             */
            instanceId: string | null;
            ec2InstanceId: string | null;
            quantity: string;
            /** @description the access key that reported it, `organization:` or `user:` for a vendor’s API, or `platform` */
            signedBy: string;
            /** @description SHA-256, hex */
            requestSha: string;
            /** Format: date-time */
            receivedAt: string;
            /** @description null for some seconds after it was accepted */
            receipt: {
                sequence: string;
                /** @description SHA-256, hex */
                sha: string;
                /** @description Ed25519, base64 */
                signature: string;
                keyId: string;
            } | null;
        };
        ExplainedRecordPage: {
            items: components["schemas"]["ExplainedRecord"][];
            /** @description the cursor of the next page */
            next: string | null;
        };
        ExplainedFee: {
            /** Format: uuid */
            lineId: string;
            /** Format: uuid */
            chargeId: string;
            invoice: string;
            /** Format: date-time */
            finalisedAt: string;
            product: string;
            description: string;
            currency: string;
            /** @description what the customer was invoiced, net of discounts */
            amountMinor: string;
            /** @description null: the platform's own fee */
            rule: {
                /** Format: uuid */
                id: string;
                name: string;
                /** Format: uuid */
                versionId: string;
                number: number;
                /** Format: date-time */
                effectiveFrom: string;
            } | null;
            /** @enum {string} */
            model: "percent" | "fixed" | "devpay";
            basisPoints: number;
            /** @description what the percentage is of */
            baseMinor: string;
            /** @description the line's part of a fixed amount */
            fixedMinor: string;
            /** @description the fee, with the numbers filled in */
            formula: string;
            /** @description the platform's fee */
            platformMinor: string;
            parts: {
                /** @enum {string} */
                kind: "reseller" | "upstream";
                organization: string;
                basisPoints: number;
                amountMinor: string;
            }[];
            vendorMinor: string;
            /** @description the vendor's share, with the numbers filled in */
            rest: string;
            /** @description of the vendor's share, what credit notes and refunds took back since */
            creditedMinor: string;
            /** @description all that is not the vendor's: the platform's fee and the parts of others */
            feeMinor: string;
            /** Format: date-time */
            releasedAt: string | null;
        };
        HeldCloseList: {
            /** @description newest first, at most 200 */
            items: components["schemas"]["HeldClose"][];
        };
        HeldClose: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            buyerId: string;
            buyer: string;
            currency: string;
            /** Format: date-time */
            periodStart: string;
            /** Format: date-time */
            periodEnd: string;
            /** @description of what it would be invoiced from; a decision is about this and nothing else */
            inputSha256: string;
            /**
             * @description superseded when more became known before it was invoiced
             * @enum {string}
             */
            state: "held" | "released" | "rejected" | "superseded";
            /** @enum {string} */
            cause: "above_usual" | "below_usual" | "above_limit";
            /** @description what the invoice would come to */
            totalMinor: string;
            /** @description median of the last six months; null with fewer than three */
            usualMinor: string | null;
            /** Format: date-time */
            heldAt: string;
            /** Format: date-time */
            decidedAt: string | null;
            /** @description the person, or the API key's organisation */
            decidedBy: string | null;
            reason: string | null;
        };
        HeldCloseDecision: {
            /**
             * @description released: invoiced as it is; rejected: it waits until its usage is corrected
             * @enum {string}
             */
            decision: "released" | "rejected";
            reason: string;
        };
        NewCreditNote: {
            /** Format: uuid */
            invoiceId: string;
            /** @description what of which lines; all that is left of all of them when left out */
            lines?: {
                /** Format: uuid */
                lineId: string;
                amountMinor: string;
            }[];
            /** @description printed on the note */
            reason: string;
        };
        CreditNote: {
            /** Format: uuid */
            id: string;
            number: string;
            /** Format: uuid */
            invoiceId: string;
            /** @description its number */
            invoice: string;
            buyer: string;
            currency: string;
            totalMinor: string;
            reason: string;
            /** Format: date-time */
            issuedAt: string;
            lines: {
                /** Format: uuid */
                lineId: string;
                ordinal: number;
                description: string;
                amountMinor: string;
            }[];
        };
        CreditNoteList: {
            /** @description newest first, at most 200 */
            items: components["schemas"]["CreditNote"][];
        };
        NewPriceSimulation: {
            /**
             * Format: uuid
             * @description of yours
             */
            offerId: string;
            prices: ({
                /** @enum {string} */
                model: "free";
            } | {
                /** @enum {string} */
                model: "byol";
            } | {
                /** @enum {string} */
                model: "hourly";
                /** @default Running machine */
                description: string;
                /**
                 * @default hour
                 * @enum {string}
                 */
                unit: "hour";
                /** @description for an hour of a machine of any type that has no price of its own */
                rate: string;
                /** @description for an hour of machines of single types, by type */
                rates?: {
                    [key: string]: string;
                };
                /**
                 * @description what running is counted in: each hour begun, or each second as a fraction of the hour
                 * @default hour
                 * @enum {string}
                 */
                increment: "hour" | "second";
                /** @description with increment "second": what each start of a machine costs at least; 60 unless said otherwise */
                minimumSeconds?: number;
                /** @description hours of each month that cost nothing, of types without a price of their own */
                included?: number;
            } | {
                /** @enum {string} */
                model: "metered";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                rate: string;
            } | {
                /** @enum {string} */
                model: "graduated";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                tiers: {
                    /** @description the last unit of the tier, counted from the first of the month; null for the last tier */
                    upTo: number | null;
                    /** @description for one unit */
                    rate: string;
                    /**
                     * @description once, when the tier is entered
                     * @default 0
                     */
                    flat: string;
                }[];
            } | {
                /** @enum {string} */
                model: "volume";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                tiers: {
                    /** @description the last unit of the tier, counted from the first of the month; null for the last tier */
                    upTo: number | null;
                    /** @description for one unit */
                    rate: string;
                    /**
                     * @description once, when the tier is entered
                     * @default 0
                     */
                    flat: string;
                }[];
            } | {
                /** @enum {string} */
                model: "package";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                /** @description units of each month that cost nothing */
                included?: number;
                /** @description units in a package */
                size: number;
                rate: string;
            } | {
                /** @enum {string} */
                model: "flat";
                /** @default flat */
                dimension: string;
                /** @default Monthly fee */
                description: string;
                /** @default month */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "monthly";
                /** @default monthly */
                dimension: string;
                /** @default Monthly fee */
                description: string;
                /** @default month */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "one_time";
                /** @default one_time */
                dimension: string;
                /** @default Set-up fee */
                description: string;
                /** @default set-up */
                unit: string;
                rate: string;
            } | {
                /** @enum {string} */
                model: "annual";
                /** @default Machine for a year */
                description: string;
                /**
                 * @default machine
                 * @enum {string}
                 */
                unit: "machine";
                /** @description for 12 months of one machine, by type; what runs beyond is charged by the hour */
                rates: {
                    [key: string]: string;
                };
            } | {
                /** @enum {string} */
                model: "contract";
                /** @description as your software reports it */
                dimension: string;
                description: string;
                unit: string;
                options: {
                    months: number;
                    /** @description for one unit and the whole time */
                    rate: string;
                    /** @description so many equal parts, one a month, or amounts for one unit that sum to the rate; all at once when left out */
                    instalments?: number | {
                        afterMonths: number;
                        amount: string;
                    }[];
                }[];
            } | {
                /** @enum {string} */
                model: "infrastructure";
                /** @default infrastructure */
                dimension: string;
                /** @default Share of infrastructure */
                description: string;
                /**
                 * @default %
                 * @enum {string}
                 */
                unit: "%";
                percent: string;
            })[];
            /** @description what a month of usage costs at least */
            minimumSpend?: string;
        };
        PriceSimulation: {
            /** Format: uuid */
            offerId: string;
            currency: string;
            /**
             * Format: date-time
             * @description 90 whole UTC days; months at their edges are rated as far as they go
             */
            from: string;
            /** Format: date-time */
            to: string;
            /**
             * @description what it would be to the prices in force
             * @enum {string}
             */
            change: "decrease" | "increase";
            /**
             * Format: date-time
             * @description when these prices could hold, announced now
             */
            earliestFrom: string;
            /** @description minor units */
            beforeMinor: string;
            /** @description minor units */
            afterMinor: string;
            /** @description minor units */
            differenceMinor: string;
            /** @description of all buyers, by dimension */
            lines: {
                dimension: string;
                description: string;
                /** @description as counted */
                quantity: string;
                /** @description minor units */
                beforeMinor: string;
                /** @description minor units */
                afterMinor: string;
                /** @description minor units */
                differenceMinor: string;
            }[];
            /** @description those for whom it changes most, first; 200 at most, the sums are of all */
            buyers: {
                /** Format: uuid */
                buyerId: string;
                name: string;
                subscriptions: number;
                /** @description minor units */
                beforeMinor: string;
                /** @description minor units */
                afterMinor: string;
                /** @description minor units */
                differenceMinor: string;
                lines: {
                    dimension: string;
                    description: string;
                    /** @description as counted */
                    quantity: string;
                    /** @description minor units */
                    beforeMinor: string;
                    /** @description minor units */
                    afterMinor: string;
                    /** @description minor units */
                    differenceMinor: string;
                }[];
            }[];
            buyersInAll: number;
        };
        NewCredit: {
            /** Format: uuid */
            buyerId: string;
            currency: string;
            /** @description in cents, or what the currency has */
            amountMinor: string;
            reason: string;
            /**
             * Format: date-time
             * @description exclusive; never when left out
             */
            expiresAt?: string;
        };
        Credit: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            buyerId: string;
            currency: string;
            amountMinor: string;
            /** @description what can still pay for an invoice */
            leftMinor: string;
            reason: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            usedOn: {
                /** Format: uuid */
                invoiceId: string;
                number: string;
                amountMinor: string;
            }[];
        };
        CreditList: {
            items: components["schemas"]["Credit"][];
        };
        PaymentMethod: {
            paymentMethodId: string | null;
            /** @description what a person knows it by: visa •••• 4242 */
            cardLabel: string | null;
            /**
             * @description past_due while an invoice could not be collected; then suspended: machines stop; then ended: subscriptions end
             * @enum {string}
             */
            standing: "good" | "past_due" | "suspended" | "ended";
        };
        NewPaymentMethod: {
            paymentMethodId: string;
        };
        BillingDetails: {
            legalName: string;
            address: string[];
            taxId: string | null;
            purchaseOrder: string | null;
            /**
             * @description days that you may take to pay; the operator sets them
             * @enum {number}
             */
            termsDays: 0 | 15 | 30 | 45;
        };
        NewBillingDetails: {
            legalName: string;
            /**
             * @description line by line
             * @default []
             */
            address: string[];
            /**
             * @description such as a VAT number
             * @default null
             */
            taxId: string | null;
            /**
             * @description your number for the order; printed on every invoice from now on
             * @default null
             */
            purchaseOrder: string | null;
        };
        PaymentTerms: {
            /** Format: uuid */
            buyerId: string;
            /**
             * @description from the next invoice on
             * @enum {number}
             */
            days: 0 | 15 | 30 | 45;
        };
        NewPaymentTerms: {
            /** @enum {number} */
            days: 0 | 15 | 30 | 45;
        };
        PayoutAccount: {
            /** @description the account at Stripe, once there is one */
            accountId: string | null;
            /** @description whether Stripe lets money go to it and on to the bank */
            payoutsEnabled: boolean;
            /** @description where its owner tells Stripe who they are and where their bank is; good for one visit, so only in the answer to PUT */
            onboardingUrl: string | null;
        };
        NewPayoutAccount: {
            /** @description where the vendor is established; cannot be changed later */
            country: string;
            /**
             * Format: email
             * @description where Stripe writes to
             */
            email: string;
        };
        NewRefund: {
            /** Format: uuid */
            invoiceId: string;
            /**
             * Format: uuid
             * @description one line of it; all that is yours to give back when left out
             */
            lineId?: string;
            /** @description all that is left when left out */
            amountMinor?: string;
            reason: string;
        };
        Refund: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            invoiceId: string;
            invoice: string;
            currency: string;
            amountMinor: string;
            reason: string;
            /** @enum {string} */
            state: "planned" | "pending" | "succeeded" | "failed";
            failure: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            settledAt: string | null;
            lines: {
                /** Format: uuid */
                lineId: string;
                description: string;
                amountMinor: string;
                /** @description the platform's part of it; not told to buyers */
                feeMinor: string | null;
                /** @description the vendor's part of it; not told to buyers */
                vendorMinor: string | null;
            }[];
        };
        RefundList: {
            items: components["schemas"]["Refund"][];
        };
        DisputeList: {
            items: components["schemas"]["Dispute"][];
        };
        Dispute: {
            /** Format: uuid */
            id: string;
            invoices: string[];
            currency: string;
            amountMinor: string;
            /** @description in the bank's words */
            reason: string;
            /** @enum {string} */
            state: "inquiry" | "open" | "won" | "lost" | "closed";
            /** Format: date-time */
            evidenceDueAt: string | null;
            /** Format: date-time */
            openedAt: string;
            /** Format: date-time */
            closedAt: string | null;
        };
        NewLineDispute: {
            /** Format: uuid */
            lineId: string;
            /** @description what is wrong with it */
            reason: string;
        };
        LineDispute: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            lineId: string;
            invoice: string;
            description: string;
            currency: string;
            /** @description of the line */
            amountMinor: string;
            reason: string;
            /** @enum {string} */
            state: "open" | "rejected" | "refunded" | "withdrawn";
            answer: string | null;
            /** Format: uuid */
            refundId: string | null;
            /** Format: date-time */
            openedAt: string;
            /** Format: date-time */
            closedAt: string | null;
        };
        LineDisputeList: {
            items: components["schemas"]["LineDispute"][];
        };
        LineDecision: {
            /**
             * @description a vendor can give its own line back; only the operator rejects
             * @enum {string}
             */
            outcome: "refunded" | "rejected";
            /** @description with refunded: all that is left of the line when left out */
            amountMinor?: string;
            /** @description what the buyer is told */
            answer: string;
        };
        OverdueList: {
            items: components["schemas"]["OverdueBuyer"][];
        };
        OverdueBuyer: {
            /** Format: uuid */
            buyerId: string;
            buyer: string;
            /** @enum {string} */
            standing: "good" | "past_due" | "suspended" | "ended";
            /**
             * Format: date-time
             * @description when the collection of the oldest unpaid invoice first failed
             */
            since: string;
            /** @description a payment is on its way */
            isBeingCollected: boolean;
            /**
             * Format: date-time
             * @description when it is collected again; a newer card is charged at once
             */
            nextRetryAt: string | null;
            /**
             * Format: date-time
             * @description when machines are stopped, until it is paid
             */
            suspendsAt: string;
            /**
             * Format: date-time
             * @description when subscriptions end
             */
            endsAt: string;
        };
        NewWriteOff: {
            /** Format: uuid */
            invoiceId: string;
            reason: string;
        };
        WriteOff: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            invoiceId: string;
            /** @description its number */
            invoice: string;
            /** Format: uuid */
            buyerId: string;
            currency: string;
            amountMinor: string;
            reason: string;
            /** Format: date-time */
            writtenOffAt: string;
            /**
             * Format: date-time
             * @description when it was paid after all
             */
            recoveredAt: string | null;
        };
        WriteOffList: {
            items: components["schemas"]["WriteOff"][];
        };
        NewFeeRule: {
            name: string;
            /** Format: uuid */
            productId?: string;
            /** Format: uuid */
            vendorId?: string;
            category?: string;
            /** @enum {string} */
            offerKind?: "public" | "private";
            isResale?: boolean;
            /** @description the least that the vendor was invoiced for in the twelve months before; needs a currency */
            volumeFromMinor?: string;
            currency?: string;
            version: components["schemas"]["NewFeeRuleVersion"];
        };
        NewFeeRuleVersion: {
            /**
             * @description percent: of the line; fixed: an amount for each product on a bill; devpay: a percentage of the price less what its machines cost the platform, and an amount for each product on a bill; none: the rule ends
             * @enum {string}
             */
            model: "percent" | "fixed" | "devpay" | "none";
            /** @default 0 */
            basisPoints: number;
            /**
             * @description for each product on a bill
             * @default 0
             */
            fixedMinor: string;
            /** @description what goes to the project inside the product; it has a vendor account to be paid on */
            upstream?: {
                /** Format: uuid */
                organizationId: string;
                basisPoints: number;
            };
            /**
             * Format: date-time
             * @description periods that begin then or later; now when left out
             */
            effectiveFrom?: string;
            reason: string;
        };
        FeeRule: {
            /** Format: uuid */
            id: string;
            name: string;
            /** Format: uuid */
            productId: string | null;
            /** Format: uuid */
            vendorId: string | null;
            category: string | null;
            /** @enum {string|null} */
            offerKind: "public" | "private" | null;
            isResale: boolean | null;
            volumeFromMinor: string | null;
            currency: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description oldest first; the last one that has begun holds */
            versions: {
                /** Format: uuid */
                id: string;
                number: number;
                /** Format: date-time */
                effectiveFrom: string;
                /** @enum {string} */
                model: "percent" | "fixed" | "devpay" | "none";
                basisPoints: number;
                fixedMinor: string;
                upstream: {
                    /** Format: uuid */
                    organizationId: string;
                    basisPoints: number;
                } | null;
                reason: string;
                createdBy: string;
                /** Format: date-time */
                createdAt: string;
            }[];
        };
        FeeRuleList: {
            /** @description oldest first; the most specific that fits a line wins, and of equals the oldest */
            items: components["schemas"]["FeeRule"][];
            /** @description the fee where no rule fits */
            defaultBasisPoints: number;
        };
        FeeReceipt: {
            /** Format: uuid */
            lineId: string;
            /** Format: uuid */
            chargeId: string;
            invoice: string;
            /** Format: date-time */
            finalisedAt: string;
            product: string;
            description: string;
            currency: string;
            /** @description what the customer was invoiced, net of discounts */
            amountMinor: string;
            /** @description null: the platform's own fee */
            rule: {
                /** Format: uuid */
                id: string;
                name: string;
                /** Format: uuid */
                versionId: string;
                number: number;
                /** Format: date-time */
                effectiveFrom: string;
            } | null;
            /** @enum {string} */
            model: "percent" | "fixed" | "devpay";
            basisPoints: number;
            /** @description what the percentage is of */
            baseMinor: string;
            /** @description the line's part of a fixed amount */
            fixedMinor: string;
            /** @description the fee, with the numbers filled in */
            formula: string;
            /** @description the platform's fee */
            platformMinor: string;
            parts: {
                /** @enum {string} */
                kind: "reseller" | "upstream";
                organization: string;
                basisPoints: number;
                amountMinor: string;
            }[];
            vendorMinor: string;
            /** @description the vendor's share, with the numbers filled in */
            rest: string;
            /** @description of the vendor's share, what credit notes and refunds took back since */
            creditedMinor: string;
        };
        Earnings: {
            items: {
                currency: string;
                /** @description the vendor's share of all invoices */
                earnedMinor: string;
                /** @description of it, what went back to buyers by refunds and lost disputes */
                returnedMinor: string;
                /** @description parts of others' lines that are yours, as their reseller or as the project inside */
                partsMinor: string;
                /** @description invoiced, not paid by the buyer yet, or on hold */
                unsettledMinor: string;
                /** @description paid by the buyer, not sent yet; below zero when more went back than was left */
                payableMinor: string;
                /** @description payable, but held back while it is disputed */
                heldMinor: string;
                /** @description kept back for a while, as your payout policy says */
                reservedMinor: string;
                /** @description on its way to the bank */
                inTransitMinor: string;
                /** @description at the bank */
                paidOutMinor: string;
            }[];
            lines: {
                /** Format: uuid */
                id: string;
                invoice: string;
                product: string;
                description: string;
                currency: string;
                amountMinor: string;
                feeMinor: string;
                vendorMinor: string;
                /** Format: date-time */
                finalisedAt: string;
                /**
                 * Format: date-time
                 * @description when it became payable
                 */
                releasedAt: string | null;
                /**
                 * Format: uuid
                 * @description the payout that carries it
                 */
                payoutId: string | null;
            }[];
        };
        PayoutList: {
            items: components["schemas"]["Payout"][];
        };
        Payout: {
            /** Format: uuid */
            id: string;
            amountMinor: string;
            currency: string;
            /** @description less than the amount when Stripe refused some of it; the rest is payable again */
            sentMinor: string | null;
            /** @description taken back from your account since, for refunds and lost disputes */
            reversedMinor: string;
            /** @enum {string} */
            state: "reserved" | "sent" | "paid" | "returned" | "void";
            failure: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            sentAt: string | null;
            /** Format: date-time */
            paidAt: string | null;
        };
        PayoutPolicy: {
            /** Format: uuid */
            vendorId: string;
            /** @enum {string} */
            interval: "daily" | "weekly" | "monthly";
            /** @description what counts: never less than the platform’s */
            minimumMinor: string;
            reserveBasisPoints: number;
            reserveDays: number;
            changedBy: string | null;
            /**
             * Format: date-time
             * @description null while it is the platform’s own
             */
            changedAt: string | null;
        };
        OwnPayoutPolicy: {
            /**
             * @description daily, on Mondays, or on the first of the month (UTC)
             * @enum {string}
             */
            interval: "daily" | "weekly" | "monthly";
            /** @description the least that is paid out at once, in minor units; null: the platform's */
            minimumMinor: string | null;
        };
        NewPayoutPolicy: {
            /**
             * @description daily, on Mondays, or on the first of the month (UTC)
             * @enum {string}
             */
            interval: "daily" | "weekly" | "monthly";
            /** @description the least that is paid out at once, in minor units; null: the platform's */
            minimumMinor: string | null;
            /** @description of each share, what is kept back when it is released */
            reserveBasisPoints: number;
            /** @description for how long */
            reserveDays: number;
        };
        LargePayoutList: {
            /** @description newest first, at most 200 */
            items: components["schemas"]["LargePayout"][];
        };
        LargePayout: {
            /** Format: uuid */
            payoutId: string;
            /** Format: uuid */
            vendorId: string;
            vendor: string;
            currency: string;
            amountMinor: string;
            /** @enum {string} */
            approval: "waiting" | "asked" | "approved" | "refused";
            /** Format: date-time */
            createdAt: string;
            askedBy: string | null;
            reason: string | null;
            decidedBy: string | null;
            note: string | null;
        };
        AskForPayout: {
            /** Format: uuid */
            payoutId: string;
            reason: string;
        };
        PayoutDecision: {
            /** @enum {string} */
            decision: "approved" | "refused";
            note: string;
        };
        PayoutForecast: {
            /** Format: date-time */
            asOf: string;
            /** @enum {string} */
            interval: "daily" | "weekly" | "monthly";
            /** @description what is invoiced and not at your bank yet, oldest first, at most 500 */
            items: {
                /**
                 * @description part: of another's line, as its reseller or the project inside
                 * @enum {string}
                 */
                kind: "share" | "reserve" | "part";
                /** Format: uuid */
                lineId: string;
                invoice: string;
                product: string;
                description: string;
                dimension: string;
                /**
                 * Format: date-time
                 * @description every usage record of the dimension from then on is in this line
                 */
                usedFrom: string;
                /**
                 * Format: date-time
                 * @description exclusive
                 */
                usedTo: string;
                currency: string;
                /** @description net of what went back, and for a share of what is kept in reserve */
                amountMinor: string;
                /** @enum {string} */
                waitsFor: "payment" | "overdue_payment" | "dispute" | "hold" | "payout_account" | "payout" | "approval" | "bank" | "returned" | "paid";
                /**
                 * Format: date-time
                 * @description when it is on its way to your bank; null where that depends on people
                 */
                expectedAt: string | null;
            }[];
            /** @description the same by UTC day */
            days: {
                day: string;
                currency: string;
                amountMinor: string;
            }[];
            undated: {
                currency: string;
                amountMinor: string;
            }[];
        };
        StatementList: {
            /** @description newest month first */
            items: {
                period: string;
                currency: string;
                changeMinor: string;
            }[];
        };
        Statement: {
            vendor: string;
            period: string;
            currency: string;
            /** @description whether the month is over, so that nothing of it changes */
            isFinal: boolean;
            /** @description what was owed to you when the month began: unsettled, payable and held back */
            openingMinor: string;
            /** @description what changed it, summed up by kind */
            movements: {
                kind: string;
                amountMinor: string;
            }[];
            /** @description opening and movements */
            closingMinor: string;
            entries: {
                /** Format: date-time */
                at: string;
                kind: string;
                /** @description number of the invoice, or what else it is about */
                reference: string;
                product: string | null;
                description: string | null;
                /** @description what the buyer was invoiced */
                soldMinor: string | null;
                feeMinor: string | null;
                amountMinor: string;
            }[];
        };
        RevenueReport: {
            items: {
                /** @description that was invoiced */
                month: string;
                product: string;
                currency: string;
                invoices: number;
                /** @description net of discounts */
                amountMinor: string;
                feeMinor: string;
                /** @description yours */
                vendorMinor: string;
                /** @description of the amount, what credit notes, refunds and lost disputes took back since */
                returnedMinor: string;
                /** @description yours, less your part of that */
                keptMinor: string;
                /** @description of what you keep, what was paid for and is not on hold */
                releasedMinor: string;
            }[];
        };
        UsageReport: {
            items: {
                /** @description in which it was used */
                month: string;
                product: string;
                dimension: string;
                unit: string;
                /** @description how much of the quantity one unit is */
                unitSize: string;
                /** @description as rated, with what was found late */
                quantity: string;
                customers: number;
            }[];
        };
        CustomersReport: {
            items: {
                customer: string;
                product: string;
                currency: string;
                since: string;
                endedAt: string | null;
                /** @description in all of its life, net of discounts and of what went back */
                invoicedMinor: string;
                /** @description yours of it */
                vendorMinor: string;
                lastInvoicedAt: string | null;
            }[];
        };
        ChurnReport: {
            items: {
                month: string;
                subscriptionsAtStart: number;
                started: number;
                ended: number;
                subscriptionsAtEnd: number;
                /** @description of those that there were at the start, how many ended in the month; null when there were none */
                churnBasisPoints: number | null;
            }[];
        };
        ForecastReport: {
            items: {
                /** @description the present month, which is invoiced when it is over */
                month: string;
                product: string;
                currency: string;
                /** @description how many of the last three the average is over: those since the first sale */
                months: number;
                /** @description your share in a month, less what went back, on average */
                averageMinor: string;
                /** @description at the end of the last month */
                subscriptionsThen: number;
                subscriptionsNow: number;
                /** @description average × now ÷ then; the average, when there were none then */
                forecastMinor: string;
            }[];
        };
        VolumeReport: {
            items: {
                /** @description that was invoiced */
                month: string;
                currency: string;
                buyers: number;
                invoices: number;
                volumeMinor: string;
                /** @description was taken off before */
                discountMinor: string;
                /** @description of the volume, what credit paid */
                creditMinor: string;
                /** @description of the volume, what credit notes, refunds and lost disputes took back since */
                returnedMinor: string;
                /** @description the platform's fees, less what went back and the parts of resellers and upstream projects */
                takeMinor: string;
                /** @description of the volume less what went back */
                takeBasisPoints: number | null;
            }[];
        };
        ReceivablesReport: {
            items: {
                buyer: string;
                currency: string;
                notDueMinor: string;
                /** @description overdue for so long */
                upTo30DaysMinor: string;
                upTo60DaysMinor: string;
                upTo90DaysMinor: string;
                olderMinor: string;
                totalMinor: string;
            }[];
        };
        CostByProductReport: {
            items: {
                month: string;
                product: string;
                vendor: string;
                currency: string;
                amountMinor: string;
            }[];
        };
        CostByDayReport: {
            items: {
                /** @description null for what is not of a day, such as a monthly price */
                day: string | null;
                product: string;
                dimension: string;
                currency: string;
                amountMinor: string;
            }[];
        };
        CostByTagReport: {
            items: {
                month: string;
                /** @description of the tag; null for machines without it, and for what is not of machines */
                value: string | null;
                product: string;
                currency: string;
                amountMinor: string;
            }[];
        };
        LedgerChain: {
            /** @description how many journals the chain holds */
            sealed: string;
            /** @description journals that are not sealed yet */
            waiting: string;
            /** @description the hash of the last; whoever notes it can tell later that nothing before it was changed */
            headSha256: string;
            /** @description what is not as it was written, by name; none for a sound chain */
            findings: string[];
        };
        LedgerProofList: {
            items: components["schemas"]["LedgerProof"][];
        };
        LedgerProof: {
            /** @description UTC */
            day: string;
            /** Format: date-time */
            provenAt: string;
            journals: string;
            isSound: boolean;
            findings: string[];
            /** @description accounts that money only passes through and that are not at zero */
            clearing: {
                account: string;
                currency: string;
                balanceMinor: string;
                since: string;
            }[];
        };
        TrialBalance: {
            items: {
                account: string;
                currency: string;
                /** @description debits less credits, in minor units */
                balanceMinor: string;
            }[];
            totals: {
                currency: string;
                /** @description always 0 */
                totalMinor: string;
            }[];
        };
        NewReconciliation: {
            /**
             * Format: date-time
             * @description what was made or moved from then on
             */
            from: string;
            /**
             * Format: date-time
             * @description and before then
             */
            to: string;
        };
        Reconciliation: {
            /** Format: uuid */
            id: string;
            /** @description of the nightly one; null for one that was asked for */
            day: string | null;
            /** Format: date-time */
            coversFrom: string;
            /** Format: date-time */
            coversTo: string;
            /** Format: date-time */
            askedAt: string;
            /** Format: date-time */
            finishedAt: string | null;
            differenceCount: number;
            totals: components["schemas"]["ReconciliationTotal"][];
            /** @description none when both tell the same */
            differences: components["schemas"]["ReconciliationDifference"][];
        };
        ReconciliationTotal: {
            kind: string;
            currency: string;
            ourCount: number;
            ourMinor: string;
            theirCount: number;
            theirMinor: string;
        };
        ReconciliationDifference: {
            /** @description payment_intent, transfer, refund, payout: what a call made; moved:…: the balance; fee */
            kind: string;
            /** @description what both sides know it by: our op_id, or the object at Stripe that moved the money */
            key: string;
            /** @enum {string} */
            cause: "in_flight" | "fee" | "missing_here" | "missing_there" | "amount_differs";
            currency: string;
            ourId: string | null;
            ourMinor: string | null;
            theirId: string | null;
            theirMinor: string | null;
            /** Format: date-time */
            at: string;
        };
        ReconciliationList: {
            items: components["schemas"]["ReconciliationSummary"][];
        };
        ReconciliationSummary: {
            /** Format: uuid */
            id: string;
            /** @description of the nightly one; null for one that was asked for */
            day: string | null;
            /** Format: date-time */
            coversFrom: string;
            /** Format: date-time */
            coversTo: string;
            /** Format: date-time */
            askedAt: string;
            /** Format: date-time */
            finishedAt: string | null;
            differenceCount: number;
        };
        Platform: {
            items: {
                currency: string;
                invoices: number;
                /** @description invoiced, all time */
                volumeMinor: string;
                /** @description the platform's fees in it */
                takeMinor: string;
                /** @description what Stripe kept */
                stripeFeesMinor: string;
                /** @description owed by buyers */
                receivableMinor: string;
                /** @description vendors' shares that wait for buyers, or are on hold */
                unsettledMinor: string;
                /** @description owed to vendors now */
                payableMinor: string;
                /** @description reserved for vendors and not sent yet */
                inTransitMinor: string;
            }[];
            /** @description what billing could not do, and why */
            stuck: {
                queue: string;
                rowId: string;
                attempts: number;
                lastError: string;
                /** Format: date-time */
                since: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    Accounts_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    VendorKeys_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorKeyList"];
                };
            };
        };
    };
    VendorKeys_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewVendorKey"];
                };
            };
        };
    };
    VendorKeys_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accessKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Products_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductList"];
                };
            };
        };
    };
    Products_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProduct"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
        };
    };
    Products_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
        };
    };
    ProductKeys_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductKeyList"];
                };
            };
        };
    };
    ProductKeys_rotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductKey"];
                };
            };
        };
    };
    Versions_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionList"];
                };
            };
        };
    };
    Versions_submit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewVersion"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    Regions_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    Regions_add: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRegions"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    Regions_restrict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                region: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    Offers_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
        };
    };
    Offers_make: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOffer"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
        };
    };
    PriceVersions_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceVersionList"];
                };
            };
        };
    };
    PriceVersions_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPriceVersion"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceVersion"];
                };
            };
        };
    };
    PriceVersions_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                versionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceVersion"];
                };
            };
        };
    };
    PrivateOffers_make: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPrivateOffer"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrivateOffer"];
                };
            };
        };
    };
    PrivateOffers_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrivateOfferList"];
                };
            };
        };
    };
    PrivateOffers_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrivateOffer"];
                };
            };
        };
    };
    PrivateOffers_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrivateOffer"];
                };
            };
        };
    };
    Coupons_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CouponList"];
                };
            };
        };
    };
    Coupons_make: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCoupon"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coupon"];
                };
            };
        };
    };
    Coupons_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coupon"];
                };
            };
        };
    };
    Coupons_redeemed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedemptionList"];
                };
            };
        };
    };
    Coupons_redeem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRedemption"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Redemption"];
                };
            };
        };
    };
    Listings_browse: {
        parameters: {
            query?: {
                /** @description words in the name or summary */
                q?: string;
                category?: string;
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListingList"];
                };
            };
        };
    };
    Listings_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing"];
                };
            };
        };
    };
    Listings_publish: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewListing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing"];
                };
            };
        };
    };
    Listings_restrict: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Subscriptions_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionList"];
                };
            };
        };
    };
    Subscriptions_subscribe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSubscription"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
        };
    };
    Subscriptions_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
        };
    };
    Subscriptions_end: {
        parameters: {
            query?: {
                snapshot?: "true" | "false";
                volumes?: "delete" | "keep";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
        };
    };
    Subscriptions_convertTrial: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
        };
    };
    Subscriptions_registrationToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistrationToken"];
                };
            };
        };
    };
    Commitments_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommitmentList"];
                };
            };
        };
    };
    Commitments_make: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCommitment"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Commitment"];
                };
            };
        };
    };
    Commitments_add: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
                commitmentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddedCommitment"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Commitment"];
                };
            };
        };
    };
    Commitments_stopRenewal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                commitmentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Commitment"];
                };
            };
        };
    };
    AwsConnections_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AwsConnectionList"];
                };
            };
        };
    };
    AwsConnections_connect: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAwsConnection"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AwsConnection"];
                };
            };
        };
    };
    AwsConnections_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AwsConnection"];
                };
            };
        };
    };
    AwsConnections_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    AwsConnections_nameRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AwsConnectionRole"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AwsConnection"];
                };
            };
        };
    };
    AwsConnections_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AwsConnection"];
                };
            };
        };
    };
    AwsConnections_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the IAM policy that the role needs, and nothing more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    AwsConnections_trustPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description who may be the role: the marketplace, with the external id */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    AwsConnections_template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a CloudFormation template that makes the role */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
        };
    };
    Launches_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LaunchList"];
                };
            };
        };
    };
    Launches_launch: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLaunch"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Launch"];
                };
            };
        };
    };
    Launches_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Launch"];
                };
            };
        };
    };
    Launches_terminate: {
        parameters: {
            query?: {
                snapshot?: "true" | "false";
                volumes?: "delete" | "keep";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Launch"];
                };
            };
        };
    };
    Launches_want: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DesiredState"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Launch"];
                };
            };
        };
    };
    Launches_reboot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Launch"];
                };
            };
        };
    };
    Launches_settleEnding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Ending"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Launch"];
                };
            };
        };
    };
    Launches_schedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SnapshotSchedule"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Launch"];
                };
            };
        };
    };
    Fleets_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetList"];
                };
            };
        };
    };
    Fleets_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key is the same fleet, however often it is asked for */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFleet"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fleet"];
                };
            };
        };
    };
    Fleets_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fleet"];
                };
            };
        };
    };
    Fleets_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fleet"];
                };
            };
        };
    };
    Fleets_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FleetChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fleet"];
                };
            };
        };
    };
    Fleets_machines: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetMachineList"];
                };
            };
        };
    };
    Fleets_wake: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fleet"];
                };
            };
        };
    };
    Estimates_estimate: {
        parameters: {
            query: {
                /** @description of the product that is on sale, at its standing offer */
                productId?: string;
                offerId?: string;
                /** @description at the prices of a subscription of yours */
                subscriptionId?: string;
                region: string;
                instanceType: string;
                machines?: number;
                /** @description how long each machine runs in a month */
                hoursPerMonth?: number;
                /** @description GiB of each data volume of a machine, by volume type: gp3:100,gp3:20; the version's own when not given */
                volumes?: string;
                /** @description GiB of snapshots kept of each machine */
                snapshotGib?: number;
                /** @description what the vendor's software would report in a month, by dimension: users:25,storage_gb:100 */
                quantities?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimate"];
                };
            };
        };
    };
    Snippets_write: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSnippet"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snippet"];
                };
            };
        };
    };
    Images_list: {
        parameters: {
            query: {
                versionId: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageList"];
                };
            };
        };
    };
    ImageShares_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageShareList"];
                };
            };
        };
    };
    Scans_ofImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageScanList"];
                };
            };
        };
    };
    Scans_notices: {
        parameters: {
            query?: {
                /** @description all: those that are resolved, too */
                state?: "open" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageNoticeList"];
                };
            };
        };
    };
    Instances_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceList"];
                };
            };
        };
    };
    Instances_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
        };
    };
    Instances_console: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleOutput"];
                };
            };
        };
    };
    Events_ofLaunch: {
        parameters: {
            query?: never;
            header?: {
                /** @description go on after this event */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description each event’s data; the last event is "end" */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["ProgressEvent"];
                };
            };
        };
    };
    Events_ofInstance: {
        parameters: {
            query?: never;
            header?: {
                /** @description go on after this event */
                "Last-Event-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description each event’s data; the last event is "end" */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["ProgressEvent"];
                };
            };
        };
    };
    Volumes_list: {
        parameters: {
            query?: {
                launchId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VolumeList"];
                };
            };
        };
    };
    Volumes_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volume"];
                };
            };
        };
    };
    Volumes_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volume"];
                };
            };
        };
    };
    Volumes_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseVolume"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Volume"];
                };
            };
        };
    };
    Snapshots_list: {
        parameters: {
            query?: {
                launchId?: string;
                volumeId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SnapshotList"];
                };
            };
        };
    };
    Snapshots_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
        };
    };
    Snapshots_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
        };
    };
    Snapshots_take: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
        };
    };
    Restores_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRestore"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Restore"];
                };
            };
        };
    };
    Restores_list: {
        parameters: {
            query?: {
                launchId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RestoreList"];
                };
            };
        };
    };
    Restores_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Restore"];
                };
            };
        };
    };
    RestoreTests_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RestoreTest"];
                };
            };
        };
    };
    RestoreTests_list: {
        parameters: {
            query?: {
                launchId?: string;
                snapshotId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RestoreTestList"];
                };
            };
        };
    };
    RestoreTests_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RestoreTest"];
                };
            };
        };
    };
    Upgrades_list: {
        parameters: {
            query?: {
                launchId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpgradeList"];
                };
            };
        };
    };
    Upgrades_upgrade: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUpgrade"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upgrade"];
                };
            };
        };
    };
    Upgrades_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upgrade"];
                };
            };
        };
    };
    FleetUpgrades_list: {
        parameters: {
            query?: {
                fleetId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetUpgradeList"];
                };
            };
        };
    };
    FleetUpgrades_upgrade: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFleetUpgrade"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetUpgrade"];
                };
            };
        };
    };
    FleetUpgrades_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetUpgrade"];
                };
            };
        };
    };
    InfrastructurePrices_list: {
        parameters: {
            query?: {
                region?: string;
                kind?: "instance" | "volume" | "snapshot";
                type?: string;
                currency?: string;
                /** @description prices in force at this instant; now when not given */
                at?: string;
                /** @description all: every version, those that were and those to come too */
                versions?: "in_force" | "all";
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InfrastructurePriceList"];
                };
            };
        };
    };
    InfrastructurePrices_import: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string | {
                    prices: {
                        /**
                         * @description instance: an hour of an instance type. volume, snapshot: a month of a GiB
                         * @enum {string}
                         */
                        kind: "instance" | "volume" | "snapshot";
                        region: string;
                        /** @description instance type, volume type, or storage tier of snapshots (standard, archive) */
                        type: string;
                        currency: string;
                        /** @description major units */
                        rate: string;
                        /** @description the hour, or the day (UTC), from which on it is the price */
                        effectiveFrom: string;
                        /** @description where it was read, for a person */
                        source: string;
                    }[];
                };
                "text/csv": string | {
                    prices: {
                        /**
                         * @description instance: an hour of an instance type. volume, snapshot: a month of a GiB
                         * @enum {string}
                         */
                        kind: "instance" | "volume" | "snapshot";
                        region: string;
                        /** @description instance type, volume type, or storage tier of snapshots (standard, archive) */
                        type: string;
                        currency: string;
                        /** @description major units */
                        rate: string;
                        /** @description the hour, or the day (UTC), from which on it is the price */
                        effectiveFrom: string;
                        /** @description where it was read, for a person */
                        source: string;
                    }[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InfrastructurePriceImport"];
                };
            };
        };
    };
    InfrastructureCost_of: {
        parameters: {
            query: {
                subscriptionId: string;
                /** @description of one launch alone */
                launchId?: string;
                /** @description first hour, included; the start of this month (UTC) when not given */
                from?: string;
                /** @description end, excluded; now when not given */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InfrastructureCost"];
                };
            };
        };
    };
    Strays_list: {
        parameters: {
            query?: {
                /** @description both when not given */
                state?: "open" | "resolved";
                kind?: "ended" | "unknown" | "unentitled" | "outside" | "unseen";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StrayList"];
                };
            };
        };
    };
    KeyUse_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VendorKeyUses"];
                };
            };
        };
    };
    InstanceSessions_open: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IdentityProof"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceCredentials"];
                };
            };
        };
    };
    InstanceSessions_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instanceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    Usage_list: {
        parameters: {
            query?: {
                /** @description all subscriptions of the caller when not given */
                subscriptionId?: string;
                productCode?: string;
                dimension?: string;
                /** @description EC2's id of a machine of the subscription's, or ours */
                instanceId?: string;
                /** @description first hour, included; the start of this month when not given */
                from?: string;
                /** @description end, excluded; now when not given */
                to?: string;
                /** @description records at most */
                limit?: number;
                /** @description where the page before ended: its `nextCursor`, with the same filters */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
        };
    };
    Usage_report: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UsageReports"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageReportResults"];
                };
            };
        };
    };
    Events_take: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": ({
                    /** @enum {string} */
                    specversion: "1.0";
                    /** @description with the source, the identity of the event: the same again is the same event */
                    id: string;
                    source: string;
                    /** @enum {string} */
                    type: "slipway.usage.v1";
                    /** @description the subscription, by its id or its licence ARN */
                    subject: string;
                    /**
                     * Format: date-time
                     * @description any time in the hour of use
                     */
                    time: string;
                    datacontenttype?: string;
                    dataschema?: string;
                    data: {
                        dimension: string;
                        quantity: number | string;
                        /** @description EC2's id of a machine of the subscription's, or ours */
                        instanceId?: string;
                        /** @description how the quantity divides; the parts add up to it, and each has another set of tags */
                        allocations?: {
                            quantity: number | string;
                            /** @default [] */
                            tags?: {
                                key: string;
                                value: string;
                            }[];
                        }[];
                    };
                } & {
                    [key: string]: string | boolean | number | (null);
                }) | ({
                    /** @enum {string} */
                    specversion: "1.0";
                    /** @description with the source, the identity of the event: the same again is the same event */
                    id: string;
                    source: string;
                    /** @enum {string} */
                    type: "slipway.usage.v1";
                    /** @description the subscription, by its id or its licence ARN */
                    subject: string;
                    /**
                     * Format: date-time
                     * @description any time in the hour of use
                     */
                    time: string;
                    datacontenttype?: string;
                    dataschema?: string;
                    data: {
                        dimension: string;
                        quantity: number | string;
                        /** @description EC2's id of a machine of the subscription's, or ours */
                        instanceId?: string;
                        /** @description how the quantity divides; the parts add up to it, and each has another set of tags */
                        allocations?: {
                            quantity: number | string;
                            /** @default [] */
                            tags?: {
                                key: string;
                                value: string;
                            }[];
                        }[];
                    };
                } & {
                    [key: string]: string | boolean | number | (null);
                })[];
                "application/cloudevents-batch+json": ({
                    /** @enum {string} */
                    specversion: "1.0";
                    /** @description with the source, the identity of the event: the same again is the same event */
                    id: string;
                    source: string;
                    /** @enum {string} */
                    type: "slipway.usage.v1";
                    /** @description the subscription, by its id or its licence ARN */
                    subject: string;
                    /**
                     * Format: date-time
                     * @description any time in the hour of use
                     */
                    time: string;
                    datacontenttype?: string;
                    dataschema?: string;
                    data: {
                        dimension: string;
                        quantity: number | string;
                        /** @description EC2's id of a machine of the subscription's, or ours */
                        instanceId?: string;
                        /** @description how the quantity divides; the parts add up to it, and each has another set of tags */
                        allocations?: {
                            quantity: number | string;
                            /** @default [] */
                            tags?: {
                                key: string;
                                value: string;
                            }[];
                        }[];
                    };
                } & {
                    [key: string]: string | boolean | number | (null);
                }) | ({
                    /** @enum {string} */
                    specversion: "1.0";
                    /** @description with the source, the identity of the event: the same again is the same event */
                    id: string;
                    source: string;
                    /** @enum {string} */
                    type: "slipway.usage.v1";
                    /** @description the subscription, by its id or its licence ARN */
                    subject: string;
                    /**
                     * Format: date-time
                     * @description any time in the hour of use
                     */
                    time: string;
                    datacontenttype?: string;
                    dataschema?: string;
                    data: {
                        dimension: string;
                        quantity: number | string;
                        /** @description EC2's id of a machine of the subscription's, or ours */
                        instanceId?: string;
                        /** @description how the quantity divides; the parts add up to it, and each has another set of tags */
                        allocations?: {
                            quantity: number | string;
                            /** @default [] */
                            tags?: {
                                key: string;
                                value: string;
                            }[];
                        }[];
                    };
                } & {
                    [key: string]: string | boolean | number | (null);
                })[];
                "application/json": ({
                    /** @enum {string} */
                    specversion: "1.0";
                    /** @description with the source, the identity of the event: the same again is the same event */
                    id: string;
                    source: string;
                    /** @enum {string} */
                    type: "slipway.usage.v1";
                    /** @description the subscription, by its id or its licence ARN */
                    subject: string;
                    /**
                     * Format: date-time
                     * @description any time in the hour of use
                     */
                    time: string;
                    datacontenttype?: string;
                    dataschema?: string;
                    data: {
                        dimension: string;
                        quantity: number | string;
                        /** @description EC2's id of a machine of the subscription's, or ours */
                        instanceId?: string;
                        /** @description how the quantity divides; the parts add up to it, and each has another set of tags */
                        allocations?: {
                            quantity: number | string;
                            /** @default [] */
                            tags?: {
                                key: string;
                                value: string;
                            }[];
                        }[];
                    };
                } & {
                    [key: string]: string | boolean | number | (null);
                }) | ({
                    /** @enum {string} */
                    specversion: "1.0";
                    /** @description with the source, the identity of the event: the same again is the same event */
                    id: string;
                    source: string;
                    /** @enum {string} */
                    type: "slipway.usage.v1";
                    /** @description the subscription, by its id or its licence ARN */
                    subject: string;
                    /**
                     * Format: date-time
                     * @description any time in the hour of use
                     */
                    time: string;
                    datacontenttype?: string;
                    dataschema?: string;
                    data: {
                        dimension: string;
                        quantity: number | string;
                        /** @description EC2's id of a machine of the subscription's, or ours */
                        instanceId?: string;
                        /** @description how the quantity divides; the parts add up to it, and each has another set of tags */
                        allocations?: {
                            quantity: number | string;
                            /** @default [] */
                            tags?: {
                                key: string;
                                value: string;
                            }[];
                        }[];
                    };
                } & {
                    [key: string]: string | boolean | number | (null);
                })[];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description conflict: another quantity stands for this hour, and stays; rejected: nothing was recorded
                         * @enum {string}
                         */
                        status: "accepted" | "repeated" | "conflict" | "rejected";
                        /**
                         * Format: uuid
                         * @description the record that stands for the hour; also of a conflict
                         */
                        recordId?: string;
                        /** @description why it is a conflict or was rejected */
                        code?: string;
                        detail?: string;
                    } | components["schemas"]["UsageReportResults"];
                };
            };
        };
    };
    Corrections_list: {
        parameters: {
            query?: {
                subscriptionId?: string;
                state?: "proposed" | "approved" | "refused" | "withdrawn";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageCorrectionList"];
                };
            };
        };
    };
    Corrections_propose: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUsageCorrection"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageCorrection"];
                };
            };
        };
    };
    Corrections_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageCorrection"];
                };
            };
        };
    };
    Corrections_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageCorrection"];
                };
            };
        };
    };
    Corrections_decide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectionDecision"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageCorrection"];
                };
            };
        };
    };
    ConfirmInstance_confirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstanceToConfirm"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceConfirmation"];
                };
            };
        };
    };
    Heartbeats_alive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Heartbeat"];
                };
            };
        };
    };
    Silences_list: {
        parameters: {
            query?: {
                subscriptionId?: string;
                instanceId?: string;
                state?: "open" | "ended";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SilenceList"];
                };
            };
        };
    };
    Receipts_list: {
        parameters: {
            query: {
                subscriptionId: string;
                /** @description the last sequence that is known */
                after?: string;
                /** @description receipts at most */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageReceipts"];
                };
            };
        };
    };
    Receipts_export: {
        parameters: {
            query: {
                subscriptionId: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A receipt a line; the last line is the signed head of the chain */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
        };
    };
    Receipts_listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiptKeys"];
                };
            };
        };
    };
    Invoices_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvoiceList"];
                };
            };
        };
    };
    Invoices_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invoice"];
                };
            };
        };
    };
    Invoices_pay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is charged to the payment method now */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invoice"];
                };
            };
        };
    };
    Invoices_pdf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the invoice as it was sent; the same bytes each time */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
        };
    };
    Invoices_csv: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a line for each line of the invoice */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
        };
    };
    PaymentLinks_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentLink"];
                };
            };
        };
    };
    PaymentLinks_make: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one for the invoice; the same again while it can be paid */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentLink"];
                };
            };
        };
    };
    PaymentLinks_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description nobody can pay there any more */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentLink"];
                };
            };
        };
    };
    LiveCosts_of: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                subscriptionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveCost"];
                };
            };
        };
    };
    Explain_line: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                lineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
        };
    };
    Explain_records: {
        parameters: {
            query?: {
                after?: string;
            };
            header?: never;
            path: {
                lineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplainedRecordPage"];
                };
            };
        };
    };
    HeldCloses_list: {
        parameters: {
            query?: {
                state?: "held" | "released" | "rejected" | "superseded";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldCloseList"];
                };
            };
        };
    };
    HeldCloses_decide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeldCloseDecision"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldClose"];
                };
            };
        };
    };
    CreditNotes_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreditNoteList"];
                };
            };
        };
    };
    CreditNotes_issue: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCreditNote"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreditNote"];
                };
            };
        };
    };
    CreditNotes_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreditNote"];
                };
            };
        };
    };
    CreditNotes_pdf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the note as it was sent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
        };
    };
    CreditNotes_csv: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a line for each line that it is about */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
        };
    };
    PriceSimulations_run: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPriceSimulation"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceSimulation"];
                };
            };
        };
    };
    Credits_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreditList"];
                };
            };
        };
    };
    Credits_grant: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCredit"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credit"];
                };
            };
        };
    };
    PaymentMethods_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentMethod"];
                };
            };
        };
    };
    PaymentMethods_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPaymentMethod"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentMethod"];
                };
            };
        };
    };
    BillingDetails_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillingDetails"];
                };
            };
        };
    };
    BillingDetails_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBillingDetails"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillingDetails"];
                };
            };
        };
    };
    PaymentTerms_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                buyerId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentTerms"];
                };
            };
        };
    };
    PaymentTerms_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                buyerId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPaymentTerms"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentTerms"];
                };
            };
        };
    };
    PayoutAccounts_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutAccount"];
                };
            };
        };
    };
    PayoutAccounts_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPayoutAccount"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutAccount"];
                };
            };
        };
    };
    Refunds_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefundList"];
                };
            };
        };
    };
    Refunds_ask: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRefund"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
        };
    };
    Refunds_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
        };
    };
    Disputes_atBanks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DisputeList"];
                };
            };
        };
    };
    Disputes_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineDisputeList"];
                };
            };
        };
    };
    Disputes_open: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLineDispute"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineDispute"];
                };
            };
        };
    };
    Disputes_decide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LineDecision"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineDispute"];
                };
            };
        };
    };
    Disputes_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineDispute"];
                };
            };
        };
    };
    Dunning_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverdueList"];
                };
            };
        };
    };
    WriteOffs_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WriteOffList"];
                };
            };
        };
    };
    WriteOffs_write: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWriteOff"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WriteOff"];
                };
            };
        };
    };
    FeeRules_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeeRuleList"];
                };
            };
        };
    };
    FeeRules_add: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFeeRule"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeeRule"];
                };
            };
        };
    };
    FeeRules_addVersion: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFeeRuleVersion"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeeRule"];
                };
            };
        };
    };
    FeeRules_receipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description by the id of an invoice line, or of the charge that it is for */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeeReceipt"];
                };
            };
        };
    };
    Earnings_earned: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Earnings"];
                };
            };
        };
    };
    Earnings_payouts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutList"];
                };
            };
        };
    };
    PayoutPolicies_own: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutPolicy"];
                };
            };
        };
    };
    PayoutPolicies_setOwn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnPayoutPolicy"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutPolicy"];
                };
            };
        };
    };
    PayoutPolicies_of: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                vendorId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutPolicy"];
                };
            };
        };
    };
    PayoutPolicies_set: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                vendorId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPayoutPolicy"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutPolicy"];
                };
            };
        };
    };
    PayoutPolicies_large: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LargePayoutList"];
                };
            };
        };
    };
    PayoutPolicies_ask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskForPayout"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LargePayout"];
                };
            };
        };
    };
    PayoutPolicies_decide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                payoutId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PayoutDecision"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LargePayout"];
                };
            };
        };
    };
    PayoutForecast_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayoutForecast"];
                };
            };
        };
    };
    Statements_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementList"];
                };
            };
        };
    };
    Statements_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                period: string;
                currency: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statement"];
                };
            };
        };
    };
    Statements_pdf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                period: string;
                currency: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the statement to print */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
        };
    };
    Statements_csv: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                period: string;
                currency: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description opening, a row for each entry, closing */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
        };
    };
    Reports_revenue: {
        parameters: {
            query: {
                /** @description first month */
                from: string;
                /** @description last month, inclusive */
                to: string;
                /** @description csv has amounts in major units */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevenueReport"];
                    "text/csv; charset=utf-8": components["schemas"]["RevenueReport"];
                };
            };
        };
    };
    Reports_usage: {
        parameters: {
            query: {
                /** @description first month */
                from: string;
                /** @description last month, inclusive */
                to: string;
                /** @description csv has amounts in major units */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageReport"];
                    "text/csv; charset=utf-8": components["schemas"]["UsageReport"];
                };
            };
        };
    };
    Reports_customers: {
        parameters: {
            query?: {
                /** @description csv has amounts in major units */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomersReport"];
                    "text/csv; charset=utf-8": components["schemas"]["CustomersReport"];
                };
            };
        };
    };
    Reports_churn: {
        parameters: {
            query: {
                /** @description first month */
                from: string;
                /** @description last month, inclusive */
                to: string;
                /** @description csv has amounts in major units */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChurnReport"];
                    "text/csv; charset=utf-8": components["schemas"]["ChurnReport"];
                };
            };
        };
    };
    Reports_forecast: {
        parameters: {
            query?: {
                /** @description csv has amounts in major units */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForecastReport"];
                    "text/csv; charset=utf-8": components["schemas"]["ForecastReport"];
                };
            };
        };
    };
    Reports_volume: {
        parameters: {
            query: {
                /** @description first month */
                from: string;
                /** @description last month, inclusive */
                to: string;
                /** @description csv has amounts in major units */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VolumeReport"];
                    "text/csv; charset=utf-8": components["schemas"]["VolumeReport"];
                };
            };
        };
    };
    Reports_receivables: {
        parameters: {
            query?: {
                /** @description csv has amounts in major units */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceivablesReport"];
                    "text/csv; charset=utf-8": components["schemas"]["ReceivablesReport"];
                };
            };
        };
    };
    Reports_costByProduct: {
        parameters: {
            query: {
                /** @description first month */
                from: string;
                /** @description last month, inclusive */
                to: string;
                /** @description csv has amounts in major units */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CostByProductReport"];
                    "text/csv; charset=utf-8": components["schemas"]["CostByProductReport"];
                };
            };
        };
    };
    Reports_costByDay: {
        parameters: {
            query: {
                /** @description first month */
                from: string;
                /** @description last month, inclusive */
                to: string;
                /** @description csv has amounts in major units */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CostByDayReport"];
                    "text/csv; charset=utf-8": components["schemas"]["CostByDayReport"];
                };
            };
        };
    };
    Reports_costByTag: {
        parameters: {
            query: {
                /** @description first month */
                from: string;
                /** @description last month, inclusive */
                to: string;
                /** @description csv has amounts in major units */
                format?: "json" | "csv";
                /** @description key of the tag, such as team */
                tag: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CostByTagReport"];
                    "text/csv; charset=utf-8": components["schemas"]["CostByTagReport"];
                };
            };
        };
    };
    Ledger_chain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerChain"];
                };
            };
        };
    };
    Ledger_proofs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerProofList"];
                };
            };
        };
    };
    Ledger_trialBalance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialBalance"];
                };
            };
        };
    };
    Reconciliations_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationList"];
                };
            };
        };
    };
    Reconciliations_ask: {
        parameters: {
            query?: never;
            header?: {
                /** @description repeat a request safely */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReconciliation"];
            };
        };
        responses: {
            /** @description it is finished some time later */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
        };
    };
    Reconciliations_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
        };
    };
    Reconciliations_csv: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a line for each difference */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
        };
    };
    Platform_summary: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Platform"];
                };
            };
        };
    };
}
