/** Questions about machines. What is in motion is asked again each second. */
import { queryOptions } from '@tanstack/react-query';
import { api, ask, askMaybe, type Schemas } from '../../lib/api.ts';

export type Launch = Schemas['Launch'];

const RESTING_MS = 15_000;
const MOVING_MS = 1_000;

/** Whether more is going to happen soon. */
export function isMoving({ state, desired }: Launch): boolean {
  if (state === 'terminated' || state === 'failed') return false;
  return desired === 'terminated' || state !== 'healthy';
}

export const launchesQuery = queryOptions({
  queryKey: ['launches'],
  queryFn: () => ask(api.GET('/v1/launches')),
  refetchInterval: ({ state: { data } }) => (data?.items.some(isMoving) ? MOVING_MS * 2 : RESTING_MS),
});

/** Null when there is no such machine. */
export const launchQuery = (id: string) =>
  queryOptions({
    queryKey: ['launches', id],
    queryFn: () => askMaybe(api.GET('/v1/launches/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? MOVING_MS : RESTING_MS),
  });
