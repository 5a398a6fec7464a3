/** What each kind of account finds in the menu. */
import {
  IconBuildingStore,
  IconCoins,
  IconDeviceDesktop,
  IconFileInvoice,
  IconGauge,
  IconPackage,
  IconReceipt,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import type { AccountKind } from '../lib/session.ts';

const STOREFRONT = { to: '/', label: 'Storefront', icon: IconBuildingStore } as const;

export interface Place {
  to:
    | '/'
    | '/machines'
    | '/subscriptions'
    | '/invoices'
    | '/vendor/products'
    | '/vendor/customers'
    | '/vendor/earnings'
    | '/operate';
  label: string;
  icon: TablerIcon;
}

const PLACES: Record<AccountKind, Place[]> = {
  buyer: [
    STOREFRONT,
    { to: '/machines', label: 'Machines', icon: IconDeviceDesktop },
    { to: '/subscriptions', label: 'Subscriptions', icon: IconReceipt },
    { to: '/invoices', label: 'Invoices', icon: IconFileInvoice },
  ],
  vendor: [
    STOREFRONT,
    { to: '/vendor/products', label: 'Products', icon: IconPackage },
    { to: '/vendor/customers', label: 'Customers', icon: IconUsers },
    { to: '/vendor/earnings', label: 'Earnings', icon: IconCoins },
  ],
  operator: [STOREFRONT, { to: '/operate', label: 'Operate', icon: IconGauge }],
  auditor: [STOREFRONT, { to: '/invoices', label: 'Invoices', icon: IconFileInvoice }],
};

export const placesFor = (kind: AccountKind | undefined): Place[] => (kind ? PLACES[kind] : [STOREFRONT]);
