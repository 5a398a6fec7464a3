/** The rules that a meterer is held to: what AWS Marketplace expects, and how to get there. Sources are its metering guides and API. */

export type Rule =
  | 'something-reported'
  | 'every-dimension'
  | 'whole-quantity'
  | 'utc-hour-of-use'
  | 'utc-now'
  | 'batch-size'
  | 'once-an-hour'
  | 'same-quantity'
  | 'same-words'
  | 'taken-by-the-market'
  | 'growing-waits'
  | 'no-retry-of-refusals'
  | 'unprocessed-again'
  | 'nothing-lost'
  | 'refusals-noticed';

export const RULES: Record<Rule, { expects: string; fix: string }> = {
  'something-reported': {
    expects: 'At least one report an hour, zero when nothing was used.',
    fix: 'Let the command report once and end, and leave the endpoint to AWS_ENDPOINT_URL_MARKETPLACE_METERING. Keep its state in SLIPWAY_SCENARIO_DIR, which is empty in each scenario.',
  },
  'every-dimension': {
    expects: 'Each dimension is reported each hour, with zero when it was not used.',
    fix: 'Report a quantity of 0 rather than nothing.',
  },
  'whole-quantity': {
    expects: 'UsageQuantity and Quantity are whole numbers from 0 to 2,147,483,647.',
    fix: 'Choose a unit small enough to count in whole numbers, and carry what is left over into the next hour.',
  },
  'utc-hour-of-use': {
    expects:
      'Timestamp is when the usage happened, in seconds since 1970 UTC: not in the future, at most 6 hours back for MeterUsage and 24 for BatchMeterUsage.',
    fix: 'Make times from the epoch, never from local time written as if it were UTC. The command was run with another time zone than yours.',
  },
  'utc-now': {
    expects: 'Usage is reported in the hour it happened in, or in the next one.',
    fix: 'Report the current hour. If the time is off by as much as a time zone, local time was taken for UTC.',
  },
  'batch-size': { expects: 'BatchMeterUsage takes 25 records a call.', fix: 'Send more in several calls.' },
  'once-an-hour': {
    expects:
      'One report per customer, dimension and hour. Further ones are not added up: equal ones are the same record, others are refused.',
    fix: 'Add up the usage of an hour and report the sum once, not each event.',
  },
  'same-quantity': {
    expects: 'The first quantity that is recorded for an hour stays; another one is refused as a duplicate.',
    fix: 'Fix the quantity of an hour before it is sent for the first time, keep it, and send that again. In certification the command has to report the same each time it runs.',
  },
  'same-words': {
    expects:
      'A retry is the request that failed: same Timestamp, same quantity, same ClientToken. A ClientToken is never used for another request.',
    fix: 'Keep the report as it was made and send it again. A new time would move usage into another hour when the hour has turned in between, and double it if the first was recorded.',
  },
  'taken-by-the-market': {
    expects: 'In an hour in which nothing goes wrong the market takes every report.',
    fix: 'Read the error; it names what is wrong with the product code, the dimension, the customer, the time or the credentials.',
  },
  'growing-waits': {
    expects:
      'After ThrottlingException and internal errors, tries come with growing waits between them, with some chance in each.',
    fix: 'Double the wait with every failure up to some minutes, and take a random part of it. The hour is taken for six hours; nothing is urgent.',
  },
  'no-retry-of-refusals': {
    expects: 'What was refused for good stays refused, however often it is sent.',
    fix: 'Put the report aside, tell somebody, and go on with the others. Retry only ThrottlingException, internal errors and no answer.',
  },
  'unprocessed-again': {
    expects: 'UnprocessedRecords were not recorded and have to be sent again, and only they.',
    fix: 'Make the next call of exactly what UnprocessedRecords lists.',
  },
  'nothing-lost': {
    expects: 'Every report is sent, with its own time, until the market confirms it. An answer that got lost is no confirmation.',
    fix: 'Write each report to disk before it is sent, and remove it when a MeteringRecordId came. slipway-agent report and slipway-agent run do that.',
  },
  'refusals-noticed': {
    expects: 'A call that succeeded may hold records that did not: the Status of each result counts. Refused usage is not paid.',
    fix: 'Read each Status and each error, and log it or end with a status other than 0.',
  },
};
