/** Lists of prices come as CSV too: all of AWS's regions and types are some megabytes of it. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const MOST_BYTES = 4 * 1_048_576;

/** The body of a text/csv request is its text. */
export function readCsvBodies(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addContentTypeParser(
      'text/csv',
      { parseAs: 'string', bodyLimit: MOST_BYTES },
      (_request: unknown, body: string, done: (error: null, body: string) => void) => done(null, body),
    );
}
