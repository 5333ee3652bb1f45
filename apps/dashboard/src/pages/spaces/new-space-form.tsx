import { spaceNameProblem, type Platform } from '@knot/domain';
import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import type { Location, Template } from '../../api/schemas.js';
import { ProblemView } from '../../components/problem-view.js';
import { problemNotice } from '../../components/problem-notice.js';
import { createSpace, wishSpace } from '../../deeds/space-deeds.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import { shellChoices } from '../space/shell-select.js';
import classes from '../../components/form.module.css';
import { leadToFault } from '../../components/lead-to-fault.js';

interface NewSpaceFormProps {
  readonly templates: readonly Template[];
  /** Chosen before; '' when not. */
  readonly templateId: string;
}

export function NewSpaceForm({ templates, templateId }: NewSpaceFormProps) {
  const navigate = useNavigate();
  const only = templates.length === 1 ? templates[0]?.id : undefined;
  const form = useForm({
    initialValues: {
      name: '',
      templateId: templateId || (only ?? ''),
      location: '',
      description: '',
      shell: '',
      start: true,
    },
    validateInputOnBlur: ['name'],
    validate: { name: spaceNameProblem },
  });
  const template = templates.find(({ id }) => id === form.values.templateId);
  const { data: locations } = useQuery(locationsQuery());
  const creation = useMutation({
    mutationFn: async ({ start, ...wanted }: typeof form.values) => {
      const space = await createSpace(wanted);
      // the space exists: a start that is refused is told on its page
      if (start) await wishSpace(space.id, 'start').catch((error) => notifications.show(problemNotice(error)));
      return space;
    },
    onSuccess: ({ id }) => navigate(`/spaces/${id}`),
  });
  return (
    <form className={classes.form} onSubmit={form.onSubmit((values) => creation.mutate(values), leadToFault)}>
      <Stack>
        <TextInput
          label={texts.newSpace.name}
          description={texts.newSpace.nameHelp}
          autoFocus
          required
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('name')}
        />
        <NativeSelect
          label={texts.newSpace.template}
          description={template?.description}
          required
          data={[
            { value: '', label: texts.newSpace.choose, disabled: true },
            ...templates.map(({ id, name, platform }) => ({
              value: id,
              label: `${name} (${texts.platforms[platform]})`,
            })),
          ]}
          {...form.getInputProps('templateId')}
        />
        <LocationField platform={template?.platform} locations={locations} field={form.getInputProps('location')} />
        <TextInput
          label={texts.newSpace.description}
          placeholder={texts.common.optional}
          maxLength={1024}
          {...form.getInputProps('description')}
        />
        <NativeSelect
          label={texts.terminal.shell}
          description={texts.terminal.shellHelp}
          data={shellChoices()}
          {...form.getInputProps('shell')}
        />
        <Checkbox label={texts.newSpace.start} {...form.getInputProps('start', { type: 'checkbox' })} />
        {creation.error && <ProblemView error={creation.error} />}
        <Group>
          <Button type="submit" loading={creation.isPending}>
            {form.values.start ? texts.newSpace.submitAndStart : texts.newSpace.submit}
          </Button>
          <Button component={Link} to="/spaces" variant="default">
            {texts.common.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface LocationFieldProps {
  /** Undefined until a template is chosen. The field is there all the same: the form does not move under a pointer. */
  readonly platform: Platform | undefined;
  /** Undefined until they are known: nothing is said of what there is. */
  readonly locations: readonly Location[] | undefined;
  readonly field: object;
}

function LocationField({ platform, locations, field }: LocationFieldProps) {
  const fitting = (locations ?? []).filter(({ platforms }) => platforms.some((state) => state.platform === platform));
  return (
    <NativeSelect
      label={texts.newSpace.location}
      description={helpOf(platform, locations !== undefined && fitting.length === 0)}
      disabled={platform === undefined}
      data={[
        { value: '', label: texts.newSpace.anyLocation },
        ...fitting.map((location) => ({
          value: location.name,
          label: location.live ? location.name : `${location.name} (${texts.newSpace.silent})`,
        })),
      ]}
      {...field}
    />
  );
}

function helpOf(platform: Platform | undefined, nowhere: boolean): string {
  if (platform === undefined) return texts.newSpace.locationFirst;
  const name = texts.platforms[platform];
  return nowhere ? texts.newSpace.noLocation(name) : texts.newSpace.locationHelp(name);
}
