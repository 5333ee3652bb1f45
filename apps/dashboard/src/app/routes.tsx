import type { QueryClient } from '@tanstack/react-query';
import { createBrowserRouter, redirect } from 'react-router';
import { hasCode } from '../api/problem.js';
import { RouteProblem } from '../components/route-problem.js';
import { meQuery, setupQuery } from '../queries/identity-queries.js';
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

/** Every page is a chunk of its own. */
export function createRoutes(client: QueryClient) {
  return createBrowserRouter([
    {
      errorElement: <RouteProblem />,
      hydrateFallbackElement: <StartUp />,
      children: [
        { path: '/setup', lazy: async () => ({ Component: (await import('../pages/setup/setup-page.js')).SetupPage }) },
        {
          path: '/sign-in',
          lazy: async () => ({ Component: (await import('../pages/sign-in/sign-in-page.js')).SignInPage }),
        },
        {
          id: 'signed-in',
          loader: signedIn(client),
          shouldRevalidate: () => false,
          Component: Shell,
          children: [{ errorElement: <RouteProblem />, children: pages() }],
        },
      ],
    },
  ]);
}

function pages() {
  return [
    { path: '/', loader: () => redirect('/spaces') },
    {
      path: '/spaces',
      lazy: async () => ({ Component: (await import('../pages/spaces/spaces-page.js')).SpacesPage }),
    },
    {
      path: '/spaces/new',
      lazy: async () => ({ Component: (await import('../pages/spaces/new-space-page.js')).NewSpacePage }),
    },
    {
      path: '/spaces/:id',
      lazy: async () => ({ Component: (await import('../pages/space/space-page.js')).SpacePage }),
    },
    {
      path: '/templates',
      lazy: async () => ({ Component: (await import('../pages/templates/templates-page.js')).TemplatesPage }),
    },
    {
      path: '/templates/new',
      lazy: async () => ({ Component: (await import('../pages/template/new-template-page.js')).NewTemplatePage }),
    },
    {
      path: '/templates/:id',
      lazy: async () => ({ Component: (await import('../pages/template/template-page.js')).TemplatePage }),
    },
    {
      path: '/templates/:id/edit',
      lazy: async () => ({ Component: (await import('../pages/template/edit-template-page.js')).EditTemplatePage }),
    },
    {
      path: '/locations',
      lazy: async () => ({ Component: (await import('../pages/locations/locations-page.js')).LocationsPage }),
    },
    {
      path: '/locations/:name',
      lazy: async () => ({ Component: (await import('../pages/location/location-page.js')).LocationPage }),
    },
    {
      path: '/profile',
      lazy: async () => ({ Component: (await import('../pages/profile/profile-page.js')).ProfilePage }),
    },
    { path: '*', lazy: async () => ({ Component: (await import('../pages/not-found-page.js')).NotFoundPage }) },
  ];
}
