import { Badge, NativeSelect, Text } from '@mantine/core';
import { IconTemplate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { TemplateDetail, TemplateVersion } from '../../api/schemas.js';
import { GonePage } from '../../components/gone-page.js';
import { ListTable } from '../../components/list-table.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { templateQuery, templateVersionsQuery } from '../../queries/template-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';
import { SavedWarnings } from '../template/saved-warnings.js';
import { DiffPanel } from './diff-panel.js';
import { VersionDeeds } from './version-deeds.js';
import filters from '../../components/filters.module.css';

export function VersionsPage() {
  const { id = '' } = useParams();
  const query = useQuery(templateQuery(id));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/templates', label: texts.templates.title };
    return <GonePage icon={<IconTemplate size={28} />} title={texts.template.gone} way={way} />;
  }
  return <QueryView query={query}>{(template) => <VersionsOf key={id} template={template} />}</QueryView>;
}

function VersionsOf({ template }: { template: TemplateDetail }) {
  const { id, name, present } = template;
  const query = useQuery(templateVersionsQuery(id));
  return (
    <>
      <PageHead title={texts.versions.title(name)} above={{ to: `/templates/${id}`, label: name }} />
      <SavedWarnings id={id} />
      <QueryView query={query}>
        {({ items }) => (
          <>
            {items.length > 1 ? (
              <Comparison id={id} present={present} versions={items} />
            ) : (
              <Text c="dimmed">{texts.versions.onlyOne}</Text>
            )}
            <VersionTable template={template} versions={items} />
          </>
        )}
      </QueryView>
    </>
  );
}

interface ComparisonProps {
  readonly id: string;
  readonly present: number;
  readonly versions: readonly TemplateVersion[];
}

/** Which two are compared stands in the address; at first the present one with the one before. */
function Comparison({ id, present, versions }: ComparisonProps) {
  const url = useListUrl(['from', 'to']);
  const numbers = versions.map(({ number }) => number);
  const chosen = (name: string, otherwise: number) =>
    numbers.find((number) => String(number) === url.filters[name]) ?? otherwise;
  const from = chosen('from', numbers[1] ?? present);
  const to = chosen('to', present);
  const data = versions.map(({ number, author }) => ({
    value: String(number),
    label: texts.versions.option(number, author),
  }));
  const choice = (name: string, label: string, value: number) => (
    <NativeSelect
      label={label}
      data={data}
      value={String(value)}
      onChange={(event) => url.setFilter(name, event.currentTarget.value)}
    />
  );
  return (
    <>
      <div className={filters.filters}>
        {choice('from', texts.versions.from, from)}
        {choice('to', texts.versions.to, to)}
      </div>
      <DiffPanel id={id} from={from} to={to} />
    </>
  );
}

function VersionTable({ template, versions }: { template: TemplateDetail; versions: readonly TemplateVersion[] }) {
  return (
    <ListTable
      rows={versions}
      keyOf={({ number }) => String(number)}
      nameOf={({ number }) => String(number)}
      columns={[
        {
          label: texts.templates.version,
          cell: ({ number }) => (
            <>
              {number}
              {number === template.present && (
                <Badge ml={8} size="sm" variant="light" tt="none">
                  {texts.template.present}
                </Badge>
              )}
            </>
          ),
        },
        { label: texts.templates.updated, isNumber: true, cell: ({ createdAt }) => <Moment at={createdAt} /> },
        {
          label: texts.audit.actor,
          cell: ({ author, approvedBy }) => (
            <>
              {author}
              {approvedBy !== '' && <Text c="dimmed">{texts.versions.approvedBy(approvedBy)}</Text>}
            </>
          ),
        },
        { label: texts.editor.note, cell: ({ note }) => note },
      ]}
      deeds={(version) => <VersionDeeds template={template} version={version} />}
    />
  );
}
