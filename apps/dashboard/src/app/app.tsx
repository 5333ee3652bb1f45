import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router';
import { createQueryClient } from '../queries/query-client.js';
import { createRoutes } from './routes.js';
import { theme } from './theme.js';

/**
 * All CSS is static, so that the page works under `style-src 'self'`: Mantine is told not to write `<style>` elements,
 * and nothing here uses props that make it (responsive values, scroll locks).
 */
export function App() {
  const [client] = useState(createQueryClient);
  const [router] = useState(() => createRoutes(client));
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={client}>
        <Notifications position="bottom-right" limit={4} autoClose={6_000} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
