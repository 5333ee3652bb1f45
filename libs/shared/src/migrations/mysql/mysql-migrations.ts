import type { MigrationInterface } from 'typeorm';
import { MainOriginCertificate1764000041000 } from './main-origin-certificate.js';
import { MainOrigins1764000008000 } from './main-origins.js';
import { MainInitial1764000004000 } from './main-initial.js';
import { MainPortShares1764000039000 } from './main-port-shares.js';
import { MainReportSequence1764000014000 } from './main-report-sequence.js';
import { MainOffers1764000020000 } from './main-offers.js';
import { MainLabels1764000044000 } from './main-labels.js';
import { MainRollOuts1764000043000 } from './main-roll-outs.js';
import { MainSchedules1764000009000 } from './main-schedules.js';
import { MainSecondFactor1764000005000 } from './main-second-factor.js';
import { MainShells1764000048000 } from './main-shells.js';
import { MainSshKeys1764000028000 } from './main-ssh-keys.js';
import { MainSubjects1764000030000 } from './main-subjects.js';
import { MainUsage1764000045000 } from './main-usage.js';
import { MainUserDeletion1764000012000 } from './main-user-deletion.js';

/** In the order they run. One that was released is never edited: add another. */
export const MYSQL_MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  MainInitial1764000004000,
  MainSecondFactor1764000005000,
  MainOrigins1764000008000,
  MainSchedules1764000009000,
  MainUserDeletion1764000012000,
  MainReportSequence1764000014000,
  MainOffers1764000020000,
  MainSshKeys1764000028000,
  MainSubjects1764000030000,
  MainPortShares1764000039000,
  MainOriginCertificate1764000041000,
  MainRollOuts1764000043000,
  MainLabels1764000044000,
  MainUsage1764000045000,
  MainShells1764000048000,
];
