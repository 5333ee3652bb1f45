import type { InstallationRow } from '../stores/rows.js';
import { BigInteger, Text } from './columns.js';
import { KindEntity, RowEntity } from './row-entity.js';

@KindEntity('installation')
export class InstallationEntity extends RowEntity implements InstallationRow {
  @Text() readonly uuid!: InstallationRow['uuid'];
  @BigInteger() readonly createdAt!: InstallationRow['createdAt'];
  @Text() readonly firstAdminId!: InstallationRow['firstAdminId'];
}
