/** CBOR as Smithy's RPC v2 writes it: timestamps are tag 1, doubles are doubles, errors name their shape with its namespace. */
import { decode, encode, Tagged, Token, Type } from 'cborg';
import type { EntitlementAnswer, EntitlementsAnswer } from './operations/get-entitlements.ts';
import { WireError } from './wire.errors.ts';

/** The service's shapes have names in here, as AWS's SDKs know them. */
const NAMESPACE = 'com.amazonaws.marketplaceentitlementservice';
const EPOCH_TAG = 1;

/** @throws WireError SerializationException */
export function readCbor(body: Buffer): unknown {
  try {
    return decode(body, { rejectDuplicateMapKeys: true, tags: { [EPOCH_TAG]: (content) => content() } });
  } catch {
    throw new WireError('SerializationException', 'The body is not CBOR.');
  }
}

export const cborAnswer = ({ Entitlements, ...rest }: EntitlementsAnswer): Buffer =>
  Buffer.from(
    encode({ ...rest, Entitlements: Entitlements.map(typed) }, { float64: true, typeEncoders: { Float64Array: asDouble } }),
  );

export const cborError = ({ type, message }: WireError): Buffer =>
  Buffer.from(encode({ __type: `${NAMESPACE}#${type}`, message }));

const typed = ({ Value, ExpirationDate, ...rest }: EntitlementAnswer): object => ({
  ...rest,
  Value: Value.DoubleValue === undefined ? Value : { DoubleValue: Float64Array.of(Value.DoubleValue) },
  ...(ExpirationDate !== undefined && { ExpirationDate: new Tagged(EPOCH_TAG, ExpirationDate) }),
});

/** A number alone does not say that 5 is meant as 5.0; an array of one double does. */
const asDouble = ([value]: Float64Array): Token => new Token(Type.float, value);
