/** What the sandbox accepts, read from its own rules, and where that is not what Stripe publishes. */
import { z } from 'zod';
import type { Route } from '../../wire/route.ts';
import { wireKinds } from '../../wire/rules.ts';
import { type PublishedApi, publishedAddress } from './calls.ts';
import { type Member, publishedMembers, type Shape } from './shapes.ts';

export interface Comparison {
  /** What the sandbox accepts and Stripe would refuse, a line for each. */
  tooLenient: string[];
  /** What the sandbox refuses and Stripe would accept, but for what it says that it does not know. */
  tooStrict: string[];
  /** Stripe's parameters that the sandbox does not know: names by address and place, `POST /v1/payouts` or `… settings.payouts`. */
  unimitated: Map<string, string[]>;
}

/** Compares each route's table of parameters with the type of the call's in the SDK. */
export function compareParameters(api: PublishedApi, routes: Route[]): Comparison {
  const found: Comparison = { tooLenient: [], tooStrict: [], unimitated: new Map() };
  for (const route of routes) {
    const call = api.calls.get(publishedAddress(route.address));
    if (!call) {
      found.tooLenient.push(`${route.address} is no call of Stripe's`);
      continue;
    }
    const published = call.params ? publishedMembers(api.checker, call.params) : new Map<string, Member>();
    published.delete('expand');
    compareHashes(route.address, acceptedMembers(route.shape), published, found);
  }
  return found;
}

function compareHashes(place: string, accepted: Map<string, Member>, published: Map<string, Member>, found: Comparison): void {
  const unknown: string[] = [];
  for (const [name, member] of accepted) {
    const theirs = published.get(name);
    if (!theirs) {
      if (member.shape.kind !== 'nothing') found.tooLenient.push(`${place}: ${name} is no parameter`);
      continue;
    }
    if (theirs.isRequired && !member.isRequired) found.tooLenient.push(`${place}: ${name} is required`);
    if (member.isRequired && !theirs.isRequired) found.tooStrict.push(`${place}: ${name} is optional`);
    // A text may be empty wherever it may be unset, which types of texts do not say.
    const isText = mayBeText(theirs.shape);
    if (member.isEmptyable && !theirs.isEmptyable && !isText) found.tooLenient.push(`${place}: ${name} cannot be unset`);
    compareShapes(`${place} ${name}`, member.shape, theirs.shape, found);
  }
  for (const name of published.keys()) if (!accepted.has(name)) unknown.push(name);
  if (unknown.length > 0) found.unimitated.set(place, unknown.sort());
}

function compareShapes(place: string, accepted: Shape, published: Shape, found: Comparison): void {
  if (accepted.kind === 'nothing' || published.kind === 'anything') return;
  if (accepted.kind === 'either') {
    for (const one of accepted.of) compareShapes(place, one, published, found);
    return;
  }
  const theirs = published.kind === 'either' ? published.of.filter((one) => fits(accepted, one)) : [published];
  if (!theirs.some((one) => fits(accepted, one))) {
    found.tooLenient.push(`${place}: a ${accepted.kind} is accepted, not a ${published.kind}`);
    return;
  }
  // Of several hashes the one that knows the most of the sandbox's members is meant.
  const [closest] = theirs.sort((a, b) => inCommon(accepted, b) - inCommon(accepted, a));
  descend(place, accepted, closest!, found);
}

function descend(place: string, accepted: Shape, published: Shape, found: Comparison): void {
  if (accepted.kind === 'enum' && published.kind === 'enum') {
    const extra = accepted.values.filter((value) => !published.values.includes(value));
    const missing = published.values.filter((value) => !accepted.values.includes(value));
    if (extra.length > 0) found.tooLenient.push(`${place}: no such choice as ${extra.join(', ')}`);
    if (missing.length > 0) found.tooStrict.push(`${place}: ${missing.join(', ')} can be chosen`);
  }
  if (accepted.kind === 'list' && published.kind === 'list') compareShapes(place, accepted.of, published.of, found);
  if (accepted.kind === 'map' && published.kind === 'map') compareShapes(`${place}.*`, accepted.of, published.of, found);
  if (accepted.kind === 'hash' && published.kind === 'hash') {
    const [address, ...path] = place.split(/ (?=[a-z_])/);
    compareHashes([address, path.join('.')].join(' '), accepted.members, published.members, found);
  }
}

function fits(accepted: Shape, published: Shape): boolean {
  if (accepted.kind === published.kind) return true;
  // An enum of Stripe's may be taken as a text only where the sandbox checks it otherwise; a text of Stripe's may be narrowed.
  return accepted.kind === 'enum' && published.kind === 'text';
}

const mayBeText = (shape: Shape): boolean => shape.kind === 'text' || (shape.kind === 'either' && shape.of.some(mayBeText));

const inCommon = (accepted: Shape, published: Shape): number =>
  accepted.kind === 'hash' && published.kind === 'hash'
    ? [...accepted.members.keys()].filter((name) => published.members.has(name)).length
    : 0;

function acceptedMembers(shape: z.ZodRawShape): Map<string, Member> {
  return new Map(Object.entries(shape).map(([name, schema]) => [name, memberOf(schema as z.ZodType)]));
}

function memberOf(schema: z.ZodType): Member {
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  return {
    isRequired: !(schema instanceof z.ZodOptional),
    isEmptyable: wireKinds.get(inner)?.isEmptyable ?? false,
    shape: shapeOf(inner),
  };
}

function shapeOf(schema: z.ZodType): Shape {
  const kind = wireKinds.get(schema)?.kind;
  if (kind) return { kind };
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return shapeOf(schema.unwrap() as z.ZodType);
  // What stands before a transformation is what the wire brings; a preprocessing step only reads the empty string.
  if (schema instanceof z.ZodPipe) return shapeOf((schema.in instanceof z.ZodTransform ? schema.out : schema.in) as z.ZodType);
  if (schema instanceof z.ZodString) return { kind: 'text' };
  if (schema instanceof z.ZodEnum) return { kind: 'enum', values: schema.options as string[] };
  if (schema instanceof z.ZodLiteral) return { kind: 'enum', values: [...schema.values] as string[] };
  if (schema instanceof z.ZodArray) return { kind: 'list', of: shapeOf(schema.element as z.ZodType) };
  if (schema instanceof z.ZodRecord) return { kind: 'map', of: shapeOf(schema.valueType as z.ZodType) };
  if (schema instanceof z.ZodObject) return { kind: 'hash', members: acceptedMembers(schema.shape) };
  if (schema instanceof z.ZodUnion) return { kind: 'either', of: schema.options.map((option) => shapeOf(option as z.ZodType)) };
  if (schema instanceof z.ZodNever) return { kind: 'nothing' };
  return { kind: 'anything' };
}
