/** Which address shows which page, and who may see it. What only vendors and operators see is loaded when they come to it. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type ParsedLocation,
} from '@tanstack/react-router';
import { CompanyPage } from './features/account/company-page.tsx';
import { SignInPage } from './features/account/sign-in-page.tsx';
import { SignUpPage } from './features/account/sign-up-page.tsx';
import { ProductPage } from './features/browse/product-page.tsx';
import { Storefront } from './features/browse/storefront.tsx';
import { queryClient } from './lib/query-client.ts';
import { meQuery, type AccountKind } from './lib/session.ts';
import { PageProblem } from './ui/problem-alert.tsx';
import { NotFound } from './ui/not-found.tsx';
import { Shell } from './ui/shell.tsx';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);

const root = createRootRoute({ component: Shell, notFoundComponent: () => <NotFound /> });

const storefront = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: ({ q, category }): { q?: string; category?: string } => ({ q: text(q), category: text(category) }),
  component: Storefront,
});
const product = createRoute({ getParentRoute: () => root, path: '/products/$slug', component: ProductPage });

/** Where somebody wanted to go before they had to sign in. Only our own paths: a link must not lead elsewhere. */
const validateSearch = ({ next }: Record<string, unknown>): { next?: string } => ({
  next: /^\/(?![/\\])/.test(text(next) ?? '') ? text(next) : undefined,
});
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', validateSearch, component: SignInPage });
const signUp = createRoute({ getParentRoute: () => root, path: '/sign-up', validateSearch, component: SignUpPage });
const company = createRoute({ getParentRoute: () => root, path: '/company', validateSearch, component: CompanyPage });

/** Lets in who is signed in for a company of one of `kinds`. */
const only =
  (...kinds: AccountKind[]) =>
  async ({ location }: { location: ParsedLocation }): Promise<void> => {
    const me = await queryClient.fetchQuery(meQuery);
    if (!me) throw redirect({ to: '/sign-in', search: { next: location.href } });
    if (!kinds.includes(me.organization.kind)) throw redirect({ to: '/account' });
  };

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: only('buyer', 'vendor', 'operator', 'auditor'),
});
const buyer = createRoute({ getParentRoute: () => root, id: 'buyer', beforeLoad: only('buyer') });
const vendor = createRoute({ getParentRoute: () => root, id: 'vendor', beforeLoad: only('vendor') });
const billed = createRoute({ getParentRoute: () => root, id: 'billed', beforeLoad: only('buyer', 'operator', 'auditor') });
const operator = createRoute({ getParentRoute: () => root, id: 'operator', beforeLoad: only('operator') });

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('./features/account/account-page.tsx'), 'AccountPage'),
});

const machines = createRoute({
  getParentRoute: () => buyer,
  path: '/machines',
  component: lazyRouteComponent(() => import('./features/machines/machines-page.tsx'), 'MachinesPage'),
});
const machine = createRoute({
  getParentRoute: () => buyer,
  path: '/machines/$id',
  component: lazyRouteComponent(() => import('./features/machines/machine-page.tsx'), 'MachinePage'),
});
const subscriptions = createRoute({
  getParentRoute: () => buyer,
  path: '/subscriptions',
  component: lazyRouteComponent(() => import('./features/subscribe/subscriptions-page.tsx'), 'SubscriptionsPage'),
});
const subscription = createRoute({
  getParentRoute: () => buyer,
  path: '/subscriptions/$id',
  component: lazyRouteComponent(() => import('./features/usage/subscription-page.tsx'), 'SubscriptionPage'),
});
const invoices = createRoute({
  getParentRoute: () => buyer,
  path: '/invoices',
  component: lazyRouteComponent(() => import('./features/invoices/invoices-page.tsx'), 'InvoicesPage'),
});
const invoice = createRoute({
  getParentRoute: () => billed,
  path: '/invoices/$id',
  component: lazyRouteComponent(() => import('./features/invoices/invoice-page.tsx'), 'InvoicePage'),
});

const vendorProducts = createRoute({
  getParentRoute: () => vendor,
  path: '/vendor/products',
  component: lazyRouteComponent(() => import('./features/publish/products-page.tsx'), 'ProductsPage'),
});
const vendorProduct = createRoute({
  getParentRoute: () => vendor,
  path: '/vendor/products/$id',
  component: lazyRouteComponent(() => import('./features/publish/vendor-product-page.tsx'), 'VendorProductPage'),
});
const customers = createRoute({
  getParentRoute: () => vendor,
  path: '/vendor/customers',
  component: lazyRouteComponent(() => import('./features/publish/customers-page.tsx'), 'CustomersPage'),
});
const customer = createRoute({
  getParentRoute: () => vendor,
  path: '/vendor/customers/$id',
  component: lazyRouteComponent(() => import('./features/publish/customer-page.tsx'), 'CustomerPage'),
});
const earnings = createRoute({
  getParentRoute: () => vendor,
  path: '/vendor/earnings',
  component: lazyRouteComponent(() => import('./features/earnings/earnings-page.tsx'), 'EarningsPage'),
});

/** Where Stripe sends a vendor back to. */
const backFromStripe = createRoute({
  getParentRoute: () => vendor,
  path: '/earnings',
  beforeLoad: () => {
    throw redirect({ to: '/vendor/earnings' });
  },
});

const operate = createRoute({
  getParentRoute: () => operator,
  path: '/operate',
  component: lazyRouteComponent(() => import('./features/operate/operate-page.tsx'), 'OperatePage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    storefront,
    product,
    signIn,
    signUp,
    company,
    signedIn.addChildren([account]),
    buyer.addChildren([machines, machine, subscriptions, subscription, invoices]),
    billed.addChildren([invoice]),
    vendor.addChildren([vendorProducts, vendorProduct, customers, customer, earnings, backFromStripe]),
    operator.addChildren([operate]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: PageProblem,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
