/**
 * Proves that what runs is what was tested: compares the image that EC2 says a machine runs with the tested one of its version and
 * region, and tells the vendor and operators where they differ, until they no longer do. What EC2 says is written down by
 * instances/observations.ts with every look, so no call is made here.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { isFinal } from '#domain/fleet.ts';
import { noticeChange, strangerIn } from '#domain/image-scan.ts';
import { Clock } from '#platform/clock.ts';
import { newId } from '#platform/ids.ts';
import { Stage } from '#platform/stage.ts';
import { ImageNotice } from '#tables/launcher/image-notice.ts';
import { Image } from '#tables/launcher/image.ts';
import { Instance } from '#tables/launcher/instance.ts';

@Injectable()
export class ProveMachine extends Stage {
  readonly queue = 'launcher.prove-machine';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Machines that run something else and were not told of, and those told of that no longer do. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select instance.id from launcher.instance
       join launcher.image on image.version_id = instance.version_id and image.region = instance.region
       where instance.runs_ami_id is not null and instance.runs_ami_id is distinct from instance.ami_id
         and instance.runs_ami_id <> image.ami_id and instance.state not in ('terminated', 'failed')
         and not exists (select from launcher.image_notice where image_notice.instance_id = instance.id
                         and image_notice.kind = 'other_image_runs' and image_notice.resolved_at is null)
       union
       select instance.id from launcher.image_notice join launcher.instance on instance.id = image_notice.instance_id
       join launcher.image on image.id = image_notice.image_id
       where image_notice.kind = 'other_image_runs' and image_notice.resolved_at is null
         and (instance.runs_ami_id = image.ami_id or instance.state in ('terminated', 'failed'))
       limit 300`,
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      // The row is held, so that two workers tell once.
      const instance = await tx.findOne(Instance, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const image = instance && (await tx.findOneBy(Image, { versionId: instance.versionId, region: instance.region }));
      if (!instance || !image) return;
      const open = await tx.findOneBy(ImageNotice, { instanceId: id, kind: 'other_image_runs', resolvedAt: IsNull() });
      const now = this.clock.now();
      const change = noticeChange(open?.reason ?? null, strangerIn(instance.runsAmiId, image.amiId, isFinal(instance.state)));
      if (change.close && open) await tx.update(ImageNotice, { id: open.id }, { resolvedAt: now });
      if (change.open === null) return;
      const notice = { id: newId(), imageId: image.id, kind: 'other_image_runs' as const, instanceId: id, createdAt: now };
      await tx.insert(ImageNotice, { ...notice, reason: change.open });
    });
  }
}
