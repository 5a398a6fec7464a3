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
                kind: "buyer" | "vendor" | "operator";
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
            /** Format: date-time */
            createdAt: string;
            /** @description how far the image is in each region */
            images: {
                region: string;
                /** @enum {string} */
                state: "waiting" | "copying" | "testing" | "ready" | "rejected";
                rejection: string | null;
            }[];
        };
        VersionList: {
            items: components["schemas"]["Version"][];
        };
        NewOffer: {
            currency: string;
            /** @description the licence text that buyers accept */
            terms: string;
            prices: ({
                /** @enum {string} */
                model: "hourly";
                /** @default Running machine */
                description: string;
                /**
                 * @default hour
                 * @enum {string}
                 */
                unit: "hour";
                rate: string;
                /**
                 * @description what running is counted in: each hour begun, or each second as a fraction of the hour
                 * @default hour
                 * @enum {string}
                 */
                increment: "hour" | "second";
                /** @description with increment "second": what each start of a machine costs at least; 60 unless said otherwise */
                minimumSeconds?: number;
            } | {
                /** @enum {string} */
                model: "metered";
                dimension: string;
                description: string;
                unit: string;
                rate: string;
            })[];
            /**
             * @description what subscribers are entitled to, as GetEntitlements says it to your software
             * @default []
             */
            entitlements: components["schemas"]["Entitlement"][];
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
            entitlements: components["schemas"]["Entitlement"][];
            /** Format: date-time */
            createdAt: string;
        };
        Price: {
            /** @enum {string} */
            model: "hourly" | "metered";
            dimension: string;
            description: string;
            unit: string;
            rate: string;
            /**
             * @description of an hourly price
             * @enum {string}
             */
            increment?: "hour" | "second";
            /** @description of an hourly price by the second */
            minimumSeconds?: number;
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
        NewLaunch: {
            /** Format: uuid */
            subscriptionId: string;
            region: string;
            instanceType: string;
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
            /** @enum {string} */
            desired: "running" | "terminated";
            /** @enum {string} */
            state: "accepted" | "planned" | "pending" | "running" | "healthy" | "stopping" | "stopped" | "terminating" | "terminated" | "failed";
            /** @description where the appliance answers, once it is healthy */
            url: string | null;
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
        LaunchList: {
            items: components["schemas"]["Launch"][];
        };
        ImageList: {
            items: components["schemas"]["Image"][];
        };
        Image: {
            region: string;
            /** @enum {string} */
            state: "waiting" | "copying" | "testing" | "ready" | "rejected";
            checks: {
                /** @enum {string} */
                control: "exists" | "available" | "ebs_root" | "hvm" | "architecture" | "unencrypted" | "ena" | "copies" | "boots";
                /** @enum {string} */
                result: "PASS" | "FAIL" | "NOT_EXECUTED";
                reason: string;
            }[];
            /** @description why it is not sold in this region */
            rejection: string | null;
            /** Format: date-time */
            readyAt: string | null;
        };
        InstanceList: {
            items: components["schemas"]["Instance"][];
        };
        Instance: {
            /**
             * Format: uuid
             * @description the launch's id
             */
            id: string;
            /** Format: uuid */
            subscriptionId: string;
            /** Format: uuid */
            productId: string;
            product: string;
            region: string;
            instanceType: string;
            /** @enum {string} */
            state: "planned" | "pending" | "running" | "healthy" | "stopping" | "stopped" | "terminating" | "terminated" | "failed";
            ec2InstanceId: string | null;
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
            state: "open" | "paid";
            currency: string;
            /** Format: date-time */
            periodStart: string;
            /** Format: date-time */
            periodEnd: string;
            totalMinor: string;
            /** Format: date-time */
            finalisedAt: string;
            /** Format: date-time */
            dueAt: string;
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
            state: "open" | "paid";
            currency: string;
            /** Format: date-time */
            periodStart: string;
            /** Format: date-time */
            periodEnd: string;
            totalMinor: string;
            /** Format: date-time */
            finalisedAt: string;
            /** Format: date-time */
            dueAt: string;
            /** Format: date-time */
            paidAt: string | null;
            /** @description why the last attempt to collect failed */
            paymentFailure: string | null;
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
            /** @description how much of the quantity one unit is: 3600 for seconds that are priced by the hour; the amount is quantity / unitSize * rate */
            unitSize: string;
            unit: string;
            rate: string;
            amountMinor: string;
        };
        PaymentMethod: {
            paymentMethodId: string | null;
            /** @description what a person knows it by: visa •••• 4242 */
            cardLabel: string | null;
            /**
             * @description past_due while an invoice could not be collected
             * @enum {string}
             */
            standing: "good" | "past_due" | "suspended";
        };
        NewPaymentMethod: {
            paymentMethodId: string;
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
        Earnings: {
            items: {
                currency: string;
                /** @description the vendor's share of all invoices */
                earnedMinor: string;
                /** @description invoiced, not paid by the buyer yet, or on hold */
                unsettledMinor: string;
                /** @description paid by the buyer, not sent yet */
                payableMinor: string;
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
