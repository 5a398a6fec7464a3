/** What AWS's machines, volumes and snapshots cost, as the operator imports it. Writes launcher.infrastructure_price, which is only added to. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { planImport, type GivenPrice } from '#domain/infrastructure.ts';
import { formatRate, parseRate } from '#domain/money.ts';
import { Clock } from '#platform/clock.ts';
import { InfrastructurePrice } from '#tables/launcher/infrastructure-price.ts';
import { readCsv } from './csv.ts';
import {
  COLUMNS,
  MOST_PRICES,
  NewInfrastructurePrice,
  type ImportResult,
  type InfrastructurePriceQuery,
  type InfrastructurePriceView,
  type PriceList,
} from './infrastructure-prices.schema.ts';

/** More than that are counted, not named: a list with a wrong column is wrong in every line. */
const MOST_NAMED = 100;

interface Problem {
  path: string;
  message: string;
}

@Injectable()
export class InfrastructurePrices {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds the prices of a list that are not known yet; the same list again adds nothing.
   * @throws DomainError `wrong_prices` naming each line that is wrong; then nothing was added.
   */
  async import(list: PriceList): Promise<ImportResult> {
    const given = read(list);
    return this.db.transaction(async (tx) => {
      // Two imports take turns, so that the second sees what the first has added.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended('launcher.infrastructure_price', 0))`);
      const { fresh, unchanged, problems } = planImport(await historiesOf(tx, given), given, this.clock.now());
      if (problems.length > 0)
        throw wrong(
          'conflict',
          problems.map(({ place, message }) => ({ path: place, message })),
        );
      await insert(tx, fresh, this.clock.now());
      return { added: fresh.length, unchanged };
    });
  }

  /** Prices by region, kind, type and currency, the newest version first. */
  async list({ at, limit, offset, versions, ...which }: InfrastructurePriceQuery): Promise<InfrastructurePriceView[]> {
    const rows = this.db
      .createQueryBuilder(InfrastructurePrice, 'price')
      .where(which)
      .orderBy({ 'price.region': 'ASC', 'price.kind': 'ASC', 'price.type': 'ASC', 'price.currency': 'ASC' })
      .addOrderBy('price.effective_from', 'DESC')
      .limit(limit)
      .offset(offset);
    if (versions === 'in_force')
      rows
        .andWhere('price.effective_from <= :at', { at: at ?? this.clock.now() })
        .distinctOn(['price.region', 'price.kind', 'price.type', 'price.currency']);
    return (await rows.getMany()).map(view);
  }
}

/** @throws DomainError `wrong_prices` */
function read(list: PriceList): GivenPrice[] {
  const listed = typeof list === 'string' ? linesOf(list) : entriesOf(list.prices);
  if (listed.length === 0 || listed.length > MOST_PRICES)
    throw wrong('invalid', [{ path: 'prices', message: `a list has 1 to ${MOST_PRICES} prices` }]);
  const problems: Problem[] = [];
  const prices = listed.flatMap(({ place, given }): GivenPrice[] => {
    const { success, data, error } = NewInfrastructurePrice.safeParse(given);
    if (success) return [asGiven(place, data)];
    for (const { path, message } of error.issues)
      problems.push({ path: place, message: path.length > 0 ? `${path.join('.')}: ${message}` : message });
    return [];
  });
  if (problems.length > 0) throw wrong('invalid', problems);
  return prices;
}

/** One price of a list, not looked at yet. */
interface ListedPrice {
  /** Where it stands, for a person. */
  place: string;
  given: unknown;
}

const entriesOf = (prices: unknown[]): ListedPrice[] => prices.map((given, index) => ({ place: `prices.${index}`, given }));

function linesOf(csv: string): ListedPrice[] {
  const read = readCsv(csv, COLUMNS);
  if ('problem' in read) throw wrong('invalid', [{ path: `line ${read.problem.line}`, message: read.problem.message }]);
  return read.rows.map(({ line, fields }) => ({ place: `line ${line}`, given: fields }));
}

const asGiven = (place: string, price: NewInfrastructurePrice): GivenPrice => ({
  ...price,
  place,
  rate: parseRate(price.rate),
  effectiveFrom: new Date(price.effectiveFrom),
});

function wrong(kind: 'invalid' | 'conflict', problems: Problem[]): DomainError {
  const named = problems.slice(0, MOST_NAMED);
  const more = problems.length > named.length ? `; and ${problems.length - named.length} more` : '';
  const said = named.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new DomainError(kind, 'wrong_prices', `Nothing was imported. ${said}${more}`, named);
}

/** All known prices of what the list has prices of. */
async function historiesOf(tx: EntityManager, given: GivenPrice[]): Promise<InfrastructurePrice[]> {
  const list = (name: 'region' | 'kind' | 'type' | 'currency'): string[] => given.map((price) => price[name]);
  return tx
    .createQueryBuilder(InfrastructurePrice, 'price')
    .where(
      `(price.region, price.kind, price.type, price.currency) in
         (select * from unnest(:regions::text[], :kinds::text[], :types::text[], :currencies::text[]))`,
      { regions: list('region'), kinds: list('kind'), types: list('type'), currencies: list('currency') },
    )
    .getMany();
}

async function insert(tx: EntityManager, prices: GivenPrice[], importedAt: Date): Promise<void> {
  await tx.query(
    `insert into launcher.infrastructure_price (region, kind, type, currency, rate, effective_from, source, imported_at)
     select *, $8::timestamptz
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::timestamptz[], $7::text[])`,
    [
      prices.map((price) => price.region),
      prices.map((price) => price.kind),
      prices.map((price) => price.type),
      prices.map((price) => price.currency),
      prices.map((price) => formatRate(price.rate)),
      prices.map((price) => price.effectiveFrom),
      prices.map((price) => price.source),
      importedAt,
    ],
  );
}

const view = (price: InfrastructurePrice): InfrastructurePriceView => ({
  region: price.region,
  kind: price.kind,
  type: price.type,
  currency: price.currency,
  rate: formatRate(price.rate),
  effectiveFrom: price.effectiveFrom.toISOString(),
  source: price.source,
});
