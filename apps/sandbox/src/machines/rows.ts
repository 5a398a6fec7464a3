/**
 * The data of an appliance, for a database above all: rows by key, kept on the first data volume that is attached to its machine, and on
 * the root disk of a machine without one. So they live and die, and are copied by snapshots, as the disk is.
 */
import type { RequestListener } from 'node:http';
import { contentsOf } from '../ec2/contents.ts';
import type { Instance } from '../ec2/instance-state.ts';
import { volumesOn } from '../ec2/volume-state.ts';
import type { World } from '../ec2/world.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const KEY = /^\/rows\/([\w-]{1,64})$/;
const LONGEST_ROW = 4096;

/** `GET /rows`: all of them. `PUT /rows/KEY`: the body becomes that row. */
export const rows =
  (world: World, instance: Instance): RequestListener =>
  (request, response) => {
    const say = (status: number, body: object): void => void response.writeHead(status, JSON_TYPE).end(JSON.stringify(body));
    const disk = diskOf(world, instance);
    if (!disk) return say(503, { error: 'no disk is attached' });
    if (request.method === 'GET') return say(200, decoded(contentsOf(world, disk)));
    const key = request.method === 'PUT' ? KEY.exec(request.url ?? '')?.[1] : undefined;
    if (!key) return say(404, { error: 'GET /rows and PUT /rows/KEY are all there is' });
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const row = Buffer.concat(parts);
      if (row.length > LONGEST_ROW) return say(413, { error: `a row has at most ${LONGEST_ROW} bytes` });
      world.contents.set(disk, { ...contentsOf(world, disk), [key]: row.toString('base64') });
      return say(200, decoded(contentsOf(world, disk)));
    });
  };

function diskOf(world: World, instance: Instance): string | undefined {
  const attached = volumesOn(world, instance.instanceId, world.clock.now()).filter(
    ({ attachment }) => attachment.state === 'attached',
  );
  const data = attached.find(({ attachment }) => attachment.device !== instance.rootDeviceName);
  return (data ?? attached[0])?.volume.volumeId;
}

const decoded = (contents: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(contents).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
