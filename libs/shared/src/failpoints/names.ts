/**
 * Every failpoint that the code has, with the moment it stands for. Add a row with each new call of `failpoint`.
 * The fault tests go through this table, so a row without a call is a test that proves nothing.
 */
export const FAILPOINTS = {
  'origin.commit.before': 'a use case has decided, nothing is written',
  'origin.commit.after': 'the commit is durable, nobody was told',
  'origin.answer.after': 'the client has its answer, no leaf was woken',
  'origin.watch.before-send': 'a change was read from the revision log, not yet sent to the leaf',
  'origin.report.before-commit': 'a status report has arrived, nothing is written',
  'origin.report.after-commit': 'a status report is written, not yet acknowledged',
  'leaf.watch.before-commit': 'a change has arrived at the leaf, nothing is written',
  'leaf.watch.after-commit': 'a change is in the store of the leaf, its key not yet on the queue',
  'leaf.create.before': 'the leaf is about to call the driver to create',
  'leaf.create.after': 'the driver has created, nothing is recorded',
  'leaf.create.recorded': 'the creation is recorded, not yet reported',
  'leaf.remove.before': 'the leaf is about to call the driver to remove',
  'leaf.remove.after': 'the driver has removed, nothing is recorded',
  'leaf.volumes.created': 'volumes were made, nothing is reported',
  'leaf.volumes.destroyed': 'a volume was destroyed, nothing is recorded',
  'leaf.report.before-send': 'an observation is in the outbox, not yet sent',
  'leaf.report.after-send': 'the origin has acknowledged, the outbox still holds the observation',
} as const;

export type FailpointName = keyof typeof FAILPOINTS;

export function isFailpointName(name: string): name is FailpointName {
  return Object.hasOwn(FAILPOINTS, name);
}
