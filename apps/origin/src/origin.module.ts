import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AccessController } from './access/access.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { GrantsController } from './bytes/grants.controller.js';
import { TicketsController } from './bytes/tickets.controller.js';
import { EventsController } from './events/events.controller.js';
import { GroupsController } from './groups/groups.controller.js';
import { HealthController } from './health/health.controller.js';
import { AuthController } from './identity/auth.controller.js';
import { LogsController } from './logs/logs.controller.js';
import { MeController } from './identity/me.controller.js';
import { SetupController } from './identity/setup.controller.js';
import { TotpController } from './identity/totp.controller.js';
import { LabelsController } from './labels/labels.controller.js';
import { LocationsController } from './locations/locations.controller.js';
import { OrphansController } from './locations/orphans.controller.js';
import { OidcController } from './oidc/oidc.controller.js';
import { OffersController } from './offers/offers.controller.js';
import { OperationsController } from './operations/operations.controller.js';
import { RestoreController } from './restore/restore.controller.js';
import { RolesController } from './roles/roles.controller.js';
import { RollOutsController } from './roll-outs/roll-outs.controller.js';
import { SpacesController } from './spaces/spaces.controller.js';
import { SshKeysController } from './ssh/ssh-keys.controller.js';
import { TemplatesController } from './templates/templates.controller.js';
import { TerminalsController } from './terminals/terminals.controller.js';
import { UsageController } from './usage/usage.controller.js';
import { UsersController } from './users/users.controller.js';
import { VariablesController } from './variables/variables.controller.js';
import { VolumesController } from './volumes/volumes.controller.js';

const CONTROLLERS: Type[] = [
  SetupController,
  AuthController,
  OidcController,
  MeController,
  TotpController,
  SshKeysController,
  AccessController,
  UsageController,
  UsersController,
  GroupsController,
  RolesController,
  RollOutsController,
  TemplatesController,
  VariablesController,
  VolumesController,
  SpacesController,
  TicketsController,
  GrantsController,
  LogsController,
  TerminalsController,
  OffersController,
  LabelsController,
  LocationsController,
  OrphansController,
  OperationsController,
  EventsController,
  AuditController,
  RestoreController,
  HealthController,
];

/** The REST API: controllers over use cases that were built without Nest. */
@Module({})
export class OriginModule {
  /** Each use case is provided under its own class. */
  static over(useCases: readonly object[]): DynamicModule {
    return {
      module: OriginModule,
      controllers: CONTROLLERS,
      providers: useCases.map((useCase) => ({ provide: useCase.constructor, useValue: useCase })),
    };
  }
}
