package dev.offramp.crash;

import dev.offramp.Offramp;
import dev.offramp.offboarding.AzureSubscription;
import dev.offramp.offboarding.Customer;
import dev.offramp.offboarding.CustomerId;
import dev.offramp.offboarding.Entitlement;
import dev.offramp.offboarding.Subscription;
import dev.offramp.offboarding.SubscriptionId;
import dev.offramp.partnercenter.Call;
import dev.offramp.partnercenter.CustomerPage;
import dev.offramp.partnercenter.Denial;
import dev.offramp.partnercenter.OrderResource;
import dev.offramp.partnercenter.PartnerCenter;
import dev.offramp.partnercenter.Permit;
import dev.offramp.partnercenter.Read;
import dev.offramp.partnercenter.ResourceList;
import dev.offramp.partnercenter.SubscriptionResource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.support.GenericApplicationContext;

/** The service, broken on purpose: it repeats a call without reading first, as it believes what it read once. */
final class RepeatingOfframp {

    private RepeatingOfframp() {}

    public static void main(String[] args) {
        new SpringApplicationBuilder(Offramp.class)
                .initializers(context ->
                        ((GenericApplicationContext) context).registerBean(ForgetsToRead.class, ForgetsToRead::new))
                .run(args);
    }

    /** Puts the breakage around the real client. */
    static final class ForgetsToRead implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof PartnerCenter real ? new FromMemory(real) : bean;
        }
    }

    /** Answers every read of a subscription with the first one. */
    private record FromMemory(PartnerCenter real, Map<SubscriptionId, Read<SubscriptionResource>> memory)
            implements PartnerCenter {

        FromMemory(PartnerCenter real) {
            this(real, new ConcurrentHashMap<>());
        }

        @Override
        public Read<SubscriptionResource> subscription(CustomerId customer, SubscriptionId subscription) {
            return memory.computeIfAbsent(subscription, each -> real.subscription(customer, each));
        }

        @Override
        public Read<CustomerPage> customers(@Nullable String continuation) {
            return real.customers(continuation);
        }

        @Override
        public Read<Customer> customer(CustomerId customer) {
            return real.customer(customer);
        }

        @Override
        public Read<ResourceList<Subscription>> subscriptions(CustomerId customer) {
            return real.subscriptions(customer);
        }

        @Override
        public Read<ResourceList<Entitlement>> entitlements(CustomerId customer) {
            return real.entitlements(customer);
        }

        @Override
        public Call changeSubscription(Permit permit, SubscriptionResource current) {
            return real.changeSubscription(permit, current);
        }

        @Override
        public Read<ResourceList<AzureSubscription>> azureSubscriptions(CustomerId customer, SubscriptionId plan) {
            return real.azureSubscriptions(customer, plan);
        }

        @Override
        public Read<OrderResource> order(CustomerId customer, String order) {
            return real.order(customer, order);
        }

        @Override
        public Read<ResourceList<OrderResource>> orders(CustomerId customer) {
            return real.orders(customer);
        }

        @Override
        public Call cancelOrder(Permit permit, OrderResource current) {
            return real.cancelOrder(permit, current);
        }

        @Override
        public Call cancelAzureSubscription(Permit permit) {
            return real.cancelAzureSubscription(permit);
        }

        @Override
        public Call removeResellerRelationship(Permit permit) {
            return real.removeResellerRelationship(permit);
        }

        @Override
        public boolean canSignIn(Denial signIn) {
            return real.canSignIn(signIn);
        }
    }
}
