import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { queryOf, type ListAsked } from '../../queries/use-list-url.js';
import { texts } from '../../texts/texts.js';

const FORMATS = ['csv', 'ndjson'] as const;

/** All entries that fit the filters as a file, not only those of the page. */
export function ExportMenu({ asked: { filters } }: { asked: ListAsked }) {
  const addressOf = (format: string) =>
    `/api/v1/audit/export?${new URLSearchParams({ ...queryOf({ filters, cursor: '' }), format }).toString()}`;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          {texts.audit.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map((format) => (
          <Menu.Item key={format} component="a" href={addressOf(format)} download>
            {texts.audit.exportAs[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
