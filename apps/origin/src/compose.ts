import type { Clock, KeyRing, Logger, RandomSource } from '@knot/shared';
import { createUuidV7, systemNameService } from '@knot/shared';
import type { LocationPolicy, Store } from '@knot/shared/store';
import { Access } from './access/access.js';
import type { LocationKeys } from './agents/location-keys.js';
import { AuditCheck } from './audit/audit-check.js';
import { AuditSeals } from './audit/audit-seals.js';
import { AuditTrail } from './audit/audit-trail.js';
import { ChainStore } from './audit/chain-store.js';
import { Refusals } from './audit/refusals.js';
import { Deeds } from './deeds/deeds.js';
import { BrowserPermissions } from './bytes/browser-permissions.js';
import { signTicket } from './bytes/sign-ticket.js';
import { Grants } from './bytes/grants.js';
import { SpaceTickets } from './bytes/space-tickets.js';
import { ChangedObjects } from './events/changed-objects.js';
import { EventFeed } from './events/event-feed.js';
import { Liveness } from './events/liveness.js';
import { Groups } from './groups/groups.js';
import { HealthCheck } from './health/health-check.js';
import { OriginMetrics } from './health/origin-metrics.js';
import { Outside } from './health/outside.js';
import { UnobservedWishes } from './health/unobserved-wishes.js';
import { Housekeeping } from './housekeeping.js';
import { PasswordChange } from './identity/password-change.js';
import { Passwords } from './identity/passwords.js';
import { Proofs } from './identity/proofs.js';
import { SecondFactor } from './identity/second-factor.js';
import { Sessions } from './identity/sessions.js';
import { SetUp } from './identity/set-up.js';
import { SignIn } from './identity/sign-in.js';
import { Throttle } from './identity/throttle.js';
import { Tokens } from './identity/tokens.js';
import { Labels } from './labels/labels.js';
import { BulkDelete } from './locations/bulk-delete.js';
import { ForceForget } from './locations/force-forget.js';
import { LocationDeeds } from './locations/location-deeds.js';
import { LocationStates } from './locations/location-states.js';
import { LocationViews } from './locations/location-views.js';
import { Orphans } from './locations/orphans.js';
import type { StartGrace } from './locations/start-grace.js';
import { OfferSweep } from './offers/offer-sweep.js';
import { OfferViews } from './offers/offer-views.js';
import { Offers } from './offers/offers.js';
import { Transfer } from './offers/transfer.js';
import { OidcProvider } from './oidc/oidc-provider.js';
import { OidcSignIn } from './oidc/oidc-sign-in.js';
import { LeaderLease } from './origins/leader-lease.js';
import { Operations } from './operations/operations.js';
import type { OriginSettings } from './origin-settings.js';
import { RestoredHistory } from './restore/restored-history.js';
import { Roles } from './roles/roles.js';
import { RollOutRound } from './roll-outs/roll-out-round.js';
import { RollOutRunner } from './roll-outs/roll-out-runner.js';
import { RollOutViews } from './roll-outs/roll-out-views.js';
import { RollOuts } from './roll-outs/roll-outs.js';
import { Freeze } from './spaces/freeze.js';
import { KeyedTurns } from './spaces/keyed-turns.js';
import type { SnapshotVault } from './spaces/snapshot-vault.js';
import { PortShares } from './spaces/port-shares.js';
import { SpaceEdits } from './spaces/space-edits.js';
import { SpaceViews } from './spaces/space-views.js';
import { SpaceWishes } from './spaces/space-wishes.js';
import { UpdateCheck } from './spaces/update-check.js';
import { VariableSource } from './spaces/variable-source.js';
import { HostKeys } from './ssh/host-keys.js';
import { SshKeys } from './ssh/ssh-keys.js';
import type { LeafCredentials } from './sync/leaf-credentials.js';
import type { OriginSync } from './sync/create-sync.js';
import type { Questions } from './sync/questions.js';
import { Approvals } from './templates/approvals.js';
import { BackendCheck } from './templates/backend-check.js';
import { Impact } from './templates/impact.js';
import { LocationPlans } from './templates/location-plans.js';
import { RenderTest } from './templates/render-test.js';
import { RollOutChoice } from './templates/roll-out-choice.js';
import { SpacesBehind } from './templates/spaces-behind.js';
import { TemplateViews } from './templates/template-views.js';
import { Templates } from './templates/templates.js';
import { UsageCount } from './usage/usage-count.js';
import { UsageHistory } from './usage/usage-history.js';
import { UsageSampling } from './usage/usage-sampling.js';
import { Quotas } from './users/quotas.js';
import { UserDeletion } from './users/user-deletion.js';
import { Users } from './users/users.js';
import { Variables } from './variables/variables.js';
import { Volumes } from './volumes/volumes.js';

export interface ComposePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly keys: KeyRing;
  readonly vault: SnapshotVault;
  readonly locationKeys: LocationKeys;
  readonly logger: Logger;
  readonly settings: OriginSettings;
  readonly credentials: LeafCredentials;
  readonly defaultPolicy: LocationPolicy;
  readonly grace: Pick<StartGrace, 'until'>;
  readonly programVersion: string;
  readonly questions: Questions;
  /** To the other origins of this installation; null where nothing carries it. */
}

export type UseCases = ReturnType<typeof composeUseCases>;

/** Every use case of the origin with what it needs, made by hand: no container knows more of them than their classes. */
export function composeUseCases(ports: ComposePorts) {
  const { store, clock, random, keys, vault, settings } = ports;
  const newId = createUuidV7(clock, random);
  const deeds = new Deeds(store, clock, newId);
  const quotas = new Quotas(store, clock);
  const base = { store, clock, random, keys, vault, settings, newId, deeds, quotas };
  return { ...composeIdentity(ports, base), ...composeSpaces(ports, base), health: healthOf(ports) };
}

type Base = Pick<ComposePorts, 'store' | 'clock' | 'random' | 'keys' | 'vault' | 'settings'> & {
  readonly newId: () => string;
  readonly deeds: Deeds;
  readonly quotas: Quotas;
};

function healthOf({ store, settings, programVersion, clock, grace }: ComposePorts): HealthCheck {
  const outside = new Outside(settings.checked.nameservers);
  return new HealthCheck({ store, settings, programVersion, clock, outside, states: new LocationStates(store, grace) });
}

function composeIdentity({ logger }: ComposePorts, base: Base) {
  const { store, clock, random, newId, deeds, settings } = base;
  const passwords = new Passwords();
  const throttle = new Throttle(store, clock);
  const factor = new SecondFactor(base);
  const chain = new ChainStore(store, base.keys);
  const usageCount = new UsageCount(store, clock);
  const { timezone } = settings;
  return {
    restored: new RestoredHistory(store, deeds, clock, logger),
    refusals: new Refusals(store, clock, newId, logger),
    proofs: new Proofs(store, clock),
    audit: new AuditTrail(store),
    seals: new AuditSeals({ store, clock, chain }),
    auditCheck: new AuditCheck(store, chain, clock),
    factor,
    setUp: new SetUp({ ...base, passwords, throttle, factor, timezone }),
    signIn: new SignIn({ ...base, passwords, throttle, factor, passwordsLetIn: settings.oidc.passwords, logger }),
    oidc: new OidcSignIn({ ...base, timezone, config: settings.oidc, provider: providerOf(settings, clock, logger) }),
    passwordChange: new PasswordChange(store, deeds, passwords, throttle),
    sessions: new Sessions(store, deeds, clock),
    tokens: new Tokens(store, deeds, clock, random, newId),
    users: new Users({ ...base, passwords, timezone }),
    userDeletion: new UserDeletion(base),
    labels: new Labels(base),
    groups: new Groups(base),
    roles: new Roles(base),
    access: new Access(store, clock),
    quotas: base.quotas,
    usageCount,
    usageHistory: new UsageHistory(store, clock, usageCount),
  };
}

function providerOf({ oidc, url }: OriginSettings, clock: Clock, logger: Logger): OidcProvider | null {
  const { issuer } = oidc;
  if (issuer === undefined) return null;
  return new OidcProvider({ ...oidc, issuer }, `${url}/api/v1/auth/oidc/callback`, clock, logger);
}

function composeSpaces(ports: ComposePorts, base: Base) {
  const { store, clock, keys, vault, settings } = base;
  const { grace } = ports;
  const states = new LocationStates(store, grace);
  const source = new VariableSource(store, keys);
  const updates = new UpdateCheck(store, vault, source);
  const operations = new Operations(store, clock);
  const views = new SpaceViews({
    store,
    clock,
    locations: states,
    updates,
    operations,
    apps: settings.disableProxy ? null : settings.apps,
    url: settings.url,
  });
  const hostKeys = new HostKeys(store, keys, base.random);
  const freeze = new Freeze(store, keys, vault, source, base.random, hostKeys);
  const wishes = new SpaceWishes({ ...base, freeze, locations: states, updates, turns: new KeyedTurns() });
  const behind = new SpacesBehind(store, clock);
  const rollOutChoice = new RollOutChoice({ store, behind });
  const rollOutViews = new RollOutViews(store);
  const templates = new Templates(base);
  const offerViews = new OfferViews(store, clock);
  const locationViews = new LocationViews(store, states, clock);
  const { credentials, defaultPolicy } = ports;
  return {
    operations,
    spaceViews: views,
    spaceEdits: new SpaceEdits({ ...base, locations: states, views }),
    spaceWishes: wishes,
    portShares: new PortShares({ ...base, views }),
    offerViews,
    offers: new Offers({ ...base, views: offerViews, spaces: views, transfer: new Transfer(base) }),
    spaceTickets: new SpaceTickets({
      ...base,
      hostKeys,
      permissions: new BrowserPermissions(systemNameService, clock),
      url: settings.url,
      sign: signTicket(store, ports.locationKeys, base.newId),
      webgl: settings.webgl,
    }),
    grants: new Grants({ ...base, locationKeys: ports.locationKeys }),
    sshKeys: new SshKeys(store, base.deeds, hostKeys),
    templates,
    templateViews: new TemplateViews(store, clock),
    approvals: new Approvals(store, base.deeds),
    renderTest: new RenderTest(store, source, settings, clock, new BackendCheck(states, ports.questions), ports.logger),
    rollOutChoice,
    rollOutViews,
    rollOuts: new RollOuts({ ...base, behind, choice: rollOutChoice, templates, views: rollOutViews }),
    impact: new Impact({ store, vault, behind, wishes, plans: new LocationPlans(states, ports.questions) }),
    variables: new Variables(base),
    volumes: new Volumes(base),
    locationViews,
    locationDeeds: new LocationDeeds({ ...base, views: locationViews, credentials, defaultPolicy }),
    forceForget: new ForceForget({ ...base, states }),
    bulkDelete: new BulkDelete(store, wishes),
    orphans: new Orphans({ ...base, views }),
    liveness: new Liveness(states, clock, ports.logger),
  };
}

/** What runs by itself beside the requests. */
export function composeBackground(
  ports: ComposePorts,
  useCases: UseCases,
  sync: Pick<OriginSync, 'streams' | 'reports'>,
) {
  const { store, clock, logger, settings, grace } = ports;
  const {
    proofs,
    liveness,
    spaceViews: spaces,
    locationViews: locations,
    offerViews: offers,
    rollOutViews: rollOuts,
    users,
    userDeletion,
    groups,
    roles,
    variables,
    volumes,
    refusals,
    seals,
  } = useCases;
  const objects = new ChangedObjects({
    store,
    clock,
    spaces,
    locations,
    users,
    groups,
    roles,
    variables,
    volumes,
    offers,
    rollOuts,
  });
  const feed = new EventFeed({ store, clock, objects, proofs, liveness });
  const { auditRetention } = settings;
  const newId = createUuidV7(clock, ports.random);
  const leader = new LeaderLease(store, clock, newId(), 'housekeeping');
  const deeds = new Deeds(store, clock, newId);
  return {
    feed,
    metrics: new OriginMetrics({
      store,
      states: new LocationStates(store, grace),
      wishes: new UnobservedWishes(store),
      eventStreams: () => feed.count,
      leafStreams: sync.streams,
      reports: sync.reports,
    }),
    rollOutRunner: new RollOutRunner({
      ...{ store, clock, logger, leader: new LeaderLease(store, clock, newId(), 'roll-outs') },
      round: new RollOutRound({ store, clock, deeds, wishes: useCases.spaceWishes, operations: useCases.operations }),
    }),
    usageSampling: new UsageSampling({
      ...{ store, clock, logger, leader: new LeaderLease(store, clock, newId(), 'usage') },
      count: useCases.usageCount,
    }),
    housekeeping: new Housekeeping({
      ...{ store, clock, logger, refusals, seals, proofs, users, userDeletion, leader, auditRetention },
      offerSweep: new OfferSweep(store),
    }),
  };
}
