/** A company using Slipway over HTTP as a browser does: signs up, keeps its cookies, calls the API. For specs, story and demo. */

export interface Problem {
  status: number;
  code: string;
  detail: string;
}

/** The API said no; tests read `problem.code`. */
export class Refused extends Error {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly problem: Problem,
  ) {
    super(`${method} ${path} was refused with ${problem.status} ${problem.code}: ${problem.detail}`);
  }
}

export interface NewAccount {
  name: string;
  email: string;
  password: string;
  kind: 'buyer' | 'vendor';
  awsAccountId?: string;
}

export class Account {
  private cookies = new Map<string, string>();
  organizationId = '';

  /** How long an unanswered call is repeated, in milliseconds: a process may be starting again. */
  patienceMs = 0;

  private constructor(
    readonly url: string,
    patienceMs = 0,
  ) {
    this.patienceMs = patienceMs;
  }

  /** Signs up a person and their company; whatever of it is there already is used. */
  static async open(url: string, { name, email, password, kind, awsAccountId }: NewAccount, patienceMs = 0): Promise<Account> {
    const account = new Account(url, patienceMs);
    const signUp = await account.send('POST', '/v1/auth/sign-up/email', { name, email, password });
    if (!signUp.ok) await account.post('/v1/auth/sign-in/email', { email, password });
    if (await account.act()) return account;
    const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    const company = { name, slug, kind, ...(awsAccountId ? { awsAccountId } : {}) };
    await account.post('/v1/auth/organization/create', company).catch((error: unknown) => {
      // An answer that got lost: the company may be there already.
      if (!(error instanceof Refused)) throw error;
    });
    if (!(await account.act())) throw new Error(`${name} could not be opened.`);
    return account;
  }

  static async signIn(url: string, email: string, password: string): Promise<Account> {
    const account = new Account(url);
    await account.post('/v1/auth/sign-in/email', { email, password });
    await account.act();
    return account;
  }

  /** Acts for the person's first organisation. @returns whether there is one. */
  private async act(): Promise<boolean> {
    const [first] = await this.get<Array<{ id: string }>>('/v1/auth/organization/list');
    if (!first) return false;
    this.organizationId = first.id;
    await this.post('/v1/auth/organization/set-active', { organizationId: first.id });
    return true;
  }

  get = <T>(path: string): Promise<T> => this.call<T>('GET', path);
  post = <T>(path: string, body: unknown = {}): Promise<T> => this.call<T>('POST', path, body);
  put = <T>(path: string, body: unknown): Promise<T> => this.call<T>('PUT', path, body);
  delete = <T>(path: string): Promise<T> => this.call<T>('DELETE', path);

  /** @throws Refused when the answer is not 2xx. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    const answer: unknown = text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
    if (response.ok) return answer as T;
    const said = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>) : {};
    throw new Refused(method, path, {
      status: response.status,
      code: String(said.code ?? ''),
      detail: String(said.detail ?? said.message ?? text),
    });
  }

  /** Sends a request, again and again with one Idempotency-Key while nobody answers and patience lasts. */
  async send(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { origin: new URL(this.url).origin, 'idempotency-key': crypto.randomUUID() };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const until = Date.now() + this.patienceMs;
    for (;;) {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const sent = fetch(new URL(path, this.url), {
        method,
        headers: { ...headers, cookie },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const response = await sent.catch((error: unknown) => error as Error);
      const isLost = response instanceof Error || response.status >= 500;
      if (isLost && Date.now() < until) await new Promise((done) => setTimeout(done, 100));
      else if (response instanceof Error) throw response;
      else return this.keepCookies(response);
    }
  }

  private keepCookies(response: Response): Response {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair] = cookie.split(';');
      const at = pair!.indexOf('=');
      this.cookies.set(pair!.slice(0, at), pair!.slice(at + 1));
    }
    return response;
  }
}
