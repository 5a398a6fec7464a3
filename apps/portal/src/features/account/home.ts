/** The first page after joining. */
export const homeOf = (kind: 'buyer' | 'vendor'): string => (kind === 'vendor' ? '/vendor/products' : '/');
