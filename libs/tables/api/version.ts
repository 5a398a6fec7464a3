/** One immutable release of a product: the vendor's image, and where it shall be sold. */
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A port that the appliance listens on besides that of its URL. */
export interface Port {
  port: number;
  protocol: 'tcp' | 'udp';
  description: string;
}

/** A disk for data, apart from the image. */
export interface DataVolume {
  name: string;
  /** As AttachVolume takes it, such as /dev/sdf. */
  device: string;
  sizeGib: number;
  type: string;
  /** Where the vendor's user data mounts it. */
  mountPath: string;
}

@Entity({ schema: 'api', name: 'version' })
export class Version {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') productId: string;
  @Column('text') title: string;
  @Column('text') notes: string;
  @Column('text') sourceImageId: string;
  @Column('text') sourceRegion: string;
  @Column('text', { array: true }) regions: string[];
  @Column('text', { array: true }) instanceTypes: string[];
  /** Where the appliance answers; `{address}` is the machine's public address. */
  @Column('text') urlTemplate: string;
  /** Path under the URL that answers 2xx when the appliance is well. */
  @Column('text') healthPath: string;
  @Column('timestamptz') createdAt: Date;
  /** What the vendor says the image runs, such as `Ubuntu 24.04`. */
  @Column('text', { nullable: true }) operatingSystem: string | null;
  @Column('jsonb') ports: Port[];
  /** What machines get as user data, with `{{name}}` where a buyer's value goes; null: Slipway's own JSON and nothing else. */
  @Column('text', { nullable: true }) userDataTemplate: string | null;
  @Column('jsonb') dataVolumes: DataVolume[];
  @Column('text', { nullable: true }) recommendedInstanceType: string | null;
  /** Path under the URL that is posted to before a machine leaves a fleet or stops. */
  @Column('text', { nullable: true }) drainPath: string | null;
  /** Path under the URL that answers with numbers by name. */
  @Column('text', { nullable: true }) metricsPath: string | null;
}
