/** Starts the portal in the page. */
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { asProblem } from './lib/problem.ts';
import { queryClient } from './lib/query-client.ts';
import { meQuery } from './lib/session.ts';
import { router } from './router.tsx';
import { readableDimmed, theme } from './theme.ts';

// A session that ended meanwhile: the router asks to sign in again, and leads back here.
queryClient.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated' || event.action.type !== 'error' || asProblem(event.action.error).status !== 401) return;
  queryClient.setQueryData(meQuery.queryKey, null);
  void router.invalidate();
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={readableDimmed} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
