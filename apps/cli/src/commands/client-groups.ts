import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { registerApply } from './apply.js';
import { registerAudit } from './audit.js';
import { registerConnect } from './connect.js';
import { registerCp } from './cp.js';
import { registerDoctor } from './doctor.js';
import { registerForward } from './forward.js';
import { registerGroups } from './groups.js';
import { registerLocations } from './locations.js';
import { registerLogs } from './logs.js';
import { registerMissing } from './missing.js';
import { registerOffers } from './offers.js';
import { registerOperations } from './operations.js';
import { registerProxy } from './proxy.js';
import { registerRoles } from './roles.js';
import { registerRollOuts } from './roll-outs.js';
import { registerRun } from './run.js';
import { registerSpaces } from './spaces.js';
import { registerSshConfig } from './ssh-config.js';
import { registerSshKeys } from './ssh-keys.js';
import { registerTemplates } from './templates.js';
import { registerTerminals } from './terminals.js';
import { registerUsers } from './users.js';
import { registerVariables } from './variables.js';
import { registerVersion } from './version.js';
import { registerVolumes } from './volumes.js';

/** Adds one group of commands to the program. */
export type Register = (program: Command, context: CommandContext) => void;

/** The groups that speak to a server, in the order of the help. */
export const CLIENT_GROUPS: readonly Register[] = [
  registerConnect,
  registerSpaces,
  registerLogs,
  registerOffers,
  registerRun,
  registerCp,
  registerForward,
  registerProxy,
  registerTerminals,
  registerSshConfig,
  registerSshKeys,
  registerTemplates,
  registerRollOuts,
  registerVariables,
  registerVolumes,
  registerLocations,
  registerUsers,
  registerGroups,
  registerRoles,
  registerApply,
  registerOperations,
  registerDoctor,
  registerAudit,
  registerVersion,
  registerMissing,
];
