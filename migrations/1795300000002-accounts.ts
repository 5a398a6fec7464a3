/** Owner: api. People, their sessions, organisations and API keys: the tables of the sign-in library, names as it asks for them. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forwardOnly } from './forward-only.ts';

export class Accounts1795300000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api."user" (
        id text primary key, name text not null, email text not null unique, "emailVerified" boolean not null, image text,
        "createdAt" timestamptz not null default current_timestamp, "updatedAt" timestamptz not null default current_timestamp);

      create table api.session (
        id text primary key, "expiresAt" timestamptz not null, token text not null unique,
        "createdAt" timestamptz not null default current_timestamp, "updatedAt" timestamptz not null,
        "ipAddress" text, "userAgent" text, "userId" text not null references api."user" (id) on delete cascade, "activeOrganizationId" text);
      create index on api.session ("userId");

      create table api.account (
        id text primary key, "accountId" text not null, "providerId" text not null,
        "userId" text not null references api."user" (id) on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text,
        "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, scope text, password text,
        "createdAt" timestamptz not null default current_timestamp, "updatedAt" timestamptz not null);
      create index on api.account ("userId");

      create table api.verification (
        id text primary key, identifier text not null, value text not null, "expiresAt" timestamptz not null,
        "createdAt" timestamptz not null default current_timestamp, "updatedAt" timestamptz not null default current_timestamp);
      create index on api.verification (identifier);

      create table api.organization (
        id uuid primary key, name text not null, slug text not null unique, logo text, "createdAt" timestamptz not null, metadata text,
        kind text not null check (kind in ('buyer', 'vendor', 'operator')),
        "awsAccountId" text check ("awsAccountId" ~ '^[0-9]{12}$'));

      -- Who operates the marketplace is decided by whoever owns the database, never through the API; and nobody changes sides.
      create function api.keep_kind() returns trigger language plpgsql as $$
      begin
        if current_user = 'api' and (new.kind = 'operator' or (tg_op = 'UPDATE' and new.kind <> old.kind)) then
          raise exception 'the kind of an organisation is not for the API to decide' using errcode = 'check_violation';
        end if;
        return new;
      end $$;
      create trigger keep_kind before insert or update of kind on api.organization for each row execute function api.keep_kind();

      create table api.member (
        id text primary key, "organizationId" uuid not null references api.organization (id) on delete cascade,
        "userId" text not null references api."user" (id) on delete cascade, role text not null, "createdAt" timestamptz not null);
      create index on api.member ("organizationId");
      create index on api.member ("userId");

      create table api.invitation (
        id text primary key, "organizationId" uuid not null references api.organization (id) on delete cascade, email text not null,
        role text, status text not null, "expiresAt" timestamptz not null, "createdAt" timestamptz not null default current_timestamp,
        "inviterId" text not null references api."user" (id) on delete cascade);
      create index on api.invitation ("organizationId");
      create index on api.invitation (email);

      create table api.apikey (
        id text primary key, "configId" text not null, name text, start text, "referenceId" text not null, prefix text, key text not null,
        "refillInterval" integer, "refillAmount" integer, "lastRefillAt" timestamptz, enabled boolean, "rateLimitEnabled" boolean,
        "rateLimitTimeWindow" integer, "rateLimitMax" integer, "requestCount" integer, remaining integer, "lastRequest" timestamptz,
        "expiresAt" timestamptz, "createdAt" timestamptz not null, "updatedAt" timestamptz not null, permissions text, metadata text);
      create index on api.apikey ("configId");
      create index on api.apikey ("referenceId");
      create index on api.apikey (key);
    `);
  }

  down = forwardOnly;
}
