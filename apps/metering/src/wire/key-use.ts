/** When each vendor key last signed something, to the minute: what a vendor looks at before it revokes one. */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { Caller } from '#platform/auth.ts';
import { LOG } from '#platform/tokens.ts';
import type { VendorKeyUses } from './key-use.schema.ts';
import type { VendorSigner } from './signers.ts';

const EVERY_MS = 60_000;

@Injectable()
export class KeyUse {
  private readonly writtenAt = new Map<string, number>();

  constructor(
    private readonly db: DataSource,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Writes it down once a minute per key, behind the request; that it could not be is logged and no more. @param now in real time. */
  saw({ accessKeyId, vendorId }: VendorSigner, now: Date): void {
    if (now.getTime() - (this.writtenAt.get(accessKeyId) ?? 0) < EVERY_MS) return;
    this.writtenAt.set(accessKeyId, now.getTime());
    this.db
      .query(
        `insert into metering.vendor_key_use as known (vendor_id, access_key_id, last_used_at) values ($1, $2, $3)
         on conflict (vendor_id, access_key_id) do update set last_used_at = greatest(known.last_used_at, excluded.last_used_at)`,
        [vendorId, accessKeyId, now],
      )
      .catch((error: unknown) =>
        this.log.warn({ accessKeyId, error: String(error) }, 'the use of a vendor key was not written down'),
      );
  }

  async list({ organizationId }: Caller): Promise<VendorKeyUses> {
    const rows: Array<{ access_key_id: string; last_used_at: Date }> = await this.db.query(
      `select known.access_key_id, known.last_used_at from metering.vendor_key_use known where known.vendor_id = $1
        order by known.last_used_at desc`,
      [organizationId],
    );
    return { items: rows.map((row) => ({ accessKeyId: row.access_key_id, lastUsedAt: row.last_used_at.toISOString() })) };
  }
}
