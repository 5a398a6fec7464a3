/** How answers of the API are kept: shown at once, asked again when the window is looked at, retried only when nobody answered. */
import { QueryClient } from '@tanstack/react-query';
import { asProblem } from './problem.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 3 && isPassing(asProblem(error).status),
    },
  },
});

/** No answer, or "not now": the next try may well succeed. */
const isPassing = (status: number): boolean => status === 0 || status >= 502;
