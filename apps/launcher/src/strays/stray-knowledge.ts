/**
 * What is written down of a page of machines that EC2 shows: rows and boot tests by EC2's id or by the ClientToken, images that we sell, and
 * subscriptions of those who have connected the account. One query each for the whole page, so that memory stays flat however many
 * machines there are.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isFinal, type InstanceState } from '#domain/fleet.ts';
import type { Known, StraySituation } from '#domain/stray.ts';
import { OWNER_TAG, PLATFORM } from '#domain/aws-access.ts';
import type { FoundMachine } from '../ec2/ec2.read.ts';

const OUR_TAGS = ['slipway:instance', 'slipway:launch', OWNER_TAG];
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface Row {
  id: string;
  origin: 'launched' | 'outside';
  state: InstanceState;
  ec2InstanceId: string | null;
  terminatedAt: Date | null;
  drainingAt: Date | null;
}

/** Of an image, or of a snapshot: its machine is ours, and nobody is billed for it. */
interface BootTest {
  id: string;
  cleanedAt: Date | null;
}

export interface SoldImage {
  amiId: string;
  versionId: string;
  productId: string;
  vendorId: string;
}

/** A running subscription of somebody who has connected the account. */
export interface Entitlement {
  subscriptionId: string;
  productId: string;
  buyerId: string;
  connectionId: string;
  startedAt: Date;
}

export interface StrayFinding {
  machine: FoundMachine;
  situation: StraySituation;
  image: SoldImage | null;
  entitlement: Entitlement | null;
  /** Whom a machine in this account concerns; null in the platform's own. */
  buyerId: string | null;
}

@Injectable()
export class StrayKnowledge {
  constructor(private readonly db: DataSource) {}

  /** @param account 12 digits, or `platform`. */
  async of(account: string, region: string, machines: readonly FoundMachine[]): Promise<StrayFinding[]> {
    const tokens = machines.flatMap(({ clientToken }) => (clientToken && ID.test(clientToken) ? [clientToken] : []));
    const [byEc2Id, byToken, bootTests, images] = await Promise.all([
      this.rowsAtEc2(region, machines),
      this.rows(tokens),
      this.bootTests(tokens),
      this.images(region, machines),
    ]);
    const entitlements = account === PLATFORM ? [] : await this.entitlements(account, [...images.values()]);
    const owner = account === PLATFORM ? null : await this.ownerOf(account);
    return machines.map((machine) => {
      const image = images.get(machine.imageId ?? '') ?? null;
      const entitlement = entitlementOf(machine, image, entitlements);
      const token = machine.clientToken ?? '';
      return {
        machine,
        image,
        entitlement,
        buyerId: entitlement?.buyerId ?? owner,
        situation: {
          machine,
          account: account === PLATFORM ? 'platform' : 'buyer',
          known: knownOf(machine, byEc2Id.get(machine.instanceId) ?? byToken.get(token), bootTests.get(token)),
          runsOurImage: image !== null,
          hasOurTags: OUR_TAGS.some((tag) => tag in machine.tags),
          subscription: entitlement,
        },
      };
    });
  }

  private async rowsAtEc2(region: string, machines: readonly FoundMachine[]): Promise<Map<string, Row>> {
    const rows: Row[] = await this.db.query(`${ROW} where instance.region = $1 and instance.ec2_instance_id = any($2)`, [
      region,
      machines.map(({ instanceId }) => instanceId),
    ]);
    return new Map(rows.map((row) => [row.ec2InstanceId!, row]));
  }

  private async rows(ids: string[]): Promise<Map<string, Row>> {
    const rows: Row[] = await this.db.query(`${ROW} where instance.id = any($1)`, [ids]);
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async bootTests(ids: string[]): Promise<Map<string, BootTest>> {
    const rows: BootTest[] = await this.db.query(
      `select image_scan.id, image_scan.cleaned_at as "cleanedAt" from launcher.image_scan where image_scan.id = any($1)
       union all
       select restore_test.id, restore_test.cleaned_at from launcher.restore_test where restore_test.id = any($1)`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  private async images(region: string, machines: readonly FoundMachine[]): Promise<Map<string, SoldImage>> {
    const rows: SoldImage[] = await this.db.query(
      `select image.ami_id as "amiId", image.version_id as "versionId", version.product_id as "productId", product.vendor_id as "vendorId"
         from launcher.image
         join api.version on version.id = image.version_id
         join api.product on product.id = version.product_id
        where image.region = $1 and image.ami_id = any($2)`,
      [region, [...new Set(machines.flatMap(({ imageId }) => imageId ?? []))]],
    );
    return new Map(rows.map((row) => [row.amiId, row]));
  }

  /** Whoever connected the account first comes first. */
  private entitlements(account: string, images: SoldImage[]): Promise<Entitlement[]> {
    return this.db.query(
      `select subscription.id as "subscriptionId", subscription.product_id as "productId", subscription.buyer_id as "buyerId",
              aws_connection.id as "connectionId", subscription.started_at as "startedAt"
         from api.aws_connection
         join api.subscription on subscription.buyer_id = aws_connection.buyer_id and subscription.ended_at is null
        where aws_connection.account_id = $1 and aws_connection.removed_at is null and subscription.product_id = any($2)
        order by aws_connection.created_at, aws_connection.id`,
      [account, images.map(({ productId }) => productId)],
    );
  }

  private async ownerOf(account: string): Promise<string | null> {
    const [row]: Array<{ buyerId: string }> = await this.db.query(
      `select aws_connection.buyer_id as "buyerId" from api.aws_connection where aws_connection.account_id = $1
        order by aws_connection.removed_at is not null, aws_connection.created_at, aws_connection.id limit 1`,
      [account],
    );
    return row?.buyerId ?? null;
  }
}

const ROW = `select instance.id, instance.origin, instance.state, instance.ec2_instance_id as "ec2InstanceId",
  instance.terminated_at as "terminatedAt", instance.draining_at as "drainingAt" from launcher.instance`;

/** Two companies may have connected one account; what a snippet of ours has tagged says for whom it is. */
function entitlementOf({ tags }: FoundMachine, image: SoldImage | null, all: Entitlement[]): Entitlement | null {
  const fitting = all.filter(({ productId }) => productId === image?.productId);
  return fitting.find(({ subscriptionId }) => subscriptionId === tags['slipway:subscription']) ?? fitting[0] ?? null;
}

function knownOf(machine: FoundMachine, row: Row | undefined, bootTest: BootTest | undefined): Known | null {
  if (row?.origin === 'outside') return { by: 'buyer', isGone: isFinal(row.state), isReleased: row.drainingAt !== null };
  if (row) {
    // A second machine of one intent is nobody's.
    const isAnother = row.ec2InstanceId !== null && row.ec2InstanceId !== machine.instanceId;
    return { by: 'us', isFinished: isAnother || isFinal(row.state), finishedAt: row.terminatedAt };
  }
  return bootTest ? { by: 'us', isFinished: bootTest.cleanedAt !== null, finishedAt: bootTest.cleanedAt } : null;
}
