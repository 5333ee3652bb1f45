import type { QueryClient } from '@tanstack/react-query';
import { createBrowserRouter, redirect } from 'react-router';
import { hasCode } from '../api/problem.js';
import { RouteProblem } from '../components/route-problem.js';
import { meQuery, setupQuery } from '../queries/identity-queries.js';
import { pages } from './pages.js';
import { Shell } from './shell.js';
import { StartUp } from './start-up.js';

/** Who is not signed in goes to the sign-in page and comes back; a server without an administrator is set up first. */
function signedIn(client: QueryClient) {
  return async ({ request }: { request: Request }) => {
    try {
      return await client.ensureQueryData(meQuery());
    } catch (error) {
      if (!hasCode(error, 'auth.required', 'auth.failed')) throw error;
      const { needed } = await client.fetchQuery(setupQuery());
      const { pathname, search } = new URL(request.url);
      const back = pathname === '/' ? '' : `?to=${encodeURIComponent(pathname + search)}`;
      return redirect(needed ? '/setup' : `/sign-in${back}`);
    }
  };
}

const BEFORE_SIGN_IN = ['/setup', '/sign-in', '/enrol'];

export function createRoutes(client: QueryClient) {
  const routes = Object.entries(pages).map(([path, load]) => ({
    path,
    lazy: async () => ({ Component: await load() }),
  }));
  const open = routes.filter(({ path }) => BEFORE_SIGN_IN.includes(path));
  const closed = routes.filter(({ path }) => !BEFORE_SIGN_IN.includes(path));
  return createBrowserRouter([
    {
      errorElement: <RouteProblem />,
      hydrateFallbackElement: <StartUp />,
      children: [
        ...open,
        {
          id: 'signed-in',
          loader: signedIn(client),
          shouldRevalidate: () => false,
          Component: Shell,
          children: [
            {
              errorElement: <RouteProblem />,
              children: [{ path: '/', loader: () => redirect('/spaces') }, ...closed],
            },
          ],
        },
      ],
    },
  ]);
}
