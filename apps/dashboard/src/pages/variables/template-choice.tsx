import { useQuery } from '@tanstack/react-query';
import { ChoiceField } from '../../components/choice-field.js';
import { QueryView } from '../../components/query-view.js';
import { templatesQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';

interface TemplateChoiceProps {
  /** Ids. */
  readonly chosen: readonly string[];
  readonly onChange: (ids: string[]) => void;
}

/** Which templates a protected value is for. */
export function TemplateChoice({ chosen, onChange }: TemplateChoiceProps) {
  const query = useQuery(templatesQuery());
  return (
    <QueryView query={query}>
      {(templates) => (
        <ChoiceField
          label={texts.variables.templates}
          description={texts.variables.templatesHelp}
          choices={templates.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={chosen}
          onChange={onChange}
          none={texts.templates.empty}
        />
      )}
    </QueryView>
  );
}
