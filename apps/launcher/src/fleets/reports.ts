/** Asks the machines of a fleet: those that serve for their load, those that drain whether they are done. Reads launcher.instance. */
import { Injectable } from '@nestjs/common';
import { DataSource, In, Not } from 'typeorm';
import { healthUrl } from '#domain/fleet.ts';
import type { Fleet } from '#tables/api/fleet.ts';
import { Version } from '#tables/api/version.ts';
import { Instance } from '#tables/launcher/instance.ts';
import { Appliances } from '../appliances.ts';

export interface Report {
  instanceId: string;
  /** Of the target's metric; null when it said nothing that counts. */
  value: number | null;
  hasDrained: boolean;
}

const AT_ONCE = 40;

@Injectable()
export class Reports {
  constructor(
    private readonly db: DataSource,
    private readonly appliances: Appliances,
  ) {}

  /** One pass over the whole fleet. A machine that cannot be asked has no report. Never throws for a machine's sake. */
  async of(fleet: Fleet): Promise<Report[]> {
    const instances = await this.db.manager.findBy(Instance, {
      fleetId: fleet.id,
      desired: 'running',
      state: Not(In(['terminated', 'failed'])),
    });
    const versions = await this.db.manager.findBy(Version, { id: In(instances.map(({ versionId }) => versionId)) });
    const versionOf = new Map(versions.map((version) => [version.id, version]));
    const reports: Report[] = [];
    for (let done = 0; done < instances.length; done += AT_ONCE) {
      const asked = instances
        .slice(done, done + AT_ONCE)
        .map((instance) => this.ask(instance, fleet, versionOf.get(instance.versionId)!));
      reports.push(...(await Promise.all(asked)).filter((report) => report !== null));
    }
    return reports;
  }

  private async ask({ id, url, state, drainingAt }: Instance, { target }: Fleet, version: Version): Promise<Report | null> {
    const { metricsPath, drainPath } = version;
    if (!url) return null;
    if (drainingAt && drainPath)
      return { instanceId: id, value: null, hasDrained: await this.appliances.drain(healthUrl(url, drainPath)) };
    if (drainingAt || state !== 'healthy' || !target || !metricsPath) return null;
    return {
      instanceId: id,
      value: await this.appliances.measure(healthUrl(url, metricsPath), target.metric),
      hasDrained: false,
    };
  }
}
