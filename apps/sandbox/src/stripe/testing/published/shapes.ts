/** The form of a parameter, as far as the wire knows it: a form body has texts, hashes and lists, and rules about the texts. */
import ts from 'typescript';

export type Shape =
  | { kind: 'text' | 'number' | 'flag' | 'anything' | 'nothing' }
  | { kind: 'enum'; values: string[] }
  | { kind: 'list'; of: Shape }
  | { kind: 'map'; of: Shape }
  | { kind: 'hash'; members: Map<string, Member> }
  | { kind: 'either'; of: Shape[] };

export interface Member {
  isRequired: boolean;
  /** The empty string unsets it. */
  isEmptyable: boolean;
  shape: Shape;
}

/** What the SDK's type of a call's parameters says. */
export function publishedMembers(checker: ts.TypeChecker, params: ts.Type): Map<string, Member> {
  const members = new Map<string, Member>();
  for (const property of checker.getPropertiesOfType(params)) {
    const type = checker.getTypeOfSymbol(property);
    members.set(property.name, {
      isRequired: !(property.flags & ts.SymbolFlags.Optional),
      isEmptyable: alternatives(type).some(isEmptyText),
      shape: shapeOf(checker, type),
    });
  }
  return members;
}

function shapeOf(checker: ts.TypeChecker, type: ts.Type): Shape {
  const parts = alternatives(type).filter((part) => !isAbsent(part) && !isEmptyText(part));
  const literals = parts.filter((part) => part.isStringLiteral()).map((part) => part.value);
  const shapes: Shape[] = literals.length > 0 ? [{ kind: 'enum', values: literals }] : [];
  for (const part of parts) {
    // `OtherString` keeps the SDK's enums open to later versions of the API; this version knows the values that are listed.
    if (part.isStringLiteral() || part.isIntersection()) continue;
    const shape = simpleShape(checker, part);
    if (!shapes.some((other) => other.kind === shape.kind && other.kind !== 'hash')) shapes.push(shape);
  }
  return shapes.length === 1 ? shapes[0]! : { kind: 'either', of: shapes };
}

function simpleShape(checker: ts.TypeChecker, type: ts.Type): Shape {
  if (type.flags & ts.TypeFlags.StringLike) return { kind: 'text' };
  if (type.flags & ts.TypeFlags.NumberLike) return { kind: 'number' };
  if (type.flags & ts.TypeFlags.BooleanLike) return { kind: 'flag' };
  if (checker.isArrayType(type))
    return { kind: 'list', of: shapeOf(checker, checker.getTypeArguments(type as ts.TypeReference)[0]!) };
  if (isDecimal(type)) return { kind: 'text' };
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  if (index) return { kind: 'map', of: shapeOf(checker, index.type) };
  if (type.flags & ts.TypeFlags.Object) return { kind: 'hash', members: publishedMembers(checker, type) };
  return { kind: 'anything' };
}

/** Exact numbers are text on the wire. */
export const isDecimal = (type: ts.Type): boolean => type.symbol?.name === 'DecimalImpl' || type.aliasSymbol?.name === 'Decimal';

const alternatives = (type: ts.Type): ts.Type[] => (type.isUnion() ? type.types : [type]);
const isAbsent = (type: ts.Type): boolean => Boolean(type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null));
const isEmptyText = (type: ts.Type): boolean => type.isStringLiteral() && type.value === '';
