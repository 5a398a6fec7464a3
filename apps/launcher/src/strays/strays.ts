/** Strays as operators see them all, and buyers their own. Reads launcher.stray. */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not } from 'typeorm';
import type { Caller } from '#platform/auth.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { Stray } from '#tables/launcher/stray.ts';
import type { StrayQuery, StrayView } from './strays.schema.ts';

const MOST_LISTED = 200;

@Injectable()
export class Strays {
  constructor(private readonly db: DataSource) {}

  /** The newest 200. */
  async list({ kind: caller, organizationId }: Caller, { state, kind }: StrayQuery): Promise<StrayView[]> {
    const now = { open: { resolvedAt: IsNull() }, resolved: { resolvedAt: Not(IsNull()) } };
    const strays = await this.db.manager.find(Stray, {
      where: {
        ...(kind ? { kind } : {}),
        ...(state ? now[state] : {}),
        ...(caller === 'operator' ? {} : { buyerId: organizationId }),
      },
      order: { foundAt: 'desc', id: 'asc' },
      take: MOST_LISTED,
    });
    const rows = await this.db.manager.find(Instance, {
      where: strays.flatMap(({ instanceId: id }) => (id ? [{ id }] : [])),
      select: { id: true, ec2InstanceId: true },
    });
    const names = new Map(rows.map(({ id, ec2InstanceId }) => [id, ec2InstanceId]));
    return strays.map((stray) =>
      view({ ...stray, ec2InstanceId: stray.ec2InstanceId ?? names.get(stray.instanceId ?? '') ?? null }),
    );
  }
}

const view = ({ amiId, foundAt, seenAt, endToldAt, resolvedAt, ...stray }: Stray): StrayView => ({
  ...stray,
  imageId: amiId,
  foundAt: foundAt.toISOString(),
  seenAt: seenAt.toISOString(),
  endToldAt: endToldAt?.toISOString() ?? null,
  resolvedAt: resolvedAt?.toISOString() ?? null,
});
