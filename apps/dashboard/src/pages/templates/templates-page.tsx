import { Anchor, Button, Text, VisuallyHidden } from '@mantine/core';
import { IconPlus, IconTemplate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useMe } from '../../app/use-me.js';
import type { Template } from '../../api/schemas.js';
import { EmptyView } from '../../components/empty-view.js';
import { Moment } from '../../components/moment.js';
import { PageHead } from '../../components/page-head.js';
import { QueryView } from '../../components/query-view.js';
import { templatesQuery } from '../../queries/template-queries.js';
import { texts } from '../../texts/texts.js';
import classes from '../../components/table.module.css';

export function TemplatesPage() {
  const query = useQuery(templatesQuery());
  const { may } = useMe();
  const mayMake = may('template.create');
  const make = (
    <Button component={Link} to="/templates/new" leftSection={<IconPlus size={18} aria-hidden />}>
      {texts.templates.create}
    </Button>
  );
  return (
    <>
      <PageHead title={texts.templates.title}>{mayMake && make}</PageHead>
      <QueryView query={query}>
        {(templates) =>
          templates.length > 0 ? (
            <TemplateTable templates={templates} />
          ) : (
            <EmptyView
              icon={<IconTemplate size={28} />}
              title={texts.templates.empty}
              hint={mayMake ? texts.templates.emptyHint : texts.templates.emptyUser}
            >
              {mayMake && make}
            </EmptyView>
          )
        }
      </QueryView>
    </>
  );
}

function TemplateTable({ templates }: { templates: readonly Template[] }) {
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{texts.templates.name}</th>
            <th scope="col">{texts.templates.platform}</th>
            <th scope="col">{texts.templates.version}</th>
            <th scope="col">{texts.templates.spaces}</th>
            <th scope="col">{texts.templates.updated}</th>
            <th scope="col">
              <VisuallyHidden>{texts.common.actions}</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {templates.map((template) => (
            <TemplateRow key={template.id} template={template} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TemplateRow({ template }: { template: Template }) {
  return (
    <tr data-template={template.name}>
      <th scope="row">
        <Anchor component={Link} to={`/templates/${template.id}`} className={classes.main}>
          {template.name}
        </Anchor>
        {template.description !== '' && (
          <Text c="dimmed" lineClamp={2}>
            {template.description}
          </Text>
        )}
      </th>
      <td data-label={texts.templates.platform}>{texts.platforms[template.platform]}</td>
      <td data-label={texts.templates.version} className={classes.number}>
        {template.present}
      </td>
      <td data-label={texts.templates.spaces} className={classes.number}>
        {template.spaces}
      </td>
      <td data-label={texts.templates.updated}>
        <Moment at={template.updatedAt} />
      </td>
      <td className={classes.deeds}>
        <Button component={Link} to={`/spaces/new?template=${template.id}`} variant="default" size="compact-sm">
          {texts.templates.newSpace}
        </Button>
      </td>
    </tr>
  );
}
