import { Anchor, Code } from '@mantine/core';
import { Link } from 'react-router';
import type { SpaceDetail } from '../../api/schemas.js';
import { Facts, type Fact } from '../../components/facts.js';
import { Moment } from '../../components/moment.js';
import { Panel } from '../../components/panel.js';
import { shortTime } from '../../texts/format-time.js';
import { texts } from '../../texts/texts.js';
import { ShellSelect } from './shell-select.js';

export function FactsPanel({ space }: { space: SpaceDetail }) {
  const { template, operation } = space;
  const ran = template.version > 0;
  const facts: Fact[] = [
    { name: texts.space.owner, value: space.owner.username },
    {
      name: texts.space.location,
      value: (
        <Anchor component={Link} to={`/locations/${encodeURIComponent(space.location)}`} inherit>
          {space.location}
        </Anchor>
      ),
    },
    {
      name: texts.space.template,
      value: (
        <>
          <Anchor component={Link} to={`/templates/${template.id}`} inherit>
            {template.name}
          </Anchor>
          {', '}
          {ran ? texts.space.version(template.version) : texts.space.neverRan(template.present)}
          {ran && template.version !== template.present && ` (${texts.space.presentVersion(template.present)})`}
        </>
      ),
    },
    ...(space.wishedBy === ''
      ? []
      : [{ name: texts.space.wished, value: texts.space.wishedBy(space.wishedBy, shortTime(space.wishedAt)) }]),
    ...(operation
      ? [{ name: texts.space.operation, value: `${operation.kind}, ${texts.operations[operation.state]}` }]
      : []),
    ...(space.workload === '' ? [] : [{ name: texts.space.workload, value: space.workload }]),
    ...(space.instance === '' ? [] : [{ name: texts.space.instance, value: <Code>{space.instance}</Code> }]),
    ...(space.exitCode === null ? [] : [{ name: texts.space.exitCode, value: space.exitCode }]),
    {
      name: texts.space.generation,
      value: texts.space.generationSeen(space.observedGeneration, space.generation),
    },
    { name: texts.terminal.shell, value: <ShellSelect space={space} /> },
    ...(space.scripts.length === 0
      ? []
      : [{ name: texts.terminal.scripts, value: space.scripts.map(texts.terminal.script).join(', ') }]),
    ...(space.activeAt === 0 ? [] : [{ name: texts.terminal.active, value: <Moment at={space.activeAt} /> }]),
    { name: texts.space.created, value: <Moment at={space.createdAt} /> },
    { name: texts.space.id, value: <Code>{space.id}</Code> },
  ];
  return (
    <Panel title={texts.space.factsTitle}>
      <Facts facts={facts} />
    </Panel>
  );
}
