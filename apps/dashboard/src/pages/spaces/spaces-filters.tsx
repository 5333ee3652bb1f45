import { NativeSelect } from '@mantine/core';
import { PHASES } from '@knot/domain';
import { useQuery } from '@tanstack/react-query';
import { useMe } from '../../app/use-me.js';
import { SearchField } from '../../components/search-field.js';
import { userNamesQuery } from '../../queries/user-queries.js';
import { locationsQuery } from '../../queries/location-queries.js';
import type { SpaceFilters } from '../../queries/space-filters.js';
import { templatesQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/filters.module.css';

interface SpacesFiltersProps {
  readonly filters: SpaceFilters;
  readonly onChange: (change: Partial<SpaceFilters>) => void;
}

export function SpacesFilters({ filters, onChange }: SpacesFiltersProps) {
  const { me, may } = useMe();
  const locations = useQuery(locationsQuery());
  const templates = useQuery(templatesQuery());
  const users = useQuery({ ...userNamesQuery(), enabled: may('user.list') });
  const phases = PHASES.map((phase) => ({ value: phase, label: texts.phases[phase] }));
  const choose = (name: keyof SpaceFilters) => (event: { currentTarget: { value: string } }) =>
    onChange({ [name]: event.currentTarget.value });
  return (
    <search className={classes.filters} aria-label={texts.common.filters}>
      <SearchField label={texts.spaces.search} value={filters.q} onChange={(q) => onChange({ q })} />
      {may('space.of-others') && (
        <NativeSelect
          aria-label={texts.spaces.owner}
          value={filters.owner}
          onChange={choose('owner')}
          data={[
            { value: '', label: texts.spaces.everybody },
            { value: 'me', label: texts.spaces.mine },
            ...(users.data ?? []).filter(({ id }) => id !== me.id).map((u) => ({ value: u.id, label: u.username })),
          ]}
        />
      )}
      <NativeSelect
        aria-label={texts.spaces.phase}
        value={filters.phase}
        onChange={choose('phase')}
        data={[{ value: '', label: texts.spaces.anyPhase }, ...phases]}
      />
      <NativeSelect
        aria-label={texts.spaces.location}
        value={filters.location}
        onChange={choose('location')}
        data={[{ value: '', label: texts.spaces.anyLocation }, ...(locations.data ?? []).map(({ name }) => name)]}
      />
      <NativeSelect
        aria-label={texts.spaces.template}
        value={filters.template}
        onChange={choose('template')}
        data={[
          { value: '', label: texts.spaces.anyTemplate },
          ...(templates.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </search>
  );
}
