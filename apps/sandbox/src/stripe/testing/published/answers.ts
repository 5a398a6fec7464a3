/** Whether an answer of the sandbox looks as Stripe publishes it: each member that its type has, and none that it has not. */
import ts from 'typescript';
import { type PublishedApi, publishedAddress } from './calls.ts';
import { isDecimal } from './shapes.ts';

/** @returns what is wrong with the answer to a call, a line for each; nothing when it is as published. */
export function misfitsOfAnswer(api: PublishedApi, address: string, body: unknown): string[] {
  const call = api.calls.get(publishedAddress(address));
  if (!call) return [`${address} is no call of Stripe's`];
  if (!call.isList) return misfits(api, call.answer, body, address);
  const { data } = body as { data: unknown[] };
  return data.flatMap((item, index) => misfits(api, call.answer, item, `${address} data[${index}]`));
}

/** @returns what is wrong with an object, told by its own `object`. */
export function misfitsOfObject(api: PublishedApi, value: { object: string }, where: string): string[] {
  const type = api.objects.get(value.object);
  return type ? misfits(api, type, value, where) : [`${where}: Stripe has no ${value.object}`];
}

function misfits(api: PublishedApi, type: ts.Type, value: unknown, where: string): string[] {
  const { checker } = api;
  if (type.isUnion()) return misfitsOfUnion(api, type, value, where);
  if (type.flags & ts.TypeFlags.Null) return value === null ? [] : [`${where}: null is expected`];
  if (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void))
    return value === undefined ? [] : [`${where}: nothing is expected`];
  if (type.isStringLiteral()) return value === type.value ? [] : [`${where}: '${type.value}' is expected, not ${shown(value)}`];
  if (type.flags & ts.TypeFlags.StringLike || isDecimal(type)) return ofKind('string', value, where);
  if (type.flags & ts.TypeFlags.NumberLike) return ofKind('number', value, where);
  if (type.flags & ts.TypeFlags.BooleanLike) return ofKind('boolean', value, where);
  if (checker.isArrayType(type)) {
    const [item] = checker.getTypeArguments(type as ts.TypeReference);
    if (!Array.isArray(value)) return [`${where}: a list is expected, not ${shown(value)}`];
    return value.flatMap((each, index) => misfits(api, item!, each, `${where}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return [`${where}: an object is expected, not ${shown(value)}`];
  return misfitsOfMembers(api, type, value as Record<string, unknown>, where);
}

function misfitsOfMembers(api: PublishedApi, type: ts.Type, value: Record<string, unknown>, where: string): string[] {
  const { checker } = api;
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  if (index) return Object.entries(value).flatMap(([name, each]) => misfits(api, index.type, each, `${where}.${name}`));
  const found: string[] = [];
  for (const property of checker.getPropertiesOfType(type)) {
    if (property.name === 'lastResponse') continue;
    const isOptional = Boolean(property.flags & ts.SymbolFlags.Optional);
    if (property.name in value) {
      const inside = checker.getTypeOfSymbol(property);
      found.push(...misfits(api, inside, value[property.name], `${where}.${property.name}`));
    } else if (!isOptional) {
      found.push(`${where}.${property.name} is missing`);
    }
  }
  const known = new Set(checker.getPropertiesOfType(type).map((property) => property.name));
  for (const name of Object.keys(value))
    if (!known.has(name)) found.push(`${where}.${name} is no member of ${checker.typeToString(type)}`);
  return found;
}

/** One of the alternatives fits, or the complaint of the one that comes closest is given. */
function misfitsOfUnion(api: PublishedApi, { types }: ts.UnionType, value: unknown, where: string): string[] {
  const literals = types.filter((type) => type.isStringLiteral());
  // `OtherString` leaves an enum open to later versions of the API; this version has the values that are listed.
  const candidates = literals.length > 0 ? types.filter((type) => !type.isIntersection()) : types;
  if (literals.length > 0 && typeof value === 'string' && !candidates.some((type) => isPlainString(type))) {
    if (literals.some((type) => type.value === value)) return [];
    return [
      `${where}: '${value}' is none of ${literals
        .map((type) => type.value)
        .join(', ')
        .slice(0, 200)}`,
    ];
  }
  // Of several objects, the one of the same kind is meant.
  const kind = isObject(value) ? (value as { object?: string }).object : undefined;
  const complaints = candidates
    .filter((type) => isObject(value) === Boolean(type.flags & ts.TypeFlags.Object) || isDecimal(type))
    .filter((type) => kind === undefined || kindOf(api, type) === undefined || kindOf(api, type) === kind)
    .map((type) => misfits(api, type, value, where))
    .sort((a, b) => a.length - b.length);
  return complaints[0] ?? [`${where}: ${shown(value)} does not fit`];
}

function kindOf({ checker }: PublishedApi, type: ts.Type): string | undefined {
  const marker = type.flags & ts.TypeFlags.Object ? type.getProperty('object') : undefined;
  const kind = marker && checker.getTypeOfSymbol(marker);
  return kind?.isStringLiteral() ? kind.value : undefined;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const isPlainString = (type: ts.Type): boolean => Boolean(type.flags & ts.TypeFlags.String);

const ofKind = (kind: 'string' | 'number' | 'boolean', value: unknown, where: string): string[] =>
  typeof value === kind ? [] : [`${where}: a ${kind} is expected, not ${shown(value)}`];

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 80);
