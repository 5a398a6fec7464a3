/** A CloudEvents 1.0 event that reports usage. */
import { z } from 'zod';
import { allocations, instanceName, name, quantity, ReportResult, ReportResults } from './report-usage.schema.ts';

export const EVENT_TYPE = 'slipway.usage.v1';
export const MOST_EVENTS = 1000;

/** RFC 3986: what a URI reference is written with. */
const uriReference = z.string().regex(/^[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/, 'must be a URI reference');
const isJson = /^application\/([\w.-]+\+)?json\s*(;.*)?$/i;

/**
 * Strict where CloudEvents is: a missing id is an error and not made up, for it tells a repeat from something new. Whatever else an
 * event carries (extensions) is looked at for its form and left alone.
 */
export const UsageEvent = z
  .object({
    specversion: z.literal('1.0'),
    id: name(255).describe('with the source, the identity of the event: the same again is the same event'),
    source: uriReference.max(1024),
    type: z.literal(EVENT_TYPE),
    subject: name(2048).describe('the subscription, by its id or its licence ARN'),
    time: z.iso
      .datetime({ offset: true })
      .transform((value) => new Date(value))
      .describe('any time in the hour of use'),
    datacontenttype: z.string().regex(isJson, 'must be JSON').optional(),
    dataschema: uriReference.optional(),
    data: z.strictObject({ dimension: name(255), quantity, instanceId: instanceName.optional(), allocations }),
  })
  .catchall(z.union([z.string(), z.boolean(), z.int32(), z.null()], 'must be text, a whole number or a boolean'))
  .superRefine((event, { addIssue }) => {
    for (const attribute of Object.keys(event))
      if (!/^[a-z0-9]+$/.test(attribute))
        addIssue({
          code: 'custom',
          path: [attribute],
          message: 'is not a name of CloudEvents: lower-case letters and digits; data is JSON',
        });
  });
export type UsageEvent = z.output<typeof UsageEvent>;

export const UsageEventBody = z.union([UsageEvent, z.array(UsageEvent).max(MOST_EVENTS)]);

export const EventAnswer = z
  .union([ReportResult.omit({ index: true }), ReportResults])
  .describe('what became of the event; of a batch, results in the order of its events');
