/** What becomes of a launch is followed live over HTTP, from "accepted" to "healthy at URL", or to why not. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller } from '#testing/app.ts';
import { openEvents, type EventStream } from '#testing/event-stream.ts';
import { launcherWorld, type World } from '../testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await launcherWorld();
  await world.app.settle();
});
afterAll(() => world.close());

const is = (id: string, state: string) => async (): Promise<boolean> => (await world.instance(id))?.state === state;

async function follow(
  path: string,
  { as = world.market.buyerId, kind = 'buyer' as 'buyer' | 'vendor', after = '' } = {},
): Promise<EventStream> {
  const headers = await asCaller({ organizationId: as, kind });
  return openEvents(`${world.app.url}/v1/${path}/events`, { ...headers, ...(after && { 'last-event-id': after }) });
}
const refusalOf = (path: string, given: Parameters<typeof follow>[1] = {}): Promise<unknown> =>
  follow(path, given).then(
    () => 'was answered',
    async (answer: Response) => ((await answer.json()) as { status: number }).status,
  );
const kinds = ({ events }: EventStream): unknown[] => events.map(({ data, type }) => (type === 'message' ? data.kind : type));

it('tells of a launch from accepted to healthy at its URL, as it happens, and ends there', async () => {
  const id = await world.launch();
  const stream = await follow(`launches/${id}`);
  expect(stream.events).toEqual([]);
  await world.app.settle(is(id, 'healthy'));
  const events = await stream.ended;
  expect(kinds(stream)[0]).toBe('accepted');
  expect(kinds(stream).slice(-2)).toEqual(['healthy', 'end']);
  const { url } = (await world.instance(id)) as { url: string };
  expect(events.at(-2)!.data).toEqual({
    at: '2026-01-05T09:00:00.000Z',
    kind: 'healthy',
    message: `The appliance is healthy at ${url}`,
    instanceId: id,
  });
  expect(events.at(-1)!.data).toEqual({ state: 'healthy' });
  expect((await fetch(`${url}health`)).status).toBe(200);
});

it('is replayed to who comes later, and goes on after Last-Event-ID for who was cut off', async () => {
  const id = await world.launch();
  const first = await follow(`launches/${id}`);
  await world.app.settle(async () => (await world.told(id)).includes('accepted'));
  const seen = await first.until(({ data }) => data.kind === 'accepted');
  first.close();
  await world.app.settle(is(id, 'healthy'));
  const all = await follow(`launches/${id}`);
  const later = await follow(`launches/${id}`, { after: seen.id });
  await Promise.all([all.ended, later.ended]);
  expect(kinds(all)[0]).toBe('accepted');
  expect(later.events).toEqual(all.events.slice(1));
});

it('tells of one machine too, and ends with it', async () => {
  const id = await world.launch();
  await world.app.settle(is(id, 'healthy'));
  await world.want(id, 'terminated');
  const stream = await follow(`instances/${id}`);
  await world.app.settle(is(id, 'terminated'));
  await stream.ended;
  expect(kinds(stream).slice(-2)).toEqual(['terminated', 'end']);
  expect(kinds(stream)).toContain('healthy');
});

it('says why a launch failed, in a sentence that says what to do', async () => {
  const id = await world.launch({ keyName: 'nobody' });
  const stream = await follow(`launches/${id}`);
  await world.app.settle(is(id, 'failed'));
  const events = await stream.ended;
  expect(events.at(-1)).toMatchObject({ type: 'end', data: { state: 'failed' } });
  expect(events.at(-2)!.data).toMatchObject({
    kind: 'failed',
    message: expect.stringMatching(/^There is no key pair "nobody" in us-east-1\. Make it in that AWS account/),
  });
});

it('shows the last words on the console of a machine that was lost, and why it was', async () => {
  const id = await world.launch();
  await world.app.settle(is(id, 'healthy'));
  const { ec2_instance_id: machine } = (await world.instance(id)) as { ec2_instance_id: string };
  await world.control(`/instances/${machine}/lose`);
  world.advance({ minutes: 1 });
  await world.app.settle(is(id, 'terminated'));
  const events = await (await follow(`instances/${id}`)).ended;
  expect(events.find(({ data }) => data.kind === 'console')?.data.message).toContain('login:');
  expect(events.at(-2)!.data).toMatchObject({
    kind: 'terminated',
    message: expect.stringMatching(/^The machine ended without being told to: /),
  });
});

it('is not there for anybody but its buyer', async () => {
  const id = await world.launch();
  expect(await refusalOf(`launches/${id}`, { as: newId() })).toBe(404);
  expect(await refusalOf(`launches/${newId()}`)).toBe(404);
  expect(await refusalOf(`instances/${newId()}`)).toBe(404);
  expect(await refusalOf(`launches/${id}`, { kind: 'vendor', as: world.market.vendorId })).toBe(403);
  expect(await refusalOf(`launches/${id}`, { after: 'yesterday' })).toBe(400);
  expect(await refusalOf('launches/not-an-id')).toBe(400);
});

it('does not keep the launcher from ending', async () => {
  const other = await world.another();
  const id = await world.launch();
  const headers = await asCaller({ organizationId: world.market.buyerId, kind: 'buyer' });
  const stream = await openEvents(`${other.url}/v1/launches/${id}/events`, headers);
  await other.close();
  await stream.ended;
  expect(stream.events.every(({ type }) => type !== 'end')).toBe(true);
});
