/**
 * Looks at the healthy machines of a place page by page, where they are too many to be asked for one by one: EC2 takes 20 calls a second and
 * shows a thousand machines in each. Those that are as they were written down are written as seen; whatever differs in anything is
 * left to ReconcileInstance, whose turn comes when it was not seen for long.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PLATFORM } from '#domain/aws-access.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { LauncherConfig } from '../config.ts';
import { Places } from '../connections/places.ts';
import type { FoundMachine } from '../ec2/ec2.read.ts';
import { Ec2Machines } from '../ec2/machines.ts';
import type { Place } from '../ec2/place.ts';

@Injectable()
export class ObserveMachines extends Stage {
  readonly queue = 'launcher.observe-machines';
  /** The most that EC2 shows at once. */
  pageSize = 1_000;
  /** Fewer are looked at one by one. */
  fewest = 20;
  /** Places that this process is looking through now: who would look at a machine there alone can wait until that is done. */
  readonly underWay = new Set<string>();

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly places: Places,
    private readonly machines: Ec2Machines,
    private readonly config: LauncherConfig,
  ) {
    super();
  }

  /** `connection:region`, or `platform:region`: sooner than the turn of each machine comes. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select coalesce(instance.aws_connection_id::text, '${PLATFORM}') || ':' || instance.region as id from launcher.instance
        where ${IS_STEADY} and instance.observed_at <= $1
        group by instance.aws_connection_id, instance.region having count(*) >= $2
        order by min(instance.observed_at) limit 300`,
      [new Date(this.clock.now().getTime() - (this.config.OBSERVE_SECONDS * 1000) / 2), this.fewest],
    );
    return rows.map((row) => row.id);
  }

  async work(id: string): Promise<void> {
    const [connection = '', region = ''] = id.split(':');
    const place = await this.places.of({ region, awsConnectionId: connection === PLATFORM ? null : connection });
    this.underWay.add(id);
    try {
      await this.look(place);
    } finally {
      this.underWay.delete(id);
    }
  }

  /** While one page is written the next is asked for: a pass takes as long as the slower of both. */
  private async look(place: Place): Promise<void> {
    let written: Promise<void> = Promise.resolve();
    let token: string | null = null;
    do {
      const seenAt = this.clock.now();
      const [page]: [Awaited<ReturnType<Ec2Machines['page']>>, void] = await Promise.all([
        this.machines.page(place, { token, size: this.pageSize }),
        written,
      ]);
      written = this.seen(place.region, page.machines, seenAt);
      token = page.next;
    } while (token !== null);
    await written;
  }

  /** What a look at each would write, too: nothing but when it was. */
  private async seen(region: string, machines: readonly FoundMachine[], seenAt: Date): Promise<void> {
    // The token is our row's id, except of machines that a buyer started: those are looked at one by one.
    const running = machines.filter(({ state, clientToken }) => state === 'running' && ID.test(clientToken ?? ''));
    await this.db.query(
      `update launcher.instance set observed_at = $6
         from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $7::text[]) as given (id, address, launch_time, ami_id, ec2_instance_id)
        where instance.id = given.id and instance.region = $5 and instance.ec2_instance_id = given.ec2_instance_id and ${IS_STEADY}
          and instance.public_address = given.address and instance.launched_at = given.launch_time
          and instance.runs_ami_id = given.ami_id and instance.observed_at < $6`,
      [
        running.map(({ clientToken }) => clientToken),
        running.map(({ address }) => address),
        running.map(({ launchTime }) => launchTime),
        running.map(({ imageId }) => imageId),
        region,
        seenAt,
        running.map(({ instanceId }) => instanceId),
      ],
    );
  }
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Nothing is to be done about it as long as EC2 shows what it did. */
export const IS_STEADY = `instance.origin = 'launched' and instance.state = 'healthy' and instance.desired = 'running' and instance.draining_at is null and instance.stop_told_at is null`;
