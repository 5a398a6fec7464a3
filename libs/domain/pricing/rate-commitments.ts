/** Charges for what a buyer committed to: each instalment of each term, in the period that it is due in. */
import { DomainError } from '../errors.ts';
import { exponentOf, RATE_DECIMALS, type Minor, type Rate } from '../money.ts';
import {
  instalmentsOf,
  optionOf,
  termsOf,
  type Commitment,
  type CommittedPrice,
  type DueInstalment,
  type Term,
} from './commitment.ts';
import type { Price, PriceVersion, RatedCharge } from './price.ts';
import type { RatingInput } from './rate-period.ts';
import { versionAt } from './versions.ts';

export function rateCommitments(input: RatingInput): RatedCharge<never>[] {
  const { agreement, period } = input;
  return agreement.commitments.flatMap((commitment) =>
    termsOf(commitment, { until: period.to, endedAt: agreement.endedAt }).flatMap((term) => {
      const { version, price } = pricedAt(commitment, term, input.versions);
      const option = optionOf(price, commitment.months);
      if (option === undefined) throw noPrice(commitment, version);
      return instalmentsOf(commitment, term, { ...option, currency: agreement.currency })
        .filter((instalment) => isDueIn(instalment, input))
        .map((instalment) => chargeOf({ commitment, term, version, price, instalment, currency: agreement.currency }));
    }),
  );
}

/** A term has the prices that were in force when it began; the first those that were accepted. */
function pricedAt(
  commitment: Commitment,
  term: Term,
  versions: readonly PriceVersion[],
): { version: PriceVersion; price: CommittedPrice } {
  const version =
    term.index === 0 ? versions.find((candidate) => candidate.id === commitment.priceVersionId) : versionAt(versions, term.from);
  const price = version?.prices.find((candidate) => candidate.dimension === commitment.dimension);
  if (!version || !price || !isCommitted(price)) throw noPrice(commitment, version);
  return { version, price };
}

const isCommitted = (price: Price): price is CommittedPrice => price.model === 'annual' || price.model === 'contract';

const noPrice = ({ dimension, months }: Commitment, version: PriceVersion | undefined): DomainError =>
  new DomainError(
    'conflict',
    'no_price',
    `There is no price for ${months} months of "${dimension}" in version ${version?.id ?? 'that was accepted'}.`,
  );

/** What is due after the agreement's end is not asked for any more: cancelled is cancelled. */
const isDueIn = ({ dueAt }: DueInstalment, { period, agreement }: RatingInput): boolean =>
  dueAt >= period.from && dueAt < period.to && (agreement.endedAt === null || dueAt < agreement.endedAt);

function chargeOf({
  commitment,
  term,
  version,
  price,
  instalment,
  currency,
}: {
  commitment: Commitment;
  term: Term;
  version: PriceVersion;
  price: CommittedPrice;
  instalment: DueInstalment;
  currency: string;
}): RatedCharge<never> {
  const amount = exactly(instalment.amount, currency);
  const { number, count } = instalment;
  const label = `${price.unit} × ${commitment.quantity}, ${commitment.months} months${count > 1 ? `, ${number} of ${count}` : ''}`;
  return {
    priceVersionId: version.id,
    dimension: price.dimension,
    model: price.model,
    item: `${commitment.id} ${term.index}.${number}`,
    description: price.description,
    unit: price.unit,
    quantity: commitment.quantity,
    unitSize: 1n,
    rate: null,
    amount,
    parts: [{ label, quantity: 1n, unitSize: 1n, rate: amount }],
    isSegment: false,
    usage: [],
    costs: [],
  };
}

/** Minor units as a rate: the rounding of the line leaves it as it is. */
const exactly = (amount: Minor, currency: string): Rate => amount * 10n ** BigInt(RATE_DECIMALS - exponentOf(currency));
