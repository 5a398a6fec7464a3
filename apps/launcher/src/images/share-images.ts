/**
 * Shares the images of a product with the AWS accounts of who has subscribed to it, and takes them back. What should be follows from
 * rows of api alone; launcher.image_share says what EC2 is about to be told and what it was told. Once in a while EC2 is asked
 * whether it is still so. A launch permission is all that launching takes: permission to read the snapshots behind an image would
 * let the software be copied.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource, In } from 'typeorm';
import { drift, nextShare, type ShareState } from '#domain/image-share.ts';
import { Clock } from '#platform/clock.ts';
import { Stage } from '#platform/stage.ts';
import { LOG } from '#platform/tokens.ts';
import { Version } from '#tables/api/version.ts';
import { ImageShare } from '#tables/launcher/image-share.ts';
import { Image } from '#tables/launcher/image.ts';
import { LauncherConfig } from '../config.ts';
import { isGone, isRefused } from '../ec2/ec2.errors.ts';
import { Ec2Images } from '../ec2/images.ts';
import { ownPlace } from '../ec2/place.ts';
import { sharesBeside } from './wanted-shares.ts';

/** How many accounts one call names. */
const BATCH = 100;

interface Beside {
  image_id: string;
  account_id: string;
  state: ShareState | null;
  is_wanted: boolean;
}

@Injectable()
export class ShareImages extends Stage {
  readonly queue = 'launcher.share-images';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly images: Ec2Images,
    private readonly config: LauncherConfig,
    @Inject(LOG) private readonly log: Logger,
  ) {
    super();
  }

  /** Products of which something is shared otherwise than it should be, is under way, or was not looked at for long. */
  async due(): Promise<string[]> {
    const rows: Array<{ id: string }> = await this.db.query(
      `select distinct beside.product_id as id from (${sharesBeside(false)}) beside
       where beside.is_wanted <> coalesce(beside.state in ('shared', 'refused'), false)
          or beside.state in ('sharing', 'unsharing')
          or beside.checked_at <= $1
       limit 300`,
      [this.staleAt()],
    );
    return rows.map((row) => row.id);
  }

  /** @param productId of api.product: the lock on it keeps two workers from telling EC2 opposite things of one image. */
  async work(productId: string): Promise<void> {
    const versions = await this.db.manager.findBy(Version, { productId });
    const images = await this.db.manager.findBy(Image, { versionId: In(versions.map(({ id }) => id)) });
    // An image in trouble does not hold the others back.
    const looked = await Promise.allSettled(images.map((image) => this.findDrift(image)));
    await this.plan(productId);
    const told = await Promise.allSettled(images.map((image) => this.tell(image)));
    const failed = [...looked, ...told].find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Writes the intents. */
  private async plan(productId: string): Promise<void> {
    const beside: Beside[] = await this.db.query(sharesBeside(true), [productId]);
    const changedAt = this.clock.now();
    const intents = beside.flatMap(({ image_id: imageId, account_id: accountId, state, is_wanted: isWanted }) => {
      const next = nextShare(state, isWanted);
      return next ? [{ imageId, accountId, state: next, failure: null, changedAt }] : [];
    });
    await this.db.transaction(async (tx) => {
      for (let at = 0; at < intents.length; at += 1_000)
        await tx.upsert(ImageShare, intents.slice(at, at + 1_000), ['imageId', 'accountId']);
    });
  }

  private async tell(image: Image): Promise<void> {
    const open = await this.db.manager.findBy(ImageShare, { imageId: image.id, state: In(['sharing', 'unsharing']) });
    for (const state of ['sharing', 'unsharing'] as const) {
      const accounts = open.filter((share) => share.state === state).map(({ accountId }) => accountId);
      for (let at = 0; at < accounts.length; at += BATCH) await this.tellBatch(image, state, accounts.slice(at, at + BATCH));
    }
  }

  private async tellBatch(image: Image, state: 'sharing' | 'unsharing', accounts: string[]): Promise<void> {
    const isSharing = state === 'sharing';
    try {
      await this.images.shareImage(ownPlace(image.region), image.amiId!, accounts, isSharing);
    } catch (error) {
      // What is deregistered is shared with nobody.
      if (isGone(error) && !isSharing) return this.record(image, state, accounts, { state: 'unshared' });
      // The scan of the image tells its vendor; sharing it is tried again when it is looked at next.
      if (isGone(error)) return this.record(image, state, accounts, { state: 'refused', failure: 'The image is gone.' });
      if (!isRefused(error) || !isSharing) throw error;
      // EC2 takes all or none: one account that it does not take must not keep the image from the others.
      if (accounts.length > 1) return this.tellEach(image, state, accounts);
      this.log.warn({ imageId: image.id, accountId: accounts[0], error: error.message }, 'EC2 refuses to share an image');
      return this.record(image, state, accounts, { state: 'refused', failure: error.message.slice(0, 500) });
    }
    await this.record(image, state, accounts, { state: isSharing ? 'shared' : 'unshared' });
    this.log.info({ imageId: image.id, amiId: image.amiId, region: image.region, accounts }, isSharing ? 'shared' : 'unshared');
  }

  private async tellEach(image: Image, state: 'sharing' | 'unsharing', accounts: string[]): Promise<void> {
    for (const account of accounts) await this.tellBatch(image, state, [account]);
  }

  /** Only from the intent that was carried out. */
  private async record(
    image: Image,
    from: 'sharing' | 'unsharing',
    accounts: string[],
    outcome: { state: ShareState; failure?: string },
  ): Promise<void> {
    const now = this.clock.now();
    await this.db.manager.update(
      ImageShare,
      { imageId: image.id, accountId: In(accounts), state: from },
      { failure: null, ...outcome, changedAt: now, checkedAt: now },
    );
  }

  /** Turns what EC2 shows otherwise into intents, and gives accounts that were refused another try. */
  private async findDrift(image: Image): Promise<void> {
    const shares = await this.db.manager.findBy(ImageShare, { imageId: image.id });
    const stale = this.staleAt();
    const settled = shares.filter(({ state }) => state === 'shared' || state === 'refused');
    if (!settled.some(({ checkedAt }) => checkedAt !== null && checkedAt <= stale)) return;
    const inState = (...states: ShareState[]): string[] =>
      shares.filter(({ state }) => states.includes(state)).map(({ accountId }) => accountId);
    const shown = await this.images.sharedWith(ownPlace(image.region), image.amiId!);
    const { lost, strange } = drift(shown, inState('shared'), inState('sharing', 'unsharing'));
    if (lost.length + strange.length > 0)
      this.log.warn({ imageId: image.id, amiId: image.amiId, lost, strange }, 'an image is shared otherwise than it should be');
    await this.mend(image, [...lost, ...inState('refused')], strange);
  }

  private async mend(image: Image, share: string[], unshare: string[]): Promise<void> {
    const now = this.clock.now();
    const intents = [
      ...share.map((accountId) => ({ accountId, state: 'sharing' as const })),
      ...unshare.map((accountId) => ({ accountId, state: 'unsharing' as const })),
    ].map((intent) => ({ ...intent, imageId: image.id, failure: null, changedAt: now }));
    await this.db.transaction(async (tx) => {
      if (intents.length > 0) await tx.upsert(ImageShare, intents, ['imageId', 'accountId']);
      await tx.update(ImageShare, { imageId: image.id, state: 'shared' }, { checkedAt: now });
    });
  }

  private staleAt(): Date {
    return new Date(this.clock.now().getTime() - this.config.IMAGE_SHARE_CHECK_HOURS * 3_600_000);
  }
}
