import { NativeSelect, TextInput } from '@mantine/core';
import { PHASES } from '@knot/domain';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { useMe } from '../../app/use-me.js';
import { usersQuery } from '../../queries/identity-queries.js';
import { locationsQuery } from '../../queries/location-queries.js';
import type { SpaceFilters } from '../../queries/space-filters.js';
import { templatesQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';
import classes from './spaces-filters.module.css';

/** ms after the last key until the list follows the text. */
const TYPING = 250;

interface SpacesFiltersProps {
  readonly filters: SpaceFilters;
  readonly onChange: (filters: SpaceFilters) => void;
}

export function SpacesFilters({ filters, onChange }: SpacesFiltersProps) {
  const { me, may } = useMe();
  const locations = useQuery(locationsQuery());
  const templates = useQuery(templatesQuery());
  const users = useQuery({ ...usersQuery(), enabled: may('user.list') });
  const phases = PHASES.map((phase) => ({ value: phase, label: texts.phases[phase] }));
  const choose = (name: keyof SpaceFilters) => (event: { currentTarget: { value: string } }) =>
    onChange({ ...filters, [name]: event.currentTarget.value });
  return (
    <search className={classes.filters} aria-label={texts.spaces.filters}>
      <SearchField value={filters.q} onChange={(q) => onChange({ ...filters, q })} />
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

function SearchField({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  if (value !== shown) {
    // changed from outside: by the address or by clearing
    setShown(value);
    setTyped(value);
  }
  const tell = useEffectEvent(() => {
    if (typed !== value) onChange(typed);
  });
  useEffect(() => {
    const timer = setTimeout(tell, TYPING);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <TextInput
      type="search"
      className={classes.search}
      aria-label={texts.spaces.search}
      placeholder={texts.spaces.search}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
