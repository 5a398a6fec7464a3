/**
 * What Stripe publishes of its API, read from the types of the official SDK with the TypeScript compiler: the address of each call,
 * the type of its parameters and the type of its answer. For specs and for `npm run generate`; the sandbox itself knows nothing of it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface PublishedCall {
  /** `POST /v1/refunds/:`, with a colon for each id. */
  address: string;
  /** Absent when the call takes none. */
  params?: ts.Type;
  /** Without the promise and the SDK's own `lastResponse`. */
  answer: ts.Type;
  isList: boolean;
}

export interface PublishedApi {
  checker: ts.TypeChecker;
  calls: Map<string, PublishedCall>;
  /** The type of each kind of object, by its `object`: `payment_intent`, `checkout.session`. */
  objects: Map<string, ts.Type>;
}

const ROOT = join(import.meta.dirname, '../../../../../../node_modules/stripe/esm');
const RESOURCES = join(ROOT, 'resources');

/** Takes some seconds; load it once. */
export function loadPublishedApi(): PublishedApi {
  const files = readdirSync(RESOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'));
  const paths = files.filter((file) => !/^V2|(^|\/)index\.d\.ts$/.test(file)).map((file) => join(RESOURCES, file));
  const program = ts.createProgram(paths, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  });
  const checker = program.getTypeChecker();
  const calls = new Map<string, PublishedCall>();
  const objects = new Map<string, ts.Type>();
  for (const path of paths) {
    const source = program.getSourceFile(path)!;
    const addresses = addressesIn(path.replace(/\.d\.ts$/, '.js'));
    for (const node of declarationsIn(source)) {
      if (ts.isInterfaceDeclaration(node)) noteObject(checker, objects, node);
      if (ts.isClassDeclaration(node)) noteCalls(checker, calls, node, addresses);
    }
  }
  return { checker, calls, objects };
}

/** `POST /v1/transfers/:id/reversals` as a published call's address. */
export const publishedAddress = (route: string): string => route.replaceAll(/:\w+/g, ':');

/** What a file declares, but for the insides of parameters, where an account of a caller's is not Stripe's. */
function* declarationsIn(node: ts.Node): Generator<ts.Node> {
  for (const child of ts.isSourceFile(node) || ts.isModuleBlock(node) ? node.statements : []) {
    yield child;
    if (ts.isModuleDeclaration(child) && child.body && !child.name.text.endsWith('Params')) yield* declarationsIn(child.body);
  }
}

function noteObject(checker: ts.TypeChecker, objects: Map<string, ts.Type>, node: ts.InterfaceDeclaration): void {
  const type = checker.getTypeAtLocation(node);
  const marker = type.getProperty('object');
  const kind = marker && checker.getTypeOfSymbol(marker);
  // `Deleted…` share their kind with what they were, and events have one type for each of theirs.
  if (!kind?.isStringLiteral() || node.name.text.startsWith('Deleted') || node.name.text.endsWith('Event')) return;
  if (!node.name.text.endsWith('Params')) objects.set(kind.value, objects.get(kind.value) ?? type);
}

function noteCalls(
  checker: ts.TypeChecker,
  calls: Map<string, PublishedCall>,
  node: ts.ClassDeclaration,
  addresses: Map<string, string[]>,
): void {
  for (const member of node.members) {
    if (!ts.isMethodDeclaration(member)) continue;
    const signature = checker.getSignatureFromDeclaration(member);
    const options = signature?.parameters.findIndex((parameter) => parameter.name === 'options') ?? -1;
    if (!signature || options < 0) continue;
    const before = signature.parameters[options - 1];
    const params = before?.name === 'params' ? checker.getNonNullableType(checker.getTypeOfSymbol(before)) : undefined;
    const returned = answerOf(checker, signature.getReturnType());
    for (const address of addresses.get(`${node.name?.text} ${member.name.getText()}`) ?? []) {
      calls.set(address, { address, params, ...returned });
    }
  }
}

function answerOf(checker: ts.TypeChecker, promise: ts.Type): { answer: ts.Type; isList: boolean } {
  const name = promise.aliasSymbol?.name ?? promise.symbol?.name ?? '';
  const [inside] = promise.aliasTypeArguments ?? checker.getTypeArguments(promise as ts.TypeReference);
  if (name !== 'Promise' || !inside) return { answer: inside ?? promise, isList: true };
  return { answer: inside.aliasTypeArguments?.[0] ?? inside, isList: false };
}

/** `TransferResource createReversal` with the addresses that the method asks. */
function addressesIn(file: string): Map<string, string[]> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found = new Map<string, string[]>();
  for (const node of source.statements) {
    if (!ts.isClassDeclaration(node)) continue;
    for (const member of node.members) {
      if (!ts.isMethodDeclaration(member)) continue;
      found.set(`${node.name?.text} ${member.name.getText()}`, requestsIn(member));
    }
  }
  return found;
}

function requestsIn(node: ts.Node): string[] {
  if (ts.isCallExpression(node) && node.expression.getText() === 'this._makeRequest') {
    const [method, path] = node.arguments;
    return [`${unquoted(method!)} ${unquoted(path!)}`];
  }
  const found: string[] = [];
  ts.forEachChild(node, (child) => void found.push(...requestsIn(child)));
  return found;
}

const unquoted = (node: ts.Node): string =>
  node
    .getText()
    .slice(1, -1)
    .replaceAll(/\$\{[^}]*\}/g, ':');
