/** Bodies on the AWS wire stay the bytes they were sent as: the signature is over those. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export const WIRE_CONTENT_TYPE = 'application/x-amz-json-1.1';
export const CBOR_CONTENT_TYPE = 'application/cbor';
/** The most a request may hold; AWS says "1 MB". */
export const MOST_BODY_BYTES = 1_048_576;

/** Takes a little more than the limit, so that the refusal can be written in the form that AWS's SDKs read. */
export function keepWireBodies(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addContentTypeParser(
      [WIRE_CONTENT_TYPE, CBOR_CONTENT_TYPE],
      { parseAs: 'buffer', bodyLimit: 4 * MOST_BODY_BYTES },
      (_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => done(null, body),
    );
}
