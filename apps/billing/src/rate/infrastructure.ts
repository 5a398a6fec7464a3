/** What an agreement's machines cost at the cloud, day by day: the seam to launcher's prices and runs. */
import { Injectable } from '@nestjs/common';
import type { Span } from '#domain/period.ts';
import type { DailyCost } from '#domain/pricing/price.ts';

@Injectable()
export class Infrastructure {
  /** @returns null while nobody knows what machines cost: missing is not nothing. */
  async costsOf(_subscriptionId: string, _span: Span): Promise<DailyCost[] | null> {
    return null;
  }
}
