import { groupNameProblem } from '@knot/domain';
import { Button, Group as Row, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { GroupCreate, Limits } from '../../api/schemas.js';
import { ProblemView } from '../../components/problem-view.js';
import { LimitsFields } from '../../quota/limits-fields.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/form.module.css';
import { leadToFault } from '../../components/lead-to-fault.js';

interface GroupFormProps {
  readonly initial: { readonly name: string; readonly description: string; readonly limits: Limits };
  readonly deed: string;
  readonly save: (group: GroupCreate) => Promise<void>;
}

export function GroupForm({ initial, deed, save }: GroupFormProps) {
  const form = useForm({
    initialValues: initial,
    validateInputOnBlur: ['name'],
    validate: { name: groupNameProblem },
  });
  const saving = useMutation({ mutationFn: save });
  return (
    <form
      className={classes.form}
      onSubmit={form.onSubmit(({ limits, ...group }) => saving.mutate({ ...group, ...limits }), leadToFault)}
    >
      <Stack>
        <TextInput
          label={texts.groups.name}
          required
          autoFocus
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('name')}
        />
        <TextInput label={texts.groups.description} maxLength={1024} {...form.getInputProps('description')} />
        <LimitsFields limits={form.values.limits} onChange={(limits) => form.setFieldValue('limits', limits)} />
        {saving.error && <ProblemView error={saving.error} />}
        <Row>
          <Button type="submit" loading={saving.isPending}>
            {deed}
          </Button>
          <Button component={Link} to="/groups" variant="default">
            {texts.common.cancel}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}
