/** The shelves of the storefront, as the API names them. */
import type { Schemas } from '../../lib/api.ts';
import { title } from '../../lib/format.ts';

export type Category = Schemas['NewListing']['category'];

const NAMES: Record<Category, string> = {
  analytics: 'Analytics',
  business: 'Business',
  content: 'Content',
  database: 'Databases',
  'developer-tools': 'Developer tools',
  networking: 'Networking',
  security: 'Security',
  other: 'Other',
};

export const CATEGORIES = Object.entries(NAMES).map(([value, label]) => ({ value, label }));

export const categoryName = (category: string): string => NAMES[category as Category] ?? title(category);
