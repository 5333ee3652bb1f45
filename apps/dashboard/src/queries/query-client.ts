import { QueryClient } from '@tanstack/react-query';

/**
 * Nothing is asked twice by the clock: the event stream patches what was read. What no view has shown for a while is
 * forgotten, and read anew when it is wanted.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        staleTime: 5_000,
        gcTime: 60_000,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
