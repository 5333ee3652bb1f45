import { Button, NativeSelect, Text } from '@mantine/core';
import { IconChecks, IconTemplate } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { hasCode } from '../../api/problem.js';
import type { RolledOut, TemplateDetail } from '../../api/schemas.js';
import { useMe } from '../../app/use-me.js';
import { EmptyView } from '../../components/empty-view.js';
import { GonePage } from '../../components/gone-page.js';
import { ListView } from '../../components/list-view.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import type { RollOutAim } from '../../deeds/template-deeds.js';
import { keys } from '../../queries/keys.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { spacesBehindQuery, templateQuery } from '../../queries/template-queries.js';
import { useListUrl } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';
import { BehindTable } from './behind-table.js';
import { RollOutModal } from './roll-out-modal.js';
import { RolledOutNote } from './rolled-out-note.js';
import filters from '../../components/filters.module.css';

export function RollOutPage() {
  const { id = '' } = useParams();
  const query = useQuery(templateQuery(id));
  if (hasCode(query.error, 'resource.not_found')) {
    const way = { to: '/templates', label: texts.templates.title };
    return <GonePage icon={<IconTemplate size={28} />} title={texts.template.gone} way={way} />;
  }
  return <QueryView query={query}>{(template) => <RollOutOf key={id} template={template} />}</QueryView>;
}

/** Which spaces are behind, and the way to bring all, some or those of one location to the present version. */
function RollOutOf({ template }: { template: TemplateDetail }) {
  const { id, name, present } = template;
  const { may } = useMe();
  const client = useQueryClient();
  const url = useListUrl(['location']);
  const query = useQuery({ ...spacesBehindQuery(id, url), placeholderData: keepPreviousData });
  const locations = useQuery(locationsQuery());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<RollOutAim | null>(null);
  const [result, setResult] = useState<RolledOut | null>(null);
  const location = url.filters['location'] ?? '';
  const marked = (query.data?.items ?? []).filter((space) => chosen.has(space.id) && space.running);
  const mayUpdate = may('template.roll-out');
  const done = (rolled: RolledOut) => {
    setResult(rolled);
    setChosen(new Set());
    setAsking(null);
    void client.invalidateQueries({ queryKey: keys.templateBehind(id) });
  };
  return (
    <>
      <PageHead
        title={texts.rollOut.title(name)}
        above={{ to: `/templates/${id}`, label: name }}
        below={<Text c="dimmed">{texts.rollOut.what(present)}</Text>}
      >
        {mayUpdate && marked.length > 0 && (
          <Button onClick={() => setAsking({ to: 'spaces', spaces: marked })}>
            {texts.rollOut.toChosen(marked.length)} …
          </Button>
        )}
        {mayUpdate && (query.data?.items ?? []).some(({ running }) => running) && (
          <Button
            variant="default"
            onClick={() => setAsking(location === '' ? { to: 'all' } : { to: 'location', location })}
          >
            {location === '' ? texts.rollOut.toAll : texts.rollOut.toLocation(location)} …
          </Button>
        )}
      </PageHead>
      {result && <RolledOutNote result={result} />}
      <search className={filters.filters} aria-label={texts.common.filters}>
        <NativeSelect
          aria-label={texts.rollOut.location}
          value={location}
          onChange={(event) => url.setFilter('location', event.currentTarget.value)}
          data={[{ value: '', label: texts.rollOut.anyLocation }, ...(locations.data ?? []).map((one) => one.name)]}
        />
      </search>
      <ListView
        query={query}
        url={url}
        empty={<EmptyView icon={<IconChecks size={28} />} title={texts.rollOut.empty} hint={texts.rollOut.emptyHint} />}
      >
        {(spaces) => <BehindTable spaces={spaces} chosen={chosen} onChoose={mayUpdate ? setChosen : null} />}
      </ListView>
      {asking && <RollOutModal template={template} aim={asking} onDone={done} onClose={() => setAsking(null)} />}
    </>
  );
}
