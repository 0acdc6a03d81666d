package dev.offramp.partnercenter;

/** Bodies in the shapes of the documented examples. */
final class Fixtures {

    private Fixtures() {}

    /** The marketplace subscription of the cancel page, as a read gives it before it is cancelled. */
    static String marketplaceSubscription(String status) {
        return """
                {
                    "id": "%s",
                    "offerId": "DZH318Z0BXWC:0001:DZH318Z0BMJX",
                    "offerName": "Backup of everything",
                    "friendlyName": "Backup",
                    "quantity": 1,
                    "unitType": "License(s)",
                    "hasPurchasableAddons": false,
                    "creationDate": "2019-01-04T01:00:12.6647304Z",
                    "effectiveStartDate": "2019-01-09T00:21:45.9263727+00:00",
                    "commitmentEndDate": "2019-02-08T00:21:45.9263727+00:00",
                    "status": "%s",
                    "autoRenewEnabled": false,
                    "isTrial": false,
                    "billingType": "license",
                    "billingCycle": "monthly",
                    "termDuration": "P1M",
                    "refundOptions": [{
                        "type": "Full",
                        "expiresAt": "2019-01-10T00:21:45.9263727+00:00"
                    }],
                    "isMicrosoftProduct": false,
                    "partnerId": "",
                    "contractType": "subscription",
                    "publisherName": "Somebody",
                    "orderId": "ImxjLNL4_fOc-2KoyOxGTZcrlIquzls11",
                    "attributes": {"etag": "%s", "objectType": "Subscription"}
                }
                """.formatted(TestClient.SUBSCRIPTION, status, status.equals("deleted") ? "" : "v1-etag");
    }

    /** What the unlink page shows as the answer: PascalCase, and everything null but the relationship. */
    static final String UNLINKED = """
            {
                "Id":null,
                "CommerceId":null,
                "CompanyProfile":null,
                "BillingProfile":null,
                "RelationshipToPartner":"none",
                "AllowDelegatedAccess":null,
                "UserCredentials":null,
                "CustomDomains":null,
                "AssociatedPartnerId":null,
                "Attributes":{
                    "ObjectType":"Customer"
                }
            }
            """;

    static final String CUSTOMER = """
            {
                "id": "5921f00a-32c0-4457-aaa1-e8018c650895",
                "companyProfile": {
                    "tenantId": "5921f00a-32c0-4457-aaa1-e8018c650895",
                    "domain": "contoso.example",
                    "companyName": "Contoso"
                },
                "relationshipToPartner": "reseller",
                "attributes": {"objectType": "Customer"}
            }
            """;
}
