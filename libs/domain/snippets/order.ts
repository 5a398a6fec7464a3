/** What a snippet is written of: everything that a launch comes to. */

/** What is to be made: everything that a launch comes to, resolved. */
export interface SnippetOrder {
  /** Product and version, for people. */
  name: string;
  region: string;
  /** Null: wherever EC2 puts it. */
  zone: string | null;
  imageId: string;
  instanceType: string;
  keyName: string | null;
  /** Null: in the default network. */
  subnetId: string | null;
  /** What the machine's security group lets in; `from` is a CIDR. */
  firewall: ReadonlyArray<{ protocol: 'tcp' | 'udp'; port: number; from: string }>;
  placement: 'none' | 'spread' | 'partition';
  /** At a lower price, and taken back by AWS when it likes. */
  isSpot: boolean;
  /** All tags of the machine and its disks. */
  tags: Readonly<Record<string, string>>;
  /** Plain text. */
  userData: string;
  /** Disks apart from the image, in their order. */
  dataVolumes: ReadonlyArray<{ name: string; device: string; sizeGib: number; type: string }>;
  /** Where the appliance answers, with `{address}` in it. */
  urlTemplate: string;
}

/** For the group's description, which takes few characters; what it is of is in its tags. */
export const GROUP_DESCRIPTION = 'Slipway appliance';
/** The most there are in a zone (EC2 user guide, "Placement groups"). */
export const PARTITIONS = 7;

/** Tags of one of the data volumes: those of the machine, and which volume it is. */
export const volumeTags = (order: SnippetOrder, name: string): Record<string, string> => ({
  ...order.tags,
  'slipway:volume': name,
});
