import { IconMapOff } from '@tabler/icons-react';
import { GonePage } from '../components/gone-page.js';
import { texts } from '../texts/texts.js';

export function NotFoundPage() {
  const way = { to: '/spaces', label: texts.errors.toSpaces };
  return (
    <GonePage
      icon={<IconMapOff size={28} />}
      title={texts.errors.notFoundTitle}
      hint={texts.errors.notFound}
      way={way}
    />
  );
}
