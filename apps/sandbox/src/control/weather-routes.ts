/** Bad weather on request: throttling, lag, no room, zones and racks that fail. */
import type { FastifyInstance } from 'fastify';
import { failZone, loseRack } from '../ec2/losses.ts';
import type { Instance } from '../ec2/instance-state.ts';
import { isZone } from '../ec2/regions.ts';
import type { ControlParts } from './routes.ts';
import * as input from './input.ts';

export function weatherRoutes(app: FastifyInstance, { world, changed }: ControlParts): void {
  const { weather } = world;
  const gone = (instances: Instance[]) => changed().then(() => ({ lost: instances.map((instance) => instance.instanceId) }));

  app.get('/weather', () => weather.shown());
  app.post('/weather', (request) => {
    const { throttle, ...others } = input.read(input.weather, request.body);
    weather.change({ ...others, ...(throttle && { throttle: { ...weather.now().throttle, ...throttle } }) });
    return weather.shown();
  });
  app.delete('/weather', (_, reply) => {
    weather.clear();
    return reply.code(204).send();
  });

  app.post('/capacity', (request) => {
    weather.limit(input.read(input.capacity, request.body));
    return weather.shown();
  });

  app.post<{ Params: { zone: string } }>('/zones/:zone/fail', (request, reply) => {
    const { zone } = request.params;
    if (!isZone(zone)) return reply.code(404).send({ error: `There is no zone ${zone}` });
    return gone(failZone(world, zone));
  });
  app.post<{ Params: { zone: string } }>('/zones/:zone/restore', (request) => {
    weather.restoreZone(request.params.zone);
    return weather.shown();
  });

  app.post<{ Params: { group: string } }>('/placement-groups/:group/lose', (request, reply) => {
    const { partition } = input.read(input.rack, request.body);
    const groups = world.placementGroups.values().filter(({ groupId, name }) => [groupId, name].includes(request.params.group));
    if (groups.length === 0) return reply.code(404).send({ error: `There is no placement group ${request.params.group}` });
    return gone(groups.flatMap(({ groupId }) => loseRack(world, groupId, partition)));
  });

  app.post<{ Params: { id: string } }>('/snapshots/:id/fail', (request, reply) => {
    const snapshot = world.snapshots.get(request.params.id);
    if (!snapshot) return reply.code(404).send({ error: `There is no snapshot ${request.params.id}` });
    const failed = { ...snapshot, fails: true };
    world.snapshots.set(snapshot.snapshotId, failed);
    return failed;
  });
}
