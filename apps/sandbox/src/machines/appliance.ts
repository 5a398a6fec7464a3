/** The appliance in a machine, over HTTP: its page and health, its numbers, its drain hook, and what is on its disk. */
import type { RequestListener, ServerResponse } from 'node:http';
import type { Instance } from '../ec2/instance-state.ts';
import type { World } from '../ec2/world.ts';
import { note, notesOf, trouble } from './notes.ts';
import { rows } from './rows.ts';

export const appliance =
  (world: World, machine: Instance): RequestListener =>
  (request, response) => {
    // As it is by now: its metadata options may be others than when it came up.
    const instance = world.instances.get(machine.instanceId) ?? machine;
    const { pathname } = new URL(request.url ?? '/', 'http://appliance');
    if (/^\/rows(\/|$)/.test(pathname)) return rows(world, instance)(request, response);
    const route = `${request.method} ${pathname}`;
    const answer = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
    if (answer) return answer({ world, instance, response });
    return json(response, 404, { error: `this appliance has ${Object.keys(ROUTES).join(', ')} and /rows` });
  };

interface Visit {
  world: World;
  instance: Instance;
  response: ServerResponse;
}

type Answer = (visit: Visit) => void;

const ROUTES: Record<string, Answer> = {
  'GET /': ({ instance, response }) =>
    void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html(instance)),

  'GET /health': ({ world, instance, response }) => {
    const error = trouble(world, instance);
    json(response, error ? 503 : 200, error ? { status: 'unwell', error } : { status: 'ok' });
  },

  'GET /metrics': ({ world, instance, response }) => json(response, 200, notesOf(world, instance.instanceId).metrics),

  'POST /drain': ({ world, instance, response }) => {
    const drainedAt = notesOf(world, instance.instanceId).drainedAt ?? world.clock.now().getTime();
    note(world, instance.instanceId, { drainedAt });
    json(response, 202, { draining: true, since: new Date(drainedAt) });
  },
  'GET /drain': ({ world, instance, response }) =>
    json(response, 200, { draining: notesOf(world, instance.instanceId).drainedAt !== undefined }),
};

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const html = ({ instanceId, imageId, instanceType, zone }: Instance): string =>
  `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>${imageId}</title></head>
  <body>
    <h1>It runs</h1>
    <p>This stands for the appliance in image <code>${imageId}</code>, on instance <code>${instanceId}</code> (${instanceType}, ${zone}).</p>
  </body>
</html>
`;
