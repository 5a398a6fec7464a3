/** Requests as other clients than the JavaScript SDK send them: the SDK's own, changed before or after it signs them. */

interface HttpRequest {
  path: string;
  query?: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
}

interface Stack {
  add(middleware: (next: (args: never) => Promise<unknown>) => (args: never) => Promise<unknown>, options: object): void;
}

/** @param change what is still signed as it then is. */
export const beforeSigning = <C extends object>(command: C, change: (request: HttpRequest) => void): C =>
  altered(command, 'build', change);

/** @param change what the signature knows nothing of. */
export const afterSigning = <C extends object>(command: C, change: (request: HttpRequest) => void): C =>
  altered(command, 'deserialize', change);

/** Sends exactly this text as the body. */
export const saying = <C extends object>(command: C, body: string): C =>
  beforeSigning(command, (request) => {
    request.body = body;
    request.headers['content-length'] = String(Buffer.byteLength(body));
  });

function altered<C extends object>(command: C, step: string, change: (request: HttpRequest) => void): C {
  const { middlewareStack } = command as { middlewareStack: Stack };
  middlewareStack.add(
    (next) => (args) => {
      change((args as { request: HttpRequest }).request);
      return next(args);
    },
    { step, name: `altered ${step}` },
  );
  return command;
}
