import { variableNameProblem } from '@knot/domain';
import { Button, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ProblemView } from '../../components/problem-view.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import { TemplateChoice } from './template-choice.js';
import type { VariableDraft } from './variable-draft.js';
import classes from '../../components/form.module.css';
import { leadToFault } from '../../components/lead-to-fault.js';

interface VariableFormProps {
  readonly initial: VariableDraft;
  readonly isNew: boolean;
  readonly deed: string;
  readonly save: (draft: VariableDraft) => Promise<void>;
}

export function VariableForm({ initial, isNew, deed, save }: VariableFormProps) {
  const form = useForm<VariableDraft>({
    initialValues: initial,
    validateInputOnBlur: ['name'],
    validate: { name: variableNameProblem },
  });
  const { data: locations = [] } = useQuery(locationsQuery());
  const saving = useMutation({ mutationFn: save });
  const { isProtected } = form.values;
  const keeps = !isNew && initial.isProtected;
  const help = !keeps
    ? texts.variables.valueHelp
    : isProtected
      ? texts.variables.valueKept
      : texts.variables.unprotectHelp;
  return (
    <form className={classes.form} onSubmit={form.onSubmit((draft) => saving.mutate(draft), leadToFault)}>
      <Stack>
        {isNew && (
          <>
            <TextInput
              label={texts.variables.name}
              description={texts.variables.nameHelp}
              required
              autoFocus
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps('name')}
            />
            <NativeSelect
              label={texts.variables.location}
              description={texts.variables.locationHelp}
              data={[{ value: '', label: texts.variables.everywhere }, ...locations.map(({ name }) => name)]}
              {...form.getInputProps('location')}
            />
          </>
        )}
        <Textarea
          label={texts.variables.value}
          description={help}
          rows={4}
          spellCheck={false}
          autoComplete="off"
          {...form.getInputProps('value')}
        />
        <Checkbox
          label={texts.variables.protected}
          description={texts.variables.protectedHelp}
          {...form.getInputProps('isProtected', { type: 'checkbox' })}
        />
        {isProtected && (
          <TemplateChoice
            chosen={form.values.templates}
            onChange={(templates) => form.setFieldValue('templates', templates)}
          />
        )}
        <Checkbox label={texts.variables.restricted} {...form.getInputProps('restricted', { type: 'checkbox' })} />
        {saving.error && <ProblemView error={saving.error} />}
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {deed}
          </Button>
          <Button component={Link} to="/variables" variant="default">
            {texts.common.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
