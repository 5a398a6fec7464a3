/** docker-compose.yml against the apps' own settings: what it sets exists, what is required is set, and the ports fit together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { z } from 'zod';
import { ConfigError, DEMO_MARK, loadConfig } from '#platform/config.ts';
import { apiSettings, loadApiConfig } from '../apps/api/src/config.ts';
import { billingSettings, loadBillingConfig } from '../apps/billing/src/config.ts';
import { launcherSettings, loadLauncherConfig } from '../apps/launcher/src/config.ts';
import { loadMeteringConfig, meteringSettings } from '../apps/metering/src/config.ts';
import { sandboxSettings, settingsFrom } from '../apps/sandbox/src/settings.ts';
import { migrateSettings } from './migrate-settings.ts';

interface Service {
  environment: Record<string, string>;
  image: string;
  command?: string[];
  ports?: string[];
  volumes?: string[];
  networks?: { default: { ipv4_address: string } };
  depends_on?: Record<string, { condition: string }>;
}

interface Compose {
  services: Record<string, Service>;
  networks: { default: { ipam: { config: [{ subnet: string }] } } };
  volumes: Record<string, unknown>;
}

const OURS: Record<string, { settings: z.ZodObject; load: (env: NodeJS.ProcessEnv) => unknown; ports: number[] }> = {
  migrate: { settings: migrateSettings, load: (env) => loadConfig(migrateSettings, env), ports: [] },
  sandbox: { settings: sandboxSettings, load: settingsFrom, ports: portsOf(sandboxSettings) },
  launcher: { settings: launcherSettings, load: loadLauncherConfig, ports: portsOf(launcherSettings) },
  metering: { settings: meteringSettings, load: loadMeteringConfig, ports: portsOf(meteringSettings) },
  billing: { settings: billingSettings, load: loadBillingConfig, ports: portsOf(billingSettings) },
  api: { settings: apiSettings, load: loadApiConfig, ports: portsOf(apiSettings) },
};
const names = Object.keys(OURS);

/** The image's own argument, which is nobody's setting. */
const FOR_THE_IMAGE = 'APP';

describe('docker-compose.yml', () => {
  const { services, networks, volumes } = compose();

  it('runs postgres, the migrations, the sandbox and every app, all from the same image', () => {
    expect(Object.keys(services).sort()).toEqual([...names, 'postgres'].sort());
    expect(new Set(names.map((name) => services[name]!.image))).toEqual(new Set(['slipway']));
    for (const name of names) expect(services[name]!.environment[FOR_THE_IMAGE]).toBe(name === 'migrate' ? undefined : name);
    expect(services.migrate!.command?.at(-1)).toBe('tools/migrate.ts');
  });

  for (const [name, { settings, load }] of Object.entries(OURS)) {
    it(`sets for ${name} what there is to set, all that is required, and nothing that ${name} refuses`, () => {
      const env = settingsOf(services[name]!);
      expect(Object.keys(env).filter((key) => !(key in settings.shape))).toEqual([]);
      const required = Object.entries(settings.shape).filter(([, field]) => !(field as z.ZodType).safeParse(undefined).success);
      expect(required.map(([key]) => key).filter((key) => !env[key])).toEqual([]);
      expect(() => load(env)).not.toThrow();
    });
  }

  it('publishes the ports that the apps listen on, to this machine only', () => {
    for (const name of names) {
      for (const port of services[name]!.ports ?? []) {
        const [address, outside, inside] = port.split(':');
        expect(address, name).toBe('127.0.0.1');
        expect(outside, 'the same port outside as inside').toBe(inside);
        expect(OURS[name]!.ports, name).toContain(Number(inside));
      }
    }
    expect(Object.keys(services).filter((name) => services[name]!.ports)).toEqual(['sandbox', 'metering', 'api']);
  });

  it('sends the apps to services that are there, at the ports these listen on', () => {
    const listening: Record<string, number[]> = {
      ...Object.fromEntries(Object.entries(OURS).map(([name, { ports }]) => [name, ports])),
      postgres: [5432],
    };
    const urls = names.flatMap((name) => Object.values(services[name]!.environment)).filter((value) => value.includes('://'));
    expect(urls.length).toBeGreaterThan(8);
    for (const url of urls.map((value) => new URL(value)).filter(({ hostname }) => hostname !== 'localhost')) {
      expect(listening[url.hostname], url.href).toContain(Number(url.port));
    }
  });

  it('connects each app as its own role, with the password that the migrations give it', () => {
    const given = services.migrate!.environment;
    for (const app of ['api', 'launcher', 'metering', 'billing']) {
      const { username, password, pathname } = new URL(services[app]!.environment.DATABASE_URL!);
      expect(username).toBe(app);
      expect(password).toBe(given[`${app.toUpperCase()}_DATABASE_PASSWORD`]);
      expect(pathname).toBe(new URL(given.DATABASE_URL!).pathname);
    }
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = services.postgres!.environment;
    expect(new URL(given.DATABASE_URL!).href).toBe(
      `postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@postgres:5432/${POSTGRES_DB}`,
    );
  });

  it('gives the sandbox an address of its own, and what it shares with metering and billing', () => {
    const { sandbox, metering, billing } = services as Record<string, Service>;
    const { SANDBOX_APPLIANCE_ADDRESS: address, SANDBOX_IDENTITY_CERTIFICATE_FILE: certificate } = sandbox!.environment;
    expect(sandbox!.networks?.default.ipv4_address).toBe(address);
    expect(address!.split('.').slice(0, 3)).toEqual(networks.default.ipam.config[0].subnet.split('.').slice(0, 3));
    expect(metering!.environment.IDENTITY_CERTIFICATES_FILE).toBe(certificate);
    for (const service of [sandbox!, metering!])
      expect(service.volumes).toContainEqual(expect.stringMatching(/^identity:\/data\/identity/));
    expect(billing!.environment.STRIPE_WEBHOOK_SECRET).toBe(sandbox!.environment.SANDBOX_WEBHOOK_SECRET);
    expect(sandbox!.environment.SANDBOX_WEBHOOK_URL).toBe('http://billing:4030/webhooks/stripe');
    for (const service of Object.values(services)) {
      for (const mount of service.volumes ?? []) expect(Object.keys(volumes)).toContain(mount.split(':')[0]);
    }
  });

  it('starts an app when the database is migrated and the sandbox answers, and api when the others are ready', () => {
    expect(services.migrate!.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    for (const app of ['launcher', 'metering', 'billing']) {
      expect(services[app]!.depends_on).toEqual({
        migrate: { condition: 'service_completed_successfully' },
        sandbox: { condition: 'service_healthy' },
      });
    }
    expect(Object.keys(services.api!.depends_on ?? {}).sort()).toEqual(['billing', 'launcher', 'metering']);
  });

  it("knows no secret but the demo's, which the apps refuse once PUBLIC_URL, EC2 or Stripe is a real one", () => {
    const real = compose({ PUBLIC_URL: 'https://market.example', AWS_ENDPOINT_URL_EC2: '', STRIPE_API_BASE: '' }).services;
    const problems = ['api', 'launcher', 'billing'].map((name) => refusals(() => OURS[name]!.load(settingsOf(real[name]!))));
    expect(problems).toEqual([
      ['AUTH_SECRET', 'CALLER_SECRET', 'SECRETS_KEY'],
      ['BOOT_TEST_FROM', 'CALLER_SECRET', 'SECRETS_KEY'],
      ['CALLER_SECRET', 'SECRETS_KEY', 'STRIPE_API_KEY', 'STRIPE_WEBHOOK_SECRET'],
    ]);
    const passwords = Object.entries(services.migrate!.environment).filter(([key]) => key.endsWith('PASSWORD'));
    expect(passwords).toHaveLength(4);
    for (const [, password] of passwords) expect(password).toContain(DEMO_MARK);
  });
});

/** The file as compose reads it: the values of the parsed file, with the variables of `env` put in. */
function compose(env: Record<string, string> = {}): Compose {
  const text = readFileSync(join(import.meta.dirname, '../docker-compose.yml'), 'utf8');
  const fill = (value: string): string =>
    value.replaceAll(/\$\{(\w+)(?:(:?-)([^}]*))?\}/g, (_, name: string, kind: string, fallback = '') => {
      const given = env[name];
      return given === undefined || (kind === ':-' && given === '') ? fallback : given;
    });
  const filled = JSON.stringify(parse(text, { merge: true }), (_, value: unknown) =>
    typeof value === 'string' ? fill(value) : value,
  );
  return JSON.parse(filled) as Compose;
}

function settingsOf(service: Service): Record<string, string> {
  const { [FOR_THE_IMAGE]: _, ...settings } = service.environment;
  return settings;
}

/** The default ports of an app. */
function portsOf(settings: z.ZodObject): number[] {
  const fields = Object.entries(settings.shape).filter(([key]) => /(^|_)PORT$/.test(key));
  return fields.map(([, field]) => Number((field as z.ZodType).parse(undefined)));
}

function refusals(load: () => unknown): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.split(' ')[0]!).sort();
  }
}
