/** The first page after signing in. */
import type { AccountKind } from '../../lib/session.ts';

const HOMES: Record<AccountKind, string> = { buyer: '/', vendor: '/vendor/products', operator: '/operate', auditor: '/invoices' };

export const homeOf = (kind: AccountKind): string => HOMES[kind];
