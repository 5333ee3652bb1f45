/** Every page is a chunk of its own, named by its route. */
export const pages = {
  '/setup': async () => (await import('../pages/setup/setup-page.js')).SetupPage,
  '/sign-in': async () => (await import('../pages/sign-in/sign-in-page.js')).SignInPage,
  '/spaces': async () => (await import('../pages/spaces/spaces-page.js')).SpacesPage,
  '/spaces/new': async () => (await import('../pages/spaces/new-space-page.js')).NewSpacePage,
  '/spaces/:id': async () => (await import('../pages/space/space-page.js')).SpacePage,
  '/templates': async () => (await import('../pages/templates/templates-page.js')).TemplatesPage,
  '/templates/new': async () => (await import('../pages/template/new-template-page.js')).NewTemplatePage,
  '/templates/:id': async () => (await import('../pages/template/template-page.js')).TemplatePage,
  '/templates/:id/edit': async () => (await import('../pages/template/edit-template-page.js')).EditTemplatePage,
  '/locations': async () => (await import('../pages/locations/locations-page.js')).LocationsPage,
  '/locations/:name': async () => (await import('../pages/location/location-page.js')).LocationPage,
  '/profile': async () => (await import('../pages/profile/profile-page.js')).ProfilePage,
  '*': async () => (await import('../pages/not-found-page.js')).NotFoundPage,
};

/** Once the first page stands, so that the others open at once, and also while the server is away. */
export async function preloadPages(): Promise<void> {
  // a chunk that cannot be had now is asked for again when its page is opened
  await Promise.allSettled(Object.values(pages).map((load) => load()));
}
