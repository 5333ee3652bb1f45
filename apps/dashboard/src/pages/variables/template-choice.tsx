import { Checkbox, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
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
    <Checkbox.Group
      label={texts.variables.templates}
      description={texts.variables.templatesHelp}
      value={[...chosen]}
      onChange={onChange}
    >
      <QueryView query={query}>
        {(templates) => (
          <Stack gap={6} mt={6}>
            {templates.map(({ id, name }) => (
              <Checkbox key={id} value={id} label={name} size="xs" />
            ))}
            {chosen.length === 0 && <Text c="dimmed">{texts.variables.noTemplates}</Text>}
          </Stack>
        )}
      </QueryView>
    </Checkbox.Group>
  );
}
