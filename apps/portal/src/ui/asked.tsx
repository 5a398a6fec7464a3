/** What a query shows while it is on its way, when it failed, and when it is here. */
import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from './problem-alert.tsx';

interface Props<T> {
  query: UseQueryResult<T>;
  /** How many grey lines stand for the content. */
  lines?: number;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

export function Asked<T>({ query, lines = 4, skeleton, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError)
    return <ProblemAlert error={query.error} title="This could not be loaded" retry={() => void query.refetch()} />;
  return (
    <div aria-busy="true" aria-label="Loading">
      {skeleton ?? (
        <Stack gap="sm">
          {Array.from({ length: lines }, (_, line) => (
            <Skeleton key={line} height={18} width={line === lines - 1 ? '60%' : '100%'} />
          ))}
        </Stack>
      )}
    </div>
  );
}
