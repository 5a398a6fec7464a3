/** Machines: all of them whoever's they are, many at once, lost, taken back, and stopped with their host; what runs on them is told. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { retired, stateOf, type Instance } from '../ec2/instance-state.ts';
import { loseInstance } from '../ec2/losses.ts';
import { makeMany } from '../ec2/many-instances.ts';
import { reclaimed } from '../ec2/spot.ts';
import { tagsOf } from '../ec2/tags.ts';
import type { World } from '../ec2/world.ts';
import { note, notesOf } from '../machines/notes.ts';
import type { ControlParts } from './routes.ts';
import * as input from './input.ts';

interface OfInstance {
  Params: { id: string };
}

export function machineRoutes(app: FastifyInstance, { world, changed }: ControlParts): void {
  app.get('/instances', () => world.instances.values().map((instance) => shown(world, instance)));
  app.get<OfInstance>('/instances/:id', (request, reply) => {
    const instance = world.instances.get(request.params.id);
    return instance ? shown(world, instance) : nobody(reply, request.params.id);
  });

  app.post('/instances', { bodyLimit: 64 * 1024 * 1024 }, (request, reply) => {
    const { accountId, region, count, clientTokens, ...many } = input.read(input.instances, request.body);
    const call = { world, accountId, region, now: world.clock.now() };
    const tokens = clientTokens ?? Array.from({ length: count ?? 0 }, () => undefined);
    const made = world.store.atomically(() => makeMany(call, { ...many, clientTokens: tokens }));
    return changed().then(() => reply.code(201).send({ instances: made }));
  });

  app.post<OfInstance>('/instances/:id/metrics', (request, reply) => {
    const metrics = input.read(input.metrics, request.body);
    if (!world.instances.get(request.params.id)) return nobody(reply, request.params.id);
    return note(world, request.params.id, { metrics });
  });
  app.post<OfInstance>('/instances/:id/health', (request, reply) => {
    const { healthy } = input.read(input.health, request.body);
    if (!world.instances.get(request.params.id)) return nobody(reply, request.params.id);
    return note(world, request.params.id, { sick: !healthy });
  });

  app.post<OfInstance>('/instances/:id/lose', (request, reply) => {
    const instance = world.instances.get(request.params.id);
    if (!instance) return nobody(reply, request.params.id);
    const gone = loseInstance(world, instance);
    return changed().then(() => shown(world, gone));
  });

  app.post<OfInstance>('/instances/:id/retire', (request, reply) => {
    const instance = world.instances.get(request.params.id);
    const runs = instance && stateOf(instance, world.clock.now()) === 'running';
    if (!runs) return reply.code(404).send({ error: `There is no running instance ${request.params.id}` });
    const stopping = retired(instance, world.clock.now(), world.bootMs);
    world.instances.set(stopping.instanceId, stopping);
    return changed().then(() => shown(world, stopping));
  });

  app.post<OfInstance>('/instances/:id/reclaim', (request, reply) => {
    const { noticeMs } = input.read(input.reclaim, request.body);
    const instance = world.instances.get(request.params.id);
    if (!instance?.spot) return reply.code(404).send({ error: `There is no spot instance ${request.params.id}` });
    const warned = reclaimed({ ...instance, spot: instance.spot }, world.clock.now(), world.bootMs, noticeMs);
    world.instances.set(warned.instanceId, warned);
    return changed().then(() => shown(world, warned));
  });
}

const nobody = (reply: FastifyReply, id: string): FastifyReply => reply.code(404).send({ error: `There is no instance ${id}` });

/** An instance with its present state, whoever's it is and however long gone. */
const shown = (world: World, instance: Instance) => ({
  ...instance,
  state: stateOf(instance, world.clock.now()),
  tags: tagsOf({ world, accountId: instance.accountId }, instance.instanceId),
  notes: notesOf(world, instance.instanceId),
});
