/** Every page is a chunk of its own, named by its route. */
export const pages = {
  '/setup': async () => (await import('../pages/setup/setup-page.js')).SetupPage,
  '/sign-in': async () => (await import('../pages/sign-in/sign-in-page.js')).SignInPage,
  '/enrol': async () => (await import('../pages/enrol/enrol-page.js')).EnrolPage,
  '/spaces': async () => (await import('../pages/spaces/spaces-page.js')).SpacesPage,
  '/spaces/new': async () => (await import('../pages/spaces/new-space-page.js')).NewSpacePage,
  '/spaces/:id': async () => (await import('../pages/space/space-page.js')).SpacePage,
  '/spaces/:id/terminal': async () => (await import('../pages/terminal/terminal-page.js')).TerminalPage,
  '/spaces/:id/logs': async () => (await import('../pages/logs/logs-page.js')).LogsPage,
  '/app-closed': async () => (await import('../pages/app-closed/app-closed-page.js')).AppClosedPage,
  '/templates': async () => (await import('../pages/templates/templates-page.js')).TemplatesPage,
  '/templates/new': async () => (await import('../pages/template/new-template-page.js')).NewTemplatePage,
  '/templates/:id': async () => (await import('../pages/template/template-page.js')).TemplatePage,
  '/templates/:id/edit': async () => (await import('../pages/template/edit-template-page.js')).EditTemplatePage,
  '/templates/:id/versions': async () => (await import('../pages/versions/versions-page.js')).VersionsPage,
  '/templates/:id/roll-out': async () => (await import('../pages/roll-out/roll-out-page.js')).RollOutPage,
  '/roll-outs/:id': async () => (await import('../pages/roll-out/progress-page.js')).ProgressPage,
  '/locations': async () => (await import('../pages/locations/locations-page.js')).LocationsPage,
  '/locations/:name': async () => (await import('../pages/location/location-page.js')).LocationPage,
  '/add-location': async () => (await import('../pages/add-location/add-location-page.js')).AddLocationPage,
  '/variables': async () => (await import('../pages/variables/variables-page.js')).VariablesPage,
  '/variables/new': async () => (await import('../pages/variables/new-variable-page.js')).NewVariablePage,
  '/variables/:id': async () => (await import('../pages/variables/variable-page.js')).VariablePage,
  '/volumes': async () => (await import('../pages/volumes/volumes-page.js')).VolumesPage,
  '/volumes/new': async () => (await import('../pages/volumes/new-volume-page.js')).NewVolumePage,
  '/volumes/:id': async () => (await import('../pages/volumes/volume-page.js')).VolumePage,
  '/users': async () => (await import('../pages/users/users-page.js')).UsersPage,
  '/users/new': async () => (await import('../pages/users/new-user-page.js')).NewUserPage,
  '/users/:id': async () => (await import('../pages/users/user-page.js')).UserPage,
  '/users/:id/access': async () => (await import('../pages/access/access-page.js')).UserAccessPage,
  '/access': async () => (await import('../pages/access/access-page.js')).MyAccessPage,
  '/groups': async () => (await import('../pages/groups/groups-page.js')).GroupsPage,
  '/groups/new': async () => (await import('../pages/groups/new-group-page.js')).NewGroupPage,
  '/groups/:id': async () => (await import('../pages/groups/group-page.js')).GroupPage,
  '/roles': async () => (await import('../pages/roles/roles-page.js')).RolesPage,
  '/roles/new': async () => (await import('../pages/roles/new-role-page.js')).NewRolePage,
  '/roles/:id': async () => (await import('../pages/roles/role-page.js')).RolePage,
  '/audit': async () => (await import('../pages/audit/audit-page.js')).AuditPage,
  '/usage': async () => (await import('../pages/usage/usage-page.js')).UsagePage,
  '/guide/:page': async () => (await import('../pages/guide/guide-page.js')).GuidePage,
  '/operations': async () => (await import('../pages/operations/operations-page.js')).OperationsPage,
  '/status': async () => (await import('../pages/health/health-page.js')).HealthPage,
  '/profile': async () => (await import('../pages/profile/profile-page.js')).ProfilePage,
  '*': async () => (await import('../pages/not-found-page.js')).NotFoundPage,
};

/** What everybody opens; pages of administration are loaded when they are. */
const OFTEN = ['/spaces', '/spaces/new', '/spaces/:id', '/templates', '/locations'] as const;

/** Once the first page stands, so that the others open at once, and also while the server is away. */
export async function preloadPages(): Promise<void> {
  // a chunk that cannot be had now is asked for again when its page is opened
  await Promise.allSettled(OFTEN.map((path) => pages[path]()));
}
