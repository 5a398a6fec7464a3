/** Reads metering.silence for those whom it concerns. */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not } from 'typeorm';
import type { Caller } from '#platform/auth.ts';
import { Silence } from '#tables/metering/silence.ts';
import type { SilenceQuery, SilenceView } from './heartbeats.schema.ts';

const MOST_LISTED = 200;

@Injectable()
export class Silences {
  constructor(private readonly db: DataSource) {}

  async list({ kind, organizationId }: Caller, { state, ...which }: SilenceQuery): Promise<SilenceView[]> {
    const mine = { vendor: { vendorId: organizationId }, buyer: { buyerId: organizationId }, operator: {}, auditor: {} }[kind];
    const now = { open: { endedAt: IsNull() }, ended: { endedAt: Not(IsNull()) } };
    const silences = await this.db.manager.find(Silence, {
      where: { ...which, ...(state ? now[state] : {}), ...mine },
      order: { noticedAt: 'desc', instanceId: 'asc' },
      take: MOST_LISTED,
    });
    return silences.map(view);
  }
}

const view = ({ subscriptionId, instanceId, productId, ec2InstanceId, since, noticedAt, endedAt }: Silence): SilenceView => ({
  subscriptionId,
  instanceId,
  productId,
  ec2InstanceId,
  since: since.toISOString(),
  noticedAt: noticedAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});
