/** The time of a reserve is over: the vendor may have it. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { Doorbell } from '#platform/doorbell.ts';
import { Stage } from '#platform/stage.ts';
import { Reserve } from '#tables/billing/payout-policy.ts';
import { Reserves } from './reserves.ts';
import { takeVendorTurns } from './vendor-turns.ts';

@Injectable()
export class EndReserve extends Stage {
  readonly queue = 'billing.end-reserve';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly reserves: Reserves,
    private readonly doorbell: Doorbell,
  ) {
    super();
  }

  /** @param id of a reserve. */
  async work(id: string): Promise<void> {
    const known = await this.db.manager.findOneBy(Reserve, { id });
    if (!known || known.overAt) return;
    await this.db.transaction(async (tx) => {
      await takeVendorTurns(tx, [known.vendorId]);
      const reserve = await tx.findOneByOrFail(Reserve, { id });
      if (reserve.overAt || reserve.until > this.clock.now()) return;
      await this.reserves.end(tx, reserve);
      await this.doorbell.ring(tx, 'billing.pay-out', reserve.vendorId);
    });
  }

  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      'select reserve.id from billing.reserve where reserve.over_at is null and reserve.until <= $1 order by reserve.until limit 200',
      [this.clock.now()],
    );
    return rows.map((row) => row.id);
  }
}
