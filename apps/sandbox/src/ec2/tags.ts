/** Tags: an account's own notes on a resource. Kept apart from the resource, since each account sees only those it made. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, type Actions, type Call } from './call.ts';
import { filtered, namedBy, paged } from './filters.ts';
import { filters, paging, tag, text, type FilterInput, type TagInput, type TagSpecifications } from './input.ts';
import { mustExist } from './tagged.ts';
import { placeOf, type Tags } from './world.ts';
import type { Xml } from './xml.ts';

type Place = Pick<Call, 'world' | 'accountId' | 'region'>;

/** The tags that the account put on the resource. */
export const tagsOf = ({ world, accountId }: Pick<Call, 'world' | 'accountId'>, resourceId: string): Record<string, string> =>
  world.tags.get(`${accountId}/${resourceId}`)?.tags ?? {};

/** The ids of the caller's resources that a `tag:` filter names outright; undefined when none does. */
export function idsTagged(call: Call, given: FilterInput): string[] | undefined {
  const byTag = namedBy(given, (name) => name.startsWith('tag:'));
  const key = byTag?.Name.slice('tag:'.length);
  return byTag?.Value.flatMap((value) => call.world.find.tagged.get(`${placeOf(call)}/${key}=${value}`)).map(
    (entry) => entry.resourceId,
  );
}

export const tagSet = (tags: Record<string, string>): Xml => Object.entries(tags).map(([key, value]) => ({ key, value }));

/** Adds to what is there already; a key that exists gets the new value. */
export function addTags(place: Place, resourceId: string, added: Record<string, string>): void {
  if (Object.keys(added).length === 0) return;
  const tags = { ...tagsOf(place, resourceId), ...added };
  if (Object.keys(tags).length > 50) {
    throw new VendorError('TagLimitExceeded', `The number of tags for ${resourceId} would exceed the maximum of 50`);
  }
  write(place, resourceId, tags);
}

/**
 * The tags that a call asks for on what it makes, by resource type.
 * @param types the resource types that this call can tag.
 * @throws VendorError InvalidParameterValue for another type, a doubled key or a reserved one.
 */
export function specifiedTags(specifications: TagSpecifications, types: string[]): Record<string, Record<string, string>> {
  const byType: Record<string, Record<string, string>> = {};
  for (const { ResourceType, Tag } of specifications) {
    if (!types.includes(ResourceType)) {
      throw new VendorError(
        'InvalidParameterValue',
        `'${ResourceType}' is not a valid taggable resource type for this operation.`,
      );
    }
    if (byType[ResourceType])
      throw new VendorError('InvalidParameterValue', `Duplicate resource type '${ResourceType}' in TagSpecification`);
    byType[ResourceType] = checkedTags(Tag);
  }
  return byType;
}

export const tagActions: Actions = {
  CreateTags: action({ ResourceId: z.array(text).min(1), Tag: z.array(tag).min(1) }, (call, input) => {
    const tags = checkedTags(input.Tag);
    for (const id of input.ResourceId) mustExist(call, id);
    for (const id of input.ResourceId) addTags(call, id, tags);
    return { return: true };
  }),

  DeleteTags: action(
    { ResourceId: z.array(text).min(1), Tag: z.array(z.strictObject({ Key: text, Value: text.optional() })).optional() },
    (call, input) => {
      for (const id of input.ResourceId) mustExist(call, id);
      for (const id of input.ResourceId) {
        const left = Object.entries(tagsOf(call, id)).filter(
          ([key, value]) => input.Tag && !input.Tag.some((gone) => gone.Key === key && (gone.Value ?? value) === value),
        );
        write(call, id, Object.fromEntries(left));
      }
      return { return: true };
    },
  ),

  DescribeTags: action({ Filter: filters, ...paging }, (call, input) => {
    const mine = call.world.find.tags
      .get(placeOf(call))
      .flatMap((entry) => Object.entries(entry.tags).map(([key, value], index) => ({ entry, key, value, index })));
    const shown = filtered(mine, input.Filter, {
      key: ({ key }) => [key],
      value: ({ value }) => [value],
      'resource-id': ({ entry }) => [entry.resourceId],
      'resource-type': ({ entry }) => [resourceType(entry.resourceId)],
    });
    const page = paged(shown, ({ entry, index }) => entry.number * 50 + index, input);
    return {
      tagSet: page.items.map(({ entry, key, value }) => ({
        resourceId: entry.resourceId,
        resourceType: resourceType(entry.resourceId),
        key,
        value,
      })),
      nextToken: page.nextToken,
    };
  }),
};

function write({ world, accountId, region }: Place, resourceId: string, tags: Record<string, string>): void {
  const key = `${accountId}/${resourceId}`;
  const number = world.tags.get(key)?.number ?? world.store.next('tagged');
  world.tags.set(key, { number, accountId, region, resourceId, tags } satisfies Tags);
}

/** Limits and the reserved prefix: EC2 User Guide, "Tag restrictions". */
function checkedTags(given: TagInput[]): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const { Key, Value } of given) {
    if (Key === '' || Key.length > 128)
      throw new VendorError('InvalidParameterValue', 'Tag keys must be between 1 and 128 characters in length.');
    if (Value.length > 256)
      throw new VendorError('InvalidParameterValue', 'Tag values must be at most 256 characters in length.');
    if (/^aws:/i.test(Key))
      throw new VendorError('InvalidParameterValue', "Tag keys starting with 'aws:' are reserved for internal use");
    if (Object.hasOwn(tags, Key)) throw new VendorError('InvalidParameterValue', `Duplicate tag key '${Key}' specified.`);
    tags[Key] = Value;
  }
  return tags;
}

const TYPE_OF_PREFIX: Record<string, string> = {
  i: 'instance',
  ami: 'image',
  sg: 'security-group',
  vol: 'volume',
  snap: 'snapshot',
  key: 'key-pair',
  pg: 'placement-group',
};

const resourceType = (id: string): string => TYPE_OF_PREFIX[id.split('-')[0] ?? ''] ?? 'unknown';
