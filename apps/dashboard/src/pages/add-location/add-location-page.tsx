import { locationNameProblem } from '@knot/domain';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { PageHead } from '../../components/page-head.js';
import { ProblemView } from '../../components/problem-view.js';
import { makeLocationToken } from '../../deeds/location-deeds.js';
import { locationsQuery } from '../../queries/location-queries.js';
import { texts } from '../../texts/texts.js';
import { JoiningView } from './joining-view.js';
import classes from '../../components/form.module.css';
import { leadToFault } from '../../components/lead-to-fault.js';

/** From a name to a location that is live. */
export function AddLocationPage() {
  // the clear token is in this mutation alone, and goes with the page
  const making = useMutation({ mutationFn: makeLocationToken, gcTime: 0 });
  return (
    <>
      <PageHead
        title={texts.enrol.title}
        above={{ to: '/locations', label: texts.locations.title }}
        below={
          <Text c="dimmed" maw={720}>
            {texts.enrol.what}
          </Text>
        }
      />
      {making.data ? (
        <JoiningView location={making.data.location} token={making.data.token} onAnother={making.reset} />
      ) : (
        <NameForm busy={making.isPending} error={making.error} onName={making.mutate} />
      )}
    </>
  );
}

interface NameFormProps {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onName: (name: string) => void;
}

function NameForm({ busy, error, onName }: NameFormProps) {
  const form = useForm({
    initialValues: { name: '' },
    validateInputOnBlur: true,
    validate: { name: locationNameProblem },
  });
  const { data: locations = [] } = useQuery(locationsQuery());
  const name = form.values.name.trim();
  const exists = locations.some((location) => location.name === name);
  return (
    <form className={classes.form} onSubmit={form.onSubmit((values) => onName(values.name.trim()), leadToFault)}>
      <Stack>
        <TextInput
          label={texts.enrol.name}
          description={texts.enrol.nameHelp}
          required
          autoFocus
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('name')}
        />
        {exists && <Text role="status">{texts.enrol.exists(name)}</Text>}
        {error !== null && <ProblemView error={error} />}
        <Group>
          <Button type="submit" loading={busy}>
            {texts.enrol.submit}
          </Button>
          <Button component={Link} to="/locations" variant="default">
            {texts.common.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
