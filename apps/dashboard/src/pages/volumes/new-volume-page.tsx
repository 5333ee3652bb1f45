import { PLATFORMS, volumeNameProblem } from '@knot/domain';
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { IconMapPin } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Location } from '../../api/schemas.js';
import { CodeEditor } from '../../editor/code-editor.js';
import { marksOf } from '../../editor/marks-of.js';
import { EmptyView } from '../../components/empty-view.js';
import { PageHead } from '../../components/page-head.js';
import { ProblemView } from '../../components/problem-view.js';
import { QueryView } from '../../components/query-view.js';
import { createVolume } from '../../deeds/volume-deeds.js';
import { keys } from '../../queries/keys.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/form.module.css';
import { leadToFault } from '../../components/lead-to-fault.js';

const FIRST_DEFINITION = 'volumes:\n  - name: shared\n';

export function NewVolumePage() {
  const query = useQuery(locationsQuery());
  return (
    <>
      <PageHead title={texts.volumes.create} above={{ to: '/volumes', label: texts.volumes.title }} />
      <QueryView query={query}>
        {(locations) =>
          locations.length > 0 ? (
            <VolumeForm locations={locations} />
          ) : (
            <EmptyView icon={<IconMapPin size={28} />} title={texts.locations.empty} hint={texts.locations.emptyHint} />
          )
        }
      </QueryView>
    </>
  );
}

function VolumeForm({ locations }: { locations: readonly Location[] }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [first] = locations;
  const form = useForm({
    initialValues: {
      name: '',
      location: first?.name ?? '',
      platform: first?.platforms[0]?.platform ?? 'nomad',
      definition: FIRST_DEFINITION,
    },
    validateInputOnBlur: ['name'],
    validate: { name: volumeNameProblem },
  });
  const creation = useMutation({
    mutationFn: createVolume,
    onSuccess: async ({ id, name }) => {
      notifications.show({ message: texts.volumes.created(name) });
      void client.invalidateQueries({ queryKey: keys.volumes });
      await navigate(`/volumes/${id}`);
    },
  });
  const { error } = creation;
  const marks = useMemo(() => marksOf(error), [error]);
  return (
    <form className={classes.form} onSubmit={form.onSubmit((values) => creation.mutate(values), leadToFault)}>
      <Stack>
        <TextInput
          label={texts.volumes.name}
          description={texts.volumes.nameHelp}
          required
          autoFocus
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('name')}
        />
        <NativeSelect
          label={texts.volumes.location}
          data={locations.map(({ name }) => name)}
          {...form.getInputProps('location')}
        />
        <NativeSelect
          label={texts.volumes.platform}
          data={PLATFORMS.map((value) => ({ value, label: texts.platforms[value] }))}
          {...form.getInputProps('platform')}
        />
        <CodeEditor
          label={texts.volumes.definition}
          description={texts.volumes.definitionHelp}
          rows={8}
          required
          language="yaml"
          marks={marks}
          value={form.values.definition}
          onChange={(text) => form.setFieldValue('definition', text)}
        />
        {creation.error && <ProblemView error={creation.error} />}
        <Group>
          <Button type="submit" loading={creation.isPending}>
            {texts.volumes.submit}
          </Button>
          <Button component={Link} to="/volumes" variant="default">
            {texts.common.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
