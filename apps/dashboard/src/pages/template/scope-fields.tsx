import { Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ChoiceField } from '../../components/choice-field.js';
import { CountField } from '../../components/count-field.js';
import { groupNamesQuery } from '../../queries/people-queries.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/form.module.css';

/** For whom and where a template is, and what its spaces count. */
export interface TemplateScope {
  /** Ids. */
  readonly groups: readonly string[];
  readonly locations: readonly string[];
  readonly computeUnits: number;
  readonly storageUnits: number;
}

interface ScopeFieldsProps {
  readonly scope: TemplateScope;
  readonly onChange: (change: Partial<TemplateScope>) => void;
}

const MOST_UNITS = 1_000_000;

export function ScopeFields({ scope, onChange }: ScopeFieldsProps) {
  const groups = useQuery(groupNamesQuery());
  const locations = useQuery(locationsQuery());
  return (
    <Stack gap="sm">
      <Title order={2} size="h6">
        {texts.scope.title}
      </Title>
      <div className={classes.row}>
        <ChoiceField
          label={texts.scope.groups}
          description={texts.scope.groupsHelp}
          choices={(groups.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          chosen={scope.groups}
          onChange={(ids) => onChange({ groups: ids })}
          none={texts.scope.noGroups}
        />
        <ChoiceField
          label={texts.scope.locations}
          description={texts.scope.locationsHelp}
          choices={(locations.data ?? []).map(({ name }) => ({ value: name, label: name }))}
          chosen={scope.locations}
          onChange={(names) => onChange({ locations: names })}
          none={texts.scope.noLocations}
        />
      </div>
      <div className={classes.row}>
        <CountField
          label={texts.scope.compute}
          description={texts.scope.computeHelp}
          most={MOST_UNITS}
          value={scope.computeUnits}
          onChange={(computeUnits) => onChange({ computeUnits })}
        />
        <CountField
          label={texts.scope.storage}
          description={texts.scope.storageHelp}
          most={MOST_UNITS}
          value={scope.storageUnits}
          onChange={(storageUnits) => onChange({ storageUnits })}
        />
      </div>
    </Stack>
  );
}
